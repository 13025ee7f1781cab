"""Where a bias comes from: from what is true, step by step, to what an analysis says.

In each study the value of a rung minus that of the rung above it is what the step adds; a step is
the mean of these paired differences over studies, with its Monte Carlo standard error. The steps of
a term add up to its bias. A rung that a term has not is left out, and its step with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.stress.answers import USABLE
from analysis.stress.rungs import Rungs
from analysis.stress.verdicts import Judgement

__all__ = ["MUCH", "STEPS", "Ladder", "LadderStep", "ladders_of"]

STEPS = {
    "participants": "recruitment", "attending": "absence", "elicited": "measurement",
    "collected": "file errors", "estimate": "analysis",
}  # fmt: skip
"""What the step down to each rung is called."""
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
        A value of `STEPS`.
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
        Of the estimates, 1 standard deviation.
    studies, usable : int
        Studies in which every rung has a value and the analysis an answer; those of the latter.
    steps : tuple of LadderStep
        In the order of `STEPS`.
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
    names = ("condition", "term", "status")
    condition, term, status = (np.array(rows[name].to_pylist(), object) for name in names)
    replicate = rows["replicate"].to_numpy()
    values = {name: rows[name].to_numpy() for name in STEPS}
    found = []
    for one in judged:
        mine = np.flatnonzero((condition == one.trial.condition) & (term == one.trial.term))
        mine = mine[np.argsort(replicate[mine], kind="stable")][: one.n]
        mine = mine[status[mine] == USABLE]
        ladder = _ladder(one, {name: of[mine] for name, of in values.items()})
        found += [] if ladder is None else [ladder]
    return found


def _ladder(one: Judgement, values: dict[str, np.ndarray]) -> Ladder | None:
    there = [name for name in Rungs._fields if np.isfinite(values[name]).any()]
    if not there:
        return None
    rungs = np.stack([values[name] for name in (*there, "estimate")])
    rungs = rungs[:, np.isfinite(rungs).all(axis=0)]
    truth, n = one.trial.truth, rungs.shape[1]
    if n == 0:
        return None
    steps = tuple(_steps([*there, "estimate"], rungs, truth.value, truth.mcse))
    spread = float(rungs[-1].std(ddof=1)) if n > 1 else float("nan")
    bias = float(rungs[-1].mean() - truth.value)
    usable = values["estimate"].size
    known = 0.0 if np.isnan(truth.mcse) else truth.mcse
    mcse = float(np.hypot(spread / np.sqrt(n), known))
    return Ladder(one.trial.condition, one.trial.term, bias, mcse, spread, n, usable, steps)


def _steps(
    names: Sequence[str], rungs: np.ndarray, truth: float, of_truth: float
) -> Iterator[LadderStep]:
    above: np.ndarray | float = truth
    for k, (name, rung) in enumerate(zip(names, rungs, strict=True)):
        added = rung - above
        added[np.abs(added) <= ROUNDING * np.maximum(np.abs(rung), np.abs(above))] = 0
        n = added.size
        error = float(added.std(ddof=1)) / np.sqrt(n) if n > 1 else float("nan")
        if k == 0 and not np.isnan(of_truth):
            error = np.hypot(error, of_truth)
        yield LadderStep(STEPS[name], float(added.mean()), float(error))
        above = rung
