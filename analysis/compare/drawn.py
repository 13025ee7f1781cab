"""How far an answer hangs on what is assumed: the comparison lived under each set of assumptions.

Two kinds of uncertainty are kept apart. Within a set more teams would tell more: its Monte Carlo
variance is taken off the spread between sets, and a set counts for a sign only if the sign is clear
of it. Between sets no simulation tells more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.compare.band import DrawnScenarios
from analysis.compare.caseloads import UNTOUCHED, Caseloads, CaseloadsSpec, run_caseloads
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.runs.chunks import ChunkRows, kept_map, on_threads
from analysis.runs.parameter_draws import drawn_together
from analysis.runs.purposes import Purpose
from analysis.runs.run import Run
from sim.errors import InputError
from sim.side_by_side import Progress

__all__ = [
    "FEWEST_SETS", "Assumed", "DrawsSpec", "check_sets", "numbers_of_sets", "over_sets", "run_set",
]  # fmt: skip

FEWEST_SETS = 10
REPLICATES = 4
"""Lived under each set, of all teams."""
BAND = 0.9
MOVERS = 5
NOISE = 3.5
"""Rank correlations of nothing with nothing lie within so many over the root of the sets."""
STAGE = "sets of assumptions"


@dataclass(frozen=True)
class DrawsSpec:
    """A comparison at its last look, under many sets of assumptions.

    Attributes
    ----------
    lived : CaseloadsSpec
    sets : int
    """

    lived: CaseloadsSpec
    sets: int

    @cached_property
    def drawn(self) -> DrawnScenarios:
        """The scenarios under each set."""
        return DrawnScenarios(self.lived.scenarios, self.sets, self.lived.seed)


def run_set(spec: DrawsSpec, number: int) -> ChunkRows:
    """Rows of a set, by scenario but the first, group and outcome: difference and its error."""
    worlds, near = spec.drawn.at(number)
    of = replace(spec.lived, scenarios=tuple(worlds), weeks=spec.lived.weeks[-1:])
    rows = [pa.table(dict(run_caseloads(of, one))) for one in numbers_of_sets()]
    lived = Caseloads.read(of, rows)
    groups, scenarios = range(lived.people.shape[1]), range(1, len(worlds))
    found = [[lived.difference(s, g).at(-1) for g in groups] for s in scenarios]
    value = np.array([[one.value for one in row] for row in found])
    scenario, group, outcome = (one.ravel() for one in np.indices(value.shape))
    return {
        "scenario": (scenario + 1).astype(np.int32), "group": group.astype(np.int32),
        "outcome": outcome.astype(np.int32), "value": value.ravel(),
        "mcse": np.array([[one.mcse for one in row] for row in found]).ravel(),
        "reach": np.array([[one.reach for one in row] for row in found]).ravel(),
        "near": np.full(value.size, near),
    }  # fmt: skip


def numbers_of_sets() -> Sequence[int]:
    """Of the replicates that are lived under each set."""
    return Purpose.BAND_TRUTH.some(REPLICATES)


def over_sets(
    spec: CaseloadsSpec,
    sets: int,
    *,
    kept: Run | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Assumed:
    """Live a comparison under sets of assumptions.

    Raises
    ------
    InputError
        If there are too few sets to say anything.
    """
    check_sets(sets)
    asked = DrawsSpec(spec, sets)
    asked.drawn.find_balance()
    store = None if kept is None else kept.store(
        "sets", block=10, sets=sets, places=spec.team_numbers, week=spec.weeks[-1],
        cells=spec.cells, who=spec.who,
    )  # fmt: skip
    driver = on_threads(threads, first_alone=True)
    rows = kept_map(
        run_set, asked, range(sets), store=store, driver=driver, progress=progress, stage=STAGE
    )
    table = pa.concat_tables(list(rows))
    shape = (sets, len(spec.scenarios) - 1, 2 + len(spec.cells), len(LIFE_OUTCOMES))
    value, mcse, reach = (
        table[name].to_numpy().reshape(shape) for name in ("value", "mcse", "reach")
    )
    near = table["near"].to_numpy().reshape(sets, -1)[:, 0]
    return Assumed(asked, value, mcse, reach, near)


def check_sets(sets: int) -> None:
    """Raise an `InputError` if there are too few sets to say anything, but some."""
    if sets != 0 and sets < FEWEST_SETS:
        raise InputError(f"--draws {sets}: from fewer than {FEWEST_SETS} sets nothing can be said")


@dataclass(frozen=True)
class Assumed:
    """Differences from the first scenario under each set of assumptions.

    Attributes
    ----------
    spec : DrawsSpec
    value, mcse, reach : ndarray, (sets, scenarios - 1, groups, outcomes)
        A person, at the last look; `reach` is half of the Monte Carlo interval.
    near : ndarray of bool, (sets,)
        Whether friends and kin are lost about as fast as any were seen to be.
    """

    spec: DrawsSpec
    value: np.ndarray
    mcse: np.ndarray
    reach: np.ndarray
    near: np.ndarray

    def bands(self, outcomes: tuple[str, ...]) -> list[dict[str, Any]]:
        """A row for each scenario, group and outcome: band and shares of sets, of those near."""
        lived = self.spec.lived
        names = {0: "everybody", **{
            UNTOUCHED + 1 + at: f"{cell.by} {cell.level}" for at, cell in enumerate(lived.cells)
        }}  # fmt: skip
        return [
            {"scenario": scenario.id, "who": who, "outcome": name, **self._band(at, group, name)}
            for at, scenario in enumerate(lived.scenarios[1:])
            for group, who in names.items()
            for name in outcomes
        ]

    def _band(self, scenario: int, group: int, name: str) -> dict[str, Any]:
        column = outcome_at(name)
        one, mine = LIFE_OUTCOMES[column], (self.near, scenario, group, column)
        value, mcse, reach = self.value[mine], self.mcse[mine], self.reach[mine]
        ends = [np.nan, np.nan]
        if value.size >= FEWEST_SETS:
            together = drawn_together(value, mcse**2) * one.per
            ends = np.quantile(together, [(1 - BAND) / 2, (1 + BAND) / 2]).tolist()
        clear = np.abs(value) > reach
        n = max(value.size, 1)
        far = self.value[~self.near, scenario, group, column]
        return {
            "label": one.label, "unit": one.unit, "band_lo": ends[0], "band_hi": ends[1],
            "sets": int(value.size), "clearly_more": float((clear & (value > 0)).sum() / n),
            "clearly_less": float((clear & (value < 0)).sum() / n),
            "not_clear": float((~clear).sum() / n), "sets_far": int(far.size),
            "mean_far": float(far.mean() * one.per) if far.size else np.nan,
        }  # fmt: skip

    def movers(self, outcomes: tuple[str, ...]) -> list[dict[str, Any]]:
        """The five assumptions that go most with each outcome's difference, of everybody.

        By rank correlation over the sets near the shipped world; `above_noise` says whether it is
        larger than what nothing would show.
        """
        from scipy.stats import rankdata

        space, near = self.spec.drawn.space, self.near
        if near.sum() < FEWEST_SETS:
            return []
        points = _standard(rankdata(self.spec.drawn.points[near], axis=0))
        rows = []
        for at, scenario in enumerate(self.spec.lived.scenarios[1:]):
            for name in outcomes:
                value = self.value[near, at, 0, outcome_at(name)]
                if not value.any():
                    continue
                r = points.T @ _standard(rankdata(value)) / len(value)
                for k in np.argsort(-np.abs(r), kind="stable")[:MOVERS]:
                    entry = space.entries[k]
                    rows.append({
                        "scenario": scenario.id, "outcome": name, "parameter": entry.path,
                        "rank_correlation": float(r[k]),
                        "above_noise": bool(abs(r[k]) > NOISE / np.sqrt(len(value))),
                        "value": entry.value, "low": entry.low, "high": entry.high,
                    })  # fmt: skip
        return rows


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std(axis=0)
    standard: np.ndarray = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return standard
