"""Live the teams, measure every pattern on each, and judge the totals.

A team is lived once for all patterns that need the same world; a switched-off world likewise. Each
team is thrown away when it has been measured: only sums are kept. How a figure is made of sums is
no row; it is the same for every team, and taken from a small one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.patterns.catalogue import choose
from analysis.patterns.lives import WEEKS, TeamLives, with_room
from analysis.patterns.protocol import Measure, Pattern, Verdict, judge, team_estimate
from analysis.patterns.statistics import Stat
from analysis.patterns.studies import seen_by_small_studies
from analysis.runs.chunks import ChunkRows, kept_map, on_threads
from analysis.runs.run import Run
from sim.side_by_side import Progress

__all__ = ["Teams", "measure_team", "verdicts"]

SMALL_TEAM = 96
"""People of the team that shows how figures are made of sums."""

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


@dataclass(frozen=True)
class Teams:
    """What the sums of teams depend on."""

    chosen: tuple[Pattern, ...]
    seed: int
    egos: int

    def __reduce__(self) -> tuple[Any, ...]:
        ids = tuple(one.id for one in self.chosen)
        if choose(ids) != self.chosen:
            raise TypeError("patterns that are not in the catalogue cannot be pickled")
        return _teams, (ids, self.seed, self.egos)


def _teams(ids: Sequence[str], seed: int, egos: int) -> Teams:
    return Teams(choose(ids), seed, egos)


def measure_team(spec: Teams, replicate: int) -> ChunkRows:
    """The sums of one team: a row for each figure, as it is and switched off."""
    found = _measure_team(_worlds(spec.chosen), spec.seed, replicate, spec.egos)
    rows = [(*of, name, one) for of, stats in found.items() for name, one in stats.items()]
    ends = np.cumsum([0, *(one.parts.size for *_, one in rows)], dtype=np.int32)
    return {
        "pattern": pa.array([row[0] for row in rows]),
        "off": np.array([row[1] for row in rows]),
        "figure": pa.array([row[2] for row in rows]),
        "n": np.array([one.n for *_, one in rows], np.int64),
        "sums": pa.ListArray.from_arrays(ends, np.concatenate([one.parts for *_, one in rows])),
    }


_Stats = dict[tuple[str, bool], dict[str, Stat]]


def _of_rows(table: pa.Table, like: Mapping[tuple[str, bool], Measure]) -> _Stats:
    """The figures of a team, each made of its sums as in another team."""
    names = (table[name].to_pylist() for name in ("pattern", "off", "figure", "n"))
    sums = table["sums"].combine_chunks()
    ends = np.cumsum(sums.value_lengths().to_numpy())
    found: _Stats = {}
    for pattern, off, name, n, parts in zip(
        *names, np.split(sums.flatten().to_numpy(), ends[:-1]), strict=True
    ):
        stat = Stat(parts, like[pattern, off][name].value, n)
        found.setdefault((pattern, off), {})[name] = stat
    return found


def verdicts(
    chosen: Sequence[Pattern],
    teams: int,
    studies: int,
    *,
    seed: int = 1,
    threads: int = 2,
    egos: int = 288,
    kept: Run | None = None,
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
    kept : Run, optional
        Where sums of teams and signs of studies are kept, and taken from if they are there.
    progress : callable, optional
        Called with what is being done, the number of its steps done, and of all.

    Returns
    -------
    list of Verdict
        In the order of the patterns.
    """
    spec = Teams(tuple(chosen), seed, egos)
    store = (
        None
        if kept is None
        else kept.store("teams", patterns=[one.id for one in chosen], egos=egos)
    )
    tables = kept_map(
        measure_team, spec, range(teams), store=store, driver=on_threads(threads),
        progress=progress, stage="teams",
    )  # fmt: skip
    like = _measure_team(_worlds(chosen), seed, 0, min(egos, SMALL_TEAM))
    found = [_of_rows(table, like) for table in tables]
    signs = {one.v29 for one in chosen if one.v29}
    seen = seen_by_small_studies(
        signs, studies, seed=seed, threads=threads, kept=kept, progress=progress
    )
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
