"""What is asked of a comparison, checked before anything is lived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from analysis.compare.caseloads import CaseloadsSpec
from analysis.compare.looks import begins_in
from analysis.compare.outcomes import LIFE_OUTCOMES
from analysis.compare.same_people import check_same_people
from analysis.compare.subgroups import cells_by, check_apart, who_of
from sim.errors import InputError, counted, meant_or_known
from sim.world.run import Place, places
from sim.world.scenario import Scenario, read_scenario
from sim.world.shock import MOST_WEEKS, Shock

__all__ = [
    "EVERY",
    "TEAMS",
    "Precision",
    "asked_comparison",
    "comparison_of",
    "known_outcomes",
    "outcome_and_number",
    "precision_of",
    "teams_needed",
]

EVERY, TEAMS = 13, 5
MOST_LOOKS = 53
"""More would take a gigabyte of memory a team."""
WORLD = {
    "people": ("teams_per_site", "egos_per_team", "scale", "runin_weeks"),
    "staff": ("staff",),
}


class Precision(NamedTuple):
    """The half-width of an interval to go on for, in the unit in which the outcome is shown."""

    outcome: str
    half_width: float


def asked_comparison(
    names: Sequence[str | Path],
    *,
    weeks: int | None = None,
    every: int = EVERY,
    teams: int | None = None,
    by: Sequence[str] = (),
    who: str | None = None,
    seed: int,
) -> CaseloadsSpec:
    """Read and check.

    Parameters
    ----------
    names
        Names or paths of scenarios; the first is what the others are compared with.
    weeks
        From week 0 on; what the first says by default.
    every
        Weeks between looks; the last week, and the one before a scenario begins, are looked at in
        any case.
    teams
        Of a replicate, one of each site first; five by default, or as many as there are.
    by, who
        Of `subgroups.cells_by` and `subgroups.who_of`.

    Raises
    ------
    InputError
        Anything wrong with them; the message says what, and what would be right.
    """
    if len(names) < 2:
        raise InputError("give two scenarios or more; the first is what others are compared with")
    scenarios = [read_scenario(name) for name in names]
    for number, one in enumerate(scenarios):
        if one in scenarios[:number]:
            raise InputError(
                f'scenario "{one.id}" is given twice; once will do, or, as a control, a copy with '
                "an id of its own"
            )
    spec = comparison_of(
        scenarios, weeks=weeks, every=every, teams=teams, by=by, who=who, seed=seed
    )
    begins = begins_in(scenarios, spec.weeks[-1] + 1).values()
    looks = sorted({*spec.weeks, *(one - 1 for one in begins if one > 0)})
    return replace(spec, weeks=tuple(looks))


def comparison_of(
    scenarios: Sequence[Scenario],
    *,
    weeks: int | None = None,
    every: int = EVERY,
    teams: int | None = None,
    by: Sequence[str] = (),
    who: str | None = None,
    seed: int,
) -> CaseloadsSpec:
    """The same of scenarios that have been read; see `asked_comparison`."""
    scenarios = tuple(scenarios)
    weeks = scenarios[0].world.horizon_weeks if weeks is None else weeks
    if not 1 <= weeks <= MOST_WEEKS:
        raise InputError(f"--weeks {weeks} is out of range: from 1 to {MOST_WEEKS}")
    _check_worlds(scenarios)
    for one in scenarios:
        one.check_horizon(weeks)
        for number, shock in enumerate(one.shocks, start=1):
            _check_shock(one.id, number, shock)
    check_apart(by, who)
    chosen = _chosen(scenarios, teams)
    for one in scenarios[1:]:
        check_same_people(scenarios[0], one, chosen[0])
    return CaseloadsSpec(
        scenarios, chosen, _looks(weeks, every), cells_by(by, chosen),
        None if who is None else who_of(who, chosen), seed,
    )  # fmt: skip


def known_outcomes(names: Sequence[str]) -> tuple[str, ...]:
    """Names of outcomes, each once; all there are if none is given.

    Raises
    ------
    InputError
        If there is none of a name.
    """
    known = [one.name for one in LIFE_OUTCOMES]
    for name in names:
        if name not in known:
            hint = meant_or_known(name, known)
            raise InputError(f'there is no outcome "{name}"{hint}')
    return tuple(dict.fromkeys(names)) or tuple(known)


def precision_of(words: str) -> Precision:
    """The precision meant by words such as ``crises=0.2``.

    Raises
    ------
    InputError
        If there is no such outcome, or no number above zero.
    """
    name, half = outcome_and_number(words)
    if half <= 0:
        raise InputError(f"--precision {words}: give a half-width above 0, as in {name}=0.2")
    return Precision(name, half)


def outcome_and_number(words: str) -> tuple[str, float]:
    """An outcome and a number from words such as ``crises=0.2``; 0 where no finite number stands.

    Raises
    ------
    InputError
        If there is no such outcome.
    """
    name, _, said = words.partition("=")
    known_outcomes([name])
    try:
        number = float(said)
    except ValueError:
        number = 0.0
    return name, number if isfinite(number) else 0.0


def _check_worlds(scenarios: Sequence[Scenario]) -> None:
    first = scenarios[0]
    for one in scenarios[1:]:
        for what, fields in WORLD.items():
            for name in fields:
                if getattr(one.world, name) != getattr(first.world, name):
                    raise InputError(
                        f"{first.id} and {one.id} differ in {what} ({name}), so nobody of one is "
                        "anybody of the other; compare a cut with what it extends: both then have "
                        "the same [world]"
                    )
    for number, one in enumerate(scenarios):
        if any(one.id == other.id and one != other for other in scenarios[:number]):
            raise InputError(f'two scenarios are called "{one.id}"; give one another id')


def _check_shock(scenario: str, number: int, shock: Shock) -> None:
    where = f"{scenario}: shock {number} on {shock.acts_on}"
    if shock.from_week is None:
        raise InputError(
            f"{where} counts from each person's baseline interview, and nobody is interviewed "
            "here; give from_week"
        )
    if shock.who.arm is not None:
        raise InputError(f"{where} is of an arm, and there is no study here; leave arm out")


def _chosen(scenarios: Sequence[Scenario], teams: int | None) -> tuple[Place, ...]:
    """Teams of a replicate: the first of each site, then the second."""
    every = _in_order(scenarios[0])
    wanted = min(TEAMS, len(every)) if teams is None else teams
    if not 1 <= wanted <= len(every):
        raise InputError(
            f"--teams {wanted}: the world of {scenarios[0].id} has {counted(len(every), 'team')}"
        )
    for one in scenarios:
        for number, shock in enumerate(one.shocks, start=1):
            needed = _first_reached(shock, every)
            if needed > wanted:
                raise InputError(
                    f"{one.id}: shock {number} on {shock.acts_on} reaches none of "
                    f"{counted(wanted, 'team')}; give --teams {needed} or more"
                )
    return tuple(every[:wanted])


def teams_needed(scenario: Scenario) -> int:
    """The fewest teams of a replicate of which each shock reaches some; 0 without shocks."""
    every = _in_order(scenario)
    return max((_first_reached(shock, every) for shock in scenario.shocks), default=0)


def _in_order(scenario: Scenario) -> list[Place]:
    return sorted(places(scenario), key=lambda one: (one.team, one.site))


def _first_reached(shock: Shock, every: Sequence[Place]) -> int:
    """Number of the first team that a shock is at; 0 if it is at none of them."""
    return next((n for n, place in enumerate(every, start=1) if _is_at(shock, place)), 0)


def _is_at(shock: Shock, place: Place) -> bool:
    who = shock.who
    return (who.site is None or place.site in who.site) and (
        who.team is None or place.team in who.team
    )


def _looks(weeks: int, every: int) -> tuple[int, ...]:
    if every < 1:
        raise InputError(f"--every {every}: give a number of weeks, 1 or more")
    looks = sorted({*range(every - 1, weeks, every), weeks - 1})
    if len(looks) > MOST_LOOKS:
        raise InputError(
            f"--every {every} makes {len(looks)} looks of {weeks} weeks; at most {MOST_LOOKS}, so "
            f"give --every {-(-weeks // MOST_LOOKS)} or more"
        )
    return tuple(looks)
