"""The tables of a study file, one class each: what may be said, in which units and bounds."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    FiniteFloat,
    model_validator,
)

from sim.errors import counted
from sim.missing_words import names_a_value
from sim.world.shock import MOST_WEEKS, STRICT, as_tuple
from sim.world.size import MOST_SITES, MOST_TEAMS

Mechanism = Literal["MCAR", "MAR", "MNAR-outcome", "MNAR-state"]
MECHANISMS = ("MCAR", "MAR", "MNAR-outcome", "MNAR-state")
"""What missing an interview hangs on: nothing, the last recorded score, the one due, the state."""

Score = Literal["swemwbs", "reqol10", "hccq", "loneliness", "symptoms"]
SCORES = ("swemwbs", "reqol10", "hccq", "loneliness", "symptoms")
"""Outcome scales; the position is the number of the scale in arrays of scores."""
WORSE_BELOW = ("swemwbs", "reqol10", "hccq")
"""Scales on which lower is worse."""

EVERYBODY = "all"
"""Key of a setting that is the same in every arm."""

Share = Annotated[FiniteFloat, Field(ge=1e-6, le=1)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Tuple = BeforeValidator(as_tuple)


def _by_arm(value: object) -> object:
    """One setting for everybody as a table with the key `all`; lists as tuples."""
    table = value if isinstance(value, dict) else {EVERYBODY: value}
    return {arm: tuple(one) if isinstance(one, list) else one for arm, one in table.items()}


ByArm = BeforeValidator(_by_arm)


def _zero_or_told(cv: float) -> float:
    if 0 < cv < 0.01:
        raise ValueError(f"{cv:g} is next to none; give 0, or at least 0.01")
    return cv


Week = Annotated[int, Field(ge=0, le=MOST_WEEKS)]
Variation = Annotated[FiniteFloat, Field(ge=0, le=3), AfterValidator(_zero_or_told)]
"""A coefficient of variation."""


class Frame(BaseModel):
    """Size of the world the study is held in, where it differs from the scenario's."""

    model_config = STRICT

    teams_per_site: (
        Annotated[
            tuple[Annotated[int, Field(ge=1, le=MOST_TEAMS)], ...],
            Tuple,
            Field(min_length=1, max_length=MOST_SITES),
        ]
        | None
    ) = None
    egos_per_team: Count | None = None
    scale: Annotated[FiniteFloat, Field(gt=0, le=10)] | None = None


