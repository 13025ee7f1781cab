"""Live the teams, measure every pattern on each, and judge the totals.

A team is lived once for all patterns that need the same world; a switched-off world likewise. Each
team is thrown away when it has been measured: only sums are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from analysis.patterns.lives import WEEKS, TeamLives, with_room
from analysis.patterns.protocol import Measure, Pattern, Verdict, judge, team_estimate
from analysis.patterns.studies import seen_by_small_studies
from sim.side_by_side import Progress, side_by_side

__all__ = ["verdicts"]

_World = tuple[tuple[tuple[str, float], ...], bool]


def _world(overrides: Mapping[str, float], same: bool = False) -> _World:
    return tuple(sorted(overrides.items())), same


def _worlds(chosen: Sequence[Pattern]) -> dict[_World, list[tuple[Pattern, bool]]]:
    """The worlds to live, each with the patterns measured in it; True where switched off."""
    found: dict[_World, list[tuple[Pattern, bool]]] = {}
    for one in chosen:
        found.setdefault(_world(one.world), []).append((one, False))
        if one.can_be_off:
            found.setdefault(_world({**one.world, **one.off}, one.same), []).append((one, True))
    return found


def _measure_team(
    worlds: Mapping[_World, list[tuple[Pattern, bool]]], seed: int, replicate: int, egos: int
) -> dict[tuple[str, bool], Measure]:
    """Every pattern of one team, as it is and switched off; of the latter the leading contrast.

    A switched-off world keeps only the weeks that its patterns were seen to look at before.
    """
    found: dict[tuple[str, bool], Measure] = {}
    looked: dict[str, frozenset[int]] = {}
    for (overrides, same), measured in worlds.items():
        weeks = {w for one, _ in measured for w in looked.get(one.id, WEEKS)}
        lived = partial(TeamLives, seed, replicate, dict(overrides), egos, same, weeks)
        for (one, off), (stats, asked) in zip(
            measured, with_room(lived, partial(_measure_all, measured)), strict=True
        ):
            looked.setdefault(one.id, asked)
            lead = next(iter(stats))
            found[one.id, off] = {lead: stats[lead]} if off else stats
    return found


def _measure_all(
    measured: Sequence[tuple[Pattern, bool]], lives: TeamLives
) -> list[tuple[Measure, frozenset[int]]]:
    """What each pattern measures in these worlds, and the weeks it looks at."""
    found = []
    for one, _ in measured:
        lives.asked.clear()
        stats = one.measure(lives)
        found.append((stats, frozenset(lives.asked)))
    return found


def verdicts(
    chosen: Sequence[Pattern],
    teams: int,
    studies: int,
    *,
    seed: int = 1,
    threads: int = 2,
    egos: int = 288,
    progress: Progress | None = None,
) -> list[Verdict]:
    """Judge patterns.

    Parameters
    ----------
    chosen : sequence of Pattern
    teams : int
        Teams lived, each from a seed of its own, at least 3.
    studies : int
        Studies of 29 people for V29; 0 for none.
    egos : int
        People in a team.
    progress : callable, optional
        Called with what is being done, the number of its steps done, and of all.

    Returns
    -------
    list of Verdict
        In the order of the patterns.
    """
    worlds = _worlds(chosen)

    def work(replicate: int) -> dict[tuple[str, bool], Measure]:
        return _measure_team(worlds, seed, replicate, egos)

    found = list(side_by_side(work, range(teams), threads, progress=progress, stage="teams"))
    signs = {one.v29 for one in chosen if one.v29}
    seen = seen_by_small_studies(signs, studies, seed=seed, threads=threads, progress=progress)
    return [_verdict(one, found, seen.get(one.v29)) for one in chosen]


def _verdict(
    one: Pattern, found: Sequence[Mapping[tuple[str, bool], Measure]], v29: float | None
) -> Verdict:
    names = found[0][one.id, False]
    on = {name: team_estimate([team[one.id, False][name] for team in found]) for name in names}
    off = None
    if one.can_be_off:
        lead = next(iter(names))
        off = team_estimate([team[one.id, True][lead] for team in found])
    return judge(one, on, off, v29)
