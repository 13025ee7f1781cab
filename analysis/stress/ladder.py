"""Where a bias comes from: from what is true, step by step, to what an analysis says.

In each study the value of a rung minus that of the rung above it is what the step adds; a step is
the mean of these paired differences over studies, with its Monte Carlo standard error. The steps of
a term add up to its bias. A rung that a term has not is left out, and its step with it. Where some
studies have no usable estimate, it is a step of its own that the others need not be like them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.stress.answers import USABLE
from analysis.stress.clusters import clustered_mean
from analysis.stress.criteria import is_one_number, rows_by_term
from analysis.stress.rungs import Rungs
from analysis.stress.verdicts import Judgement

__all__ = ["MUCH", "NO_ANSWER", "STEPS", "Ladder", "LadderStep", "ladders_of"]

STEPS = {
    "participants": "recruitment", "attending": "absence", "elicited": "measurement",
    "collected": "file errors", "estimate": "analysis",
}  # fmt: skip
"""What the step down to each rung is called."""
NO_ANSWER = "no answer"
"""What the studies make that do not count, for the analysis has no answer or a rung no value."""
SURE = 3.0
"""Standard errors beyond which a step is there: there are many steps on a certificate."""
MUCH = 0.1
"""Share of a bias from which on a step is worth a word."""
ROUNDING = 1e-9
"""Share of the largest rung up to which a difference is one of rounding, and none."""


class LadderStep(NamedTuple):
    """What one step adds.

    Attributes
    ----------
    name : str
        A value of `STEPS`, or `NO_ANSWER`.
    value, mcse : float
        In the units of the term; NaN for the error of a single study.
    """

    name: str
    value: float
    mcse: float

    @property
    def is_sure(self) -> bool:
        """Whether it is more than chance; never of a single study."""
        return abs(self.value) > SURE * self.mcse


class Ladder(NamedTuple):
    """The bias of a term in a condition, and what it is made of.

    Attributes
    ----------
    condition, term : str
    bias, mcse : float
        Over `studies`, and its Monte Carlo error, with that of what is true.
    spread : float
        Of the estimates, 1 standard deviation; 0 of those that are one number but for rounding.
    studies, usable : int
        Studies in which every rung has a value and the analysis an answer; those of the latter.
    steps : tuple of LadderStep
        In the order of `STEPS`; `NO_ANSWER` after the first, where studies are left out.
    """

    condition: str
    term: str
    bias: float
    mcse: float
    spread: float
    studies: int
    usable: int
    steps: tuple[LadderStep, ...]

    @property
    def causes(self) -> list[LadderStep]:
        """Steps that are surely there and much of the bias, the largest first."""
        found = [one for one in self.steps if one.is_sure and one.value * self.bias > 0]
        found = [one for one in found if abs(one.value) > MUCH * abs(self.bias)]
        return sorted(found, key=lambda one: -abs(one.value))


def ladders_of(rows: pa.Table, judged: Sequence[Judgement]) -> list[Ladder]:
    """The ladder of each term in each condition that was judged, over the studies it is judged by.

    Parameters
    ----------
    rows
        Of a run, with the columns of `analysis.stress.rungs.Rungs`.
    judged
        Terms of which no rung has a value have no ladder.
    """
    by_term, status = rows_by_term(rows), np.array(rows["status"].to_pylist(), object)
    values, world = {name: rows[name].to_numpy() for name in STEPS}, rows["world"].to_numpy()
    found = []
    for one in judged:
        mine = by_term[one.trial.condition, one.trial.term][: one.n]
        of_term = {name: of[mine] for name, of in values.items()}
        ladder = _ladder(one, of_term, status[mine] == USABLE, world[mine])
        found += [] if ladder is None else [ladder]
    return found


def _ladder(
    one: Judgement, values: dict[str, np.ndarray], usable: np.ndarray, world: np.ndarray
) -> Ladder | None:
    names = [name for name in Rungs._fields if np.isfinite(values[name]).any()]
    if not names:
        return None
    names.append("estimate")
    rungs = np.stack([values[name] for name in names])
    known = np.isfinite(rungs[0])
    counts = usable & np.isfinite(rungs).all(axis=0)
    truth, n = one.trial.truth, int(counts.sum())
    if n == 0:
        return None
    of_truth = 0.0 if np.isnan(truth.mcse) else truth.mcse
    steps = [_step(STEPS[names[0]], rungs[0][known], truth.value, world[known], of_truth)]
    if (known & ~counts).any():
        steps.append(_selection(rungs[0][known], counts[known], world[known]))
    steps += [
        _step(STEPS[name], rung[counts], above[counts], world[counts])
        for name, (above, rung) in zip(names[1:], pairwise(rungs), strict=True)
    ]
    estimates = rungs[-1][counts]
    mean = clustered_mean(estimates, world[counts])
    spread = float(estimates.std(ddof=1)) if n > 1 else float("nan")
    if is_one_number(estimates):
        spread = 0.0
    bias, mcse = mean.value - truth.value, float(np.hypot(mean.error, of_truth))
    return Ladder(
        one.trial.condition, one.trial.term, bias, mcse, spread, n, int(usable.sum()), tuple(steps)
    )


def _step(
    name: str,
    rung: np.ndarray,
    above: np.ndarray | float,
    world: np.ndarray,
    of_truth: float = 0.0,
) -> LadderStep:
    added = rung - above
    added[np.abs(added) <= ROUNDING * np.maximum(np.abs(rung), np.abs(above))] = 0
    mean = clustered_mean(added, world)
    return LadderStep(name, mean.value, float(np.hypot(mean.error, of_truth)))


def _selection(rung: np.ndarray, counts: np.ndarray, world: np.ndarray) -> LadderStep:
    """What it adds that some studies do not count: the mean of those that do, less that of all."""
    counted, every = rung[counts].mean(), rung.mean()
    of_counted = np.where(counts, rung - counted, 0) / counts.mean()
    return LadderStep(
        NO_ANSWER, float(counted - every), clustered_mean(of_counted - (rung - every), world).error
    )