def _as_date(value: object) -> object:
    """A date written as text, which is how JSON keeps it."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f'"{value[:20]}" is no date; write it as 2024-01-31') from None


def _of_our_time(date: datetime.date) -> datetime.date:
    if not EARLIEST <= date <= LATEST:
        raise ValueError(f"{date} is out of range: must be from {EARLIEST} to {LATEST}")
    return date


EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)
Date = Annotated[datetime.date, BeforeValidator(_as_date), AfterValidator(_of_our_time)]


Quota = Annotated[tuple[Annotated[int, Field(ge=0)], ...], Tuple]


def _study_by_study(value: object) -> object:
    """Lists as tuples; an `int` among them would be taken for a world of one site."""
    found = as_tuple(value)
    if not isinstance(found, tuple) or not all(isinstance(one, list | tuple) for one in found):
        raise ValueError("is a list for each study with a number for each site, as [[12, 5, 3]]")
    return found


class Recruitment(BaseModel):
    """Whom the study asks and who agrees.

    Attributes
    ----------
    n
        People wanted.
    site_quota
        People wanted at each site; without it, in proportion to the caseloads (Sainte-Laguë).
    interest, consent
        Chance that a person approached is interested; that an interested, eligible one consents.
    severity_ceiling
        Severity of illness (0-1) above which a person is too unwell to be asked.
    entry, entry_weeks
        All at once, or each at a week of their own, evenly over so many weeks.
    start
        Date of the first study week.
    earlier
        People that other studies of these caseloads wanted before, study by study, of each site:
        those whom they have enrolled are not asked again.
    """

    model_config = STRICT

    n: Count
    site_quota: Quota | None = None
    interest: Share = 0.44
    consent: Share = 0.685
    severity_ceiling: Share = 0.6
    entry: Literal["staggered", "simultaneous"] = "simultaneous"
    entry_weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] | None = None
    start: Date = datetime.date(2024, 1, 1)
    earlier: (
        Annotated[tuple[Quota, ...], BeforeValidator(_study_by_study), Field(min_length=1)] | None
    ) = None

    @model_validator(mode="after")
    def _agree(self) -> Recruitment:
        quota = self.site_quota
        if quota is not None and sum(quota) != self.n:
            raise ValueError(f"site_quota adds up to {sum(quota)}, but n = {self.n}")
        if self.entry == "staggered" and self.entry_weeks is None:
            raise ValueError('entry = "staggered" needs entry_weeks, the weeks it is spread over')
        if self.entry == "simultaneous" and self.entry_weeks is not None:
            raise ValueError('entry_weeks has no meaning with entry = "simultaneous"; leave it out')
        return self

    @property
    def last_entry(self) -> int:
        """Last week in which anybody enters."""
        return (self.entry_weeks or 1) - 1


MOST_ARMS, SMALLEST_PART = 32, 0.001
Shift = Annotated[FiniteFloat, Field(ge=-5, le=5)]


class Planted(BaseModel):
    """What the people of an arm score beside what they would: an effect that is put there.

    Nothing else changes: not their lives, nor other scales. Answers are given, cut to whole numbers
    and to the ends of the scale after the shift.

    Attributes
    ----------
    arm
        Whose people.
    scale
        One of `SCORES`.
    shift
        At each wave after the first, of what the scale measures, in standard deviations of it in
        the caseload.
    """

    model_config = STRICT

    arm: str
    scale: Score
    shift: Annotated[tuple[Shift, ...], Tuple, Field(min_length=1)]


class Arms(BaseModel):
    """Arms of a trial: who is in which, and what world each lives in.

    Attributes
    ----------
    unit
        What is allocated as a whole. A worker is the co-ordinator of an ego, or the psychiatrist
        of one who has none.
    share
        Arms and their parts, as `{ control = 11, intervention = 18 }`: teams and sites as near to
        this as whole ones allow, egos and workers each with this chance.
    count
        Instead: arms and their numbers of teams or sites.
    scenario
        Scenario of an arm, laid over the study's; arms without one live in that as it is.
    planted
        What one arm scores beside.
    """

    model_config = STRICT

    unit: Literal["ego", "worker", "team", "site"] = "ego"
    share: dict[str, Annotated[FiniteFloat, Field(gt=0)]] | None = None
    count: dict[str, Count] | None = None
    scenario: dict[str, str | dict[str, Any]] = {}
    planted: Planted | None = None

    @model_validator(mode="after")
    def _agree(self) -> Arms:
        if (self.share is None) == (self.count is None):
            raise ValueError("needs the arms and their parts: give share or count, one of them")
        if len(self.names) < 2:
            raise ValueError("needs two arms or more; leave [arms] out if all are in one")
        if len(self.names) > MOST_ARMS:
            raise ValueError(f"has {len(self.names)} arms; at most {MOST_ARMS}")
        if "" in self.names:
            raise ValueError("an arm has no name")
        for name in self.names:
            names_a_value(name)
        if EVERYBODY in self.names:
            raise ValueError(
                f'an arm is called "{EVERYBODY}", which stands for all arms; rename it'
            )
        if self.share is not None and min(self.parts) < SMALLEST_PART:
            least = self.names[self.parts.index(min(self.parts))]
            raise ValueError(
                f'"{least}" has {min(self.parts):.2g} of the people, next to none; give every arm '
                f"at least {SMALLEST_PART:g} of them"
            )
        if self.count is not None and self.unit not in ("team", "site"):
            raise ValueError(f'count has no meaning with unit = "{self.unit}"; give share')
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the arms, in the order of the file."""
        return tuple(self.share or self.count or ())

    @property
    def parts(self) -> tuple[float, ...]:
        """Share of each arm, adding up to 1."""
        given = tuple((self.share or self.count or {}).values())
        return tuple(one / sum(given) for one in given)


