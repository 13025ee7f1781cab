"""Shocks: what can be acted on, on whom, how and when; and whether that makes sense.

A shock is a timed, targeted change of a parameter, or an event that is forced to happen. This
module knows what one shock may say; `scenario` reads the files, `schedule` carries shocks out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    model_validator,
)

from sim.errors import counted, meant_or_known, nearest
from sim.world.kinds import ROLES
from sim.world.parameters import Catalogue

DIAGNOSES = ("psychosis", "schizophrenia", "bipolar", "personality_disorder")
"""Diagnoses of a caseload; the position is the code in the state."""

CLOSURE = "event.closure"
EVENTS: Mapping[str, str] = {
    "event.episode": "starts an acute episode",
    CLOSURE: "ends ties of kind group and place; value is the share of those ties struck",
    "event.link": "adds a group tie and an activity tie",
}
"""What `how = "force"` can make happen, and what that does."""

MOST_WEEKS = 1040
"""That a world runs, twenty years."""

STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)

Fail = Callable[[str, str], NoReturn]
"""Says what is wrong with one key of one shock, and does not return."""


def as_tuple(value: object) -> object:
    """A list as a tuple and a lone value as a tuple of one, so that `site = 2` will do."""
    if isinstance(value, list):
        return tuple(value)
    return value if isinstance(value, (tuple, dict)) else (value,)


def one_of(words: Sequence[str], what: str) -> AfterValidator:
    """Validator of a tuple of words that must all be known."""

    def checked(given: tuple[str, ...]) -> tuple[str, ...]:
        for word in given:
            if word not in words:
                hint = meant_or_known(word, words)
                raise ValueError(f'there is no {what} "{word}"{hint}')
        return given

    return AfterValidator(checked)


def _not_empty(given: tuple[Any, ...]) -> tuple[Any, ...]:
    if not given:
        raise ValueError("is empty, so the shock would reach nobody; name some or leave it out")
    return given


Numbers = Annotated[
    tuple[Annotated[int, Field(ge=1)], ...], BeforeValidator(as_tuple), AfterValidator(_not_empty)
]
Words = Annotated[tuple[str, ...], BeforeValidator(as_tuple), AfterValidator(_not_empty)]


class Who(BaseModel):
    """Whom a shock reaches: all of those who meet every condition given.

    Evaluated once, when the shock starts, and frozen. Sites and teams are numbered from 1, teams
    within their site. `share` keeps that share of those who meet the other conditions.
    """

    model_config = STRICT

    site: Numbers | None = None
    team: Numbers | None = None
    role: Annotated[Words, one_of(ROLES, "role")] | None = None
    diagnosis: Annotated[Words, one_of(DIAGNOSES, "diagnosis")] | None = None
    has_partner: bool | None = None
    arm: Words | None = None
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    constrictor: bool | None = None

    @property
    def selects_egos(self) -> list[str]:
        """Conditions in use that only an ego can meet."""
        names = ("diagnosis", "has_partner", "constrictor", "share")
        return [name for name in names if getattr(self, name) is not None]


class Shock(BaseModel):
    """One shock, as written in a `[[shock]]` table.

    Attributes
    ----------
    acts_on
        Path of a parameter, or one of `EVENTS`.
    how
        set, multiply or add for a parameter; force for an event.
    value
        In the parameter's unit for set and add, a factor for multiply; 1 for an event, but the
        share of ties struck for `event.closure`.
    from_week, from_study_week
        First week of the shock, one of the two: calendar weeks after run-in (0 is the first study
        week), or weeks since each ego's own baseline interview.
    weeks
        How many weeks it lasts; None is to the end of the run.
    who
        Whom it reaches; everybody by default.
    uptake
        Share who take up what the shock offers, of those it reaches. The others are as if they had
        not been reached.
    adherence
        Share who still attend after a year, of those who took it up: each stops at a constant
        hazard, once for all. Who stops a link leaves the group and the activity.
    decay
        Half-life in weeks of what is left of the effect on a parameter when a person stops or the
        shock ends; without it nothing is left.
    """

    model_config = STRICT

    acts_on: str
    how: Literal["set", "multiply", "add", "force"]
    value: FiniteFloat = 1.0
    from_week: Annotated[int, Field(ge=0, le=MOST_WEEKS)] | None = None
    from_study_week: Annotated[int, Field(ge=0, le=MOST_WEEKS)] | None = None
    weeks: Annotated[int, Field(ge=1, le=10 * MOST_WEEKS)] | None = None
    who: Who = Who()
    uptake: Annotated[float, Field(ge=0, le=1)] = 1.0
    adherence: Annotated[float, Field(gt=0, le=1)] = 1.0
    decay: Annotated[float, Field(gt=0, le=MOST_WEEKS)] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Shock:
        starts = (self.from_week is not None) + (self.from_study_week is not None)
        if starts == 0:
            raise ValueError("does not say when it starts; give from_week or from_study_week")
        if starts == 2:
            raise ValueError("has both from_week and from_study_week; give one of them")
        if self.how != "force" and "value" not in self.model_fields_set:
            raise ValueError(f'has no value; how = "{self.how}" needs one')
        if self.how == "force" and self.weeks is not None:
            raise ValueError("forces an event, which happens once; leave weeks out")
        if self.decay is not None and self.weeks is None and self.adherence == 1:
            raise ValueError("has decay but no end to decay from; give weeks or adherence too")
        return self

    @property
    def starts(self) -> int:
        """First week, on the calendar or since baseline, whichever the shock counts by."""
        week = self.from_week if self.from_week is not None else self.from_study_week
        assert week is not None  # noqa: S101  # _is_whole has seen to it
        return week

    @property
    def is_offer(self) -> bool:
        """Whether people may decline or stop."""
        return self.uptake < 1 or self.adherence < 1

    def applied(self, value: float, part: float = 1.0) -> float:
        """What the shock, or the stated part of its effect, makes of a parameter's value."""
        if self.how == "set":
            after = self.value
        else:
            after = value * self.value if self.how == "multiply" else value + self.value
        return after if part == 1 else value + part * (after - value)

    def covers(self, week: int) -> bool:
        """Whether a shock on the calendar is in force in that week."""
        first = self.from_week
        if first is None or week < first:
            return False
        return self.weeks is None or week < first + self.weeks