def _rising(weeks: tuple[int, ...]) -> tuple[int, ...]:
    if weeks[0] != 0:
        raise ValueError(f"must begin with 0, the baseline, not {weeks[0]}")
    for before, after in pairwise(weeks):
        if after <= before:
            raise ValueError(f"must be in order: {after} comes after {before}")
    return weeks


class Waves(BaseModel):
    """When people are interviewed.

    Attributes
    ----------
    weeks
        Weeks since baseline, the first being 0.
    window
        Follow-ups take place up to so many weeks before or after they are due.
    """

    model_config = STRICT

    weeks: Annotated[
        tuple[Week, ...], Tuple, Field(min_length=1, max_length=99), AfterValidator(_rising)
    ] = (0, 26, 52)
    window: Week = 0

    @model_validator(mode="after")
    def _apart(self) -> Waves:
        gaps = [b - a for a, b in pairwise(self.weeks)]
        if gaps and 2 * self.window >= min(gaps):
            raise ValueError(
                f"a window of {counted(self.window, 'week')} lets interviews "
                f"{counted(min(gaps), 'week')} apart change "
                f"places; at most {(min(gaps) - 1) // 2}"
            )
        return self


class MapRules(BaseModel):
    """How the map is drawn.

    Attributes
    ----------
    how
        "revisited": the last map is on the table and gone through; "afresh": drawn anew each time.
    error_free
        No forgetting and no noise: who is named depends on the tie alone.
    telephone_share
        Share of people interviewed by telephone.
    most_members
        Members recorded at most, in the order of naming; without it, all.
    circles
        Whether members are placed in the three circles.
    """

    model_config = STRICT

    how: Literal["revisited", "afresh"] = "revisited"
    error_free: bool = False
    telephone_share: Annotated[FiniteFloat, Field(ge=0, le=1)] = 0.0
    most_members: Count | None = None
    circles: bool = True


Retention = Annotated[tuple[Share, ...], Tuple]


ARM_SETTINGS = ("retention", "mechanism", "odds_ratio")
"""Settings of absence of which an arm can have its own."""


class Participation(BaseModel):
    """Who stays away; `retention`, `mechanism` and `odds_ratio` may be tables with a key per arm.

    Attributes
    ----------
    retention
        Share of those enrolled who are interviewed at each follow-up, deaths included.
    mechanism
        One of `MECHANISMS`.
    odds_ratio
        Of missing an interview, per standard deviation worse.
    return_rate
        Share of those absent at one wave who may be interviewed again at the next.
    """

    model_config = STRICT

    retention: Annotated[dict[str, Retention], ByArm] = {}
    mechanism: Annotated[dict[str, Mechanism], ByArm] = {EVERYBODY: "MCAR"}
    odds_ratio: Annotated[dict[str, Annotated[FiniteFloat, Field(gt=0, le=100)]], ByArm] = {
        EVERYBODY: 2.0
    }
    return_rate: Annotated[FiniteFloat, Field(ge=0, le=1)] = 0.0

    def of(self, setting: str, arm: str) -> Any:
        """A setting as it is in an arm; "" where there are no arms."""
        table = getattr(self, setting)
        return table.get(arm, table.get(EVERYBODY))


class Outcomes(BaseModel):
    """What is measured beside the map.

    Attributes
    ----------
    primary
        The scale on which MAR and MNAR-outcome hang.
    reliability
        Alpha and retest of scales, both the same, where they differ from the catalogue's.
    """

    model_config = STRICT

    primary: Score = "swemwbs"
    reliability: dict[Score, Share] = {}