def check_target(shock: Shock, catalogue: Catalogue, fail: Fail) -> None:
    """Check that what the shock acts on exists and suits its `how` and `who`.

    `fail(key, what)` raises the `InputError`; it knows where the shock stands.
    """
    if shock.acts_on in EVENTS:
        _check_event(shock, fail)
        return
    if shock.acts_on not in catalogue:
        hint = nearest(shock.acts_on, [*catalogue, *EVENTS])
        hint = hint or "; egocohort show --shocks lists what can be acted on"
        fail("acts_on", f'nothing is called "{shock.acts_on}"{hint}')
    if shock.how == "force":
        fail("how", f'{shock.acts_on} is a parameter, which cannot be forced; use "set"')
    if catalogue[shock.acts_on].level == "post":
        _check_post_level(shock, fail)
    else:
        _check_ego_level(shock, fail)


def _check_event(shock: Shock, fail: Fail) -> None:
    if shock.how != "force":
        fail("how", f'{shock.acts_on} is an event, which cannot be {_done(shock.how)}; use "force"')
    if shock.who.role is not None:
        fail("who.role", f"{shock.acts_on} happens to egos, who have no role; leave role out")
    if shock.acts_on == CLOSURE and not 0 < shock.value <= 1:
        fail("value", f"{shock.value:g} is out of range: must be more than 0 and at most 1 (share)")
    if shock.acts_on != CLOSURE and shock.value != 1:
        fail("value", f"{shock.acts_on} happens or does not; leave value out")
    if shock.decay is not None:
        fail("decay", f"{shock.acts_on} is an event, which leaves no effect to decay; leave it out")
    if shock.acts_on != "event.link":
        _check_no_offer(shock, f"{shock.acts_on} happens to people, who are not asked", fail)


def _check_no_offer(shock: Shock, why: str, fail: Fail) -> None:
    """Fail if the shock says who takes up or keeps to what nobody is offered."""
    for key in ("uptake", "adherence"):
        if key in shock.model_fields_set:
            fail(key, f"{why}; leave {key} out")


def _check_post_level(shock: Shock, fail: Fail) -> None:
    why = f"{shock.acts_on} belongs to staff posts, whom nothing is offered"
    _check_no_offer(shock, why, fail)
    egos = shock.who.selects_egos
    if egos:
        fail(
            f"who.{egos[0]}",
            f"{shock.acts_on} belongs to staff posts, which {egos[0]} cannot select; "
            "use site, team or role",
        )
    if shock.from_study_week is not None:
        fail(
            "from_study_week",
            f"{shock.acts_on} belongs to staff posts, which have no baseline interview; "
            "use from_week",
        )
    of_path = roles_of(shock.acts_on)
    for role in shock.who.role or ():
        if of_path and role not in of_path:
            fail("who.role", f'{shock.acts_on} says nothing of role "{role}"; leave role out')


def _check_ego_level(shock: Shock, fail: Fail) -> None:
    given = shock.who.role
    if given is not None and set(given) != set(roles_of(shock.acts_on)):
        fail(
            "who.role",
            f"{shock.acts_on} belongs to egos, whom {' and '.join(given)} cannot select; "
            "leave role out",
        )


def roles_of(path: str) -> tuple[str, ...]:
    """Roles that a parameter's path names; none for most.

    Care co-ordination is a function of two roles: `service.coordinator.*` is of both.
    """
    parts = path.split(".")
    if "coordinator" in parts:
        return ("cpn", "care_coordinator")
    return tuple(role for role in ROLES if role in parts)


def check_results(shocks: Sequence[Shock], values: Mapping[str, float], check: Callable) -> None:
    """Check that the shocks leave every parameter in its range.

    Shocks that certainly meet in the same person are taken together: those on everybody, and
    those with the same `who`. Others that meet are caught when they do, by the schedule.

    Parameters
    ----------
    shocks
        All shocks, in order.
    values
        What each parameter is before any of them, by path.
    check
        Called as `check(index, path, value)` with the result at the start of shock `index`.
    """
    for index, shock in enumerate(shocks):
        if shock.how == "force":
            continue
        value = values[shock.acts_on]
        for other in shocks:
            if other is shock or (
                other.acts_on == shock.acts_on
                and other.who in (shock.who, Who())
                and other.covers(shock.starts if shock.from_week is not None else -1)
            ):
                value = other.applied(value)
        check(index, shock.acts_on, value)


def check_places(shock: Shock, teams_per_site: Sequence[int], fail: Fail) -> None:
    """Check that the sites and teams a shock names exist in the world."""
    sites = shock.who.site or range(1, len(teams_per_site) + 1)
    for site in sites:
        if site > len(teams_per_site):
            fail(
                "who.site",
                f"there is no site {site}; the world has {counted(len(teams_per_site), 'site')}",
            )
    most = max(teams_per_site[site - 1] for site in sites)
    for team in shock.who.team or ():
        if team > most:
            fail(
                "who.team",
                f"there is no team {team}; these sites have {counted(most, 'team')} at the most",
            )


def _done(how: str) -> str:
    return {"set": "set", "multiply": "multiplied", "add": "added to"}[how]
