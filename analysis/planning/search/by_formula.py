"""An answer that a formula gives, checked by simulation.

Where the model of a plan makes a formula exact there is nothing to search for. Studies are
simulated at the answer all the same: if they and the formula differ by more than chance, one of the
two is wrong, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis.planning.search.found import BY_FORMULA, Found
from analysis.planning.search.rules import Rules
from analysis.planning.search.search import CEILING_LEAST, FRESH
from analysis.planning.search.tally import Looked, Oracle, Tally
from sim.side_by_side import Progress, silent

__all__ = ["ByFormula"]

STUDIES, FEWEST = 10_000, 1600
"""Studies of the check; fewer, but so many, where they are large."""
LARGE = 2e7
"""People in all of them, from which on they are fewer."""
TOO_FAR = 3.0
"""Monte Carlo errors from which on the check and the formula are said to differ."""


class ByFormula:
    """As `analysis.planning.search.search.Search`, where a formula has the answer.

    Parameters
    ----------
    oracle, target, low, high, whole, first_replicate, progress, stage
        As there.
    chance
        Of success at x, exact.
    answer
        The smallest x that reaches the target; None if none does.
    people
        Of a study at x.
    """

    def __init__(
        self,
        oracle: Oracle,
        target: float,
        *,
        chance: Callable[[float], float],
        answer: float | None,
        people: Callable[[float], float],
        low: float,
        high: float,
        whole: bool = True,
        first_replicate: int = 0,
        progress: Progress | None = None,
        stage: str = "searching",
    ) -> None:
        self.rules = Rules(target, low, high, whole, 0.0)
        self.chance, self.answer, self.people = chance, answer, people
        self.first = first_replicate
        self.tally = Tally(
            oracle, self.first, self.first + FRESH, STUDIES, progress or silent, stage
        )

    @property
    def confirmed_at(self) -> float:
        """The answer, or the largest x if there is none."""
        return self.rules.high if self.answer is None else self.answer

    def run(self) -> ByFormula:
        """Simulate studies at the answer, and a few of the largest size."""
        most = LARGE / max(self.people(self.confirmed_at), 1)
        self.tally.run_fresh([self.confirmed_at], int(np.clip(most, FEWEST, STUDIES)))
        self.tally.look(self.rules.allowed(self.rules.high), CEILING_LEAST)
        return self

    def learn(self, at: Sequence[float], replicates: range, seen: Looked) -> None:
        """Count in studies that were simulated for something else."""
        self.tally.learn(at, replicates, seen)

    def found(self) -> Found:
        """The answer of the formula, and what the check says of it."""
        answer, rules = self.answer, self.rules
        edge = ">=" if answer is None else "<=" if answer == rules.low else ""
        ends = (rules.high, np.inf) if answer is None else (answer, answer)
        run = self.tally.at(self.confirmed_at, self.first + FRESH)
        exact = self.chance(self.confirmed_at)
        return Found(
            answer, *ends, edge, rules.target, self.tally.used,
            self.tally.at(rules.allowed(rules.high)), run, BY_FORMULA,
            self._disagreement(exact, run.share, run.n), self.tally.points(), 0.0, exact,
            units=answer,
        )  # fmt: skip

    def _disagreement(self, exact: float, share: float, studies: int) -> tuple[str, ...]:
        error = float(np.sqrt(max(exact * (1 - exact), 1 / studies) / studies))
        if abs(share - exact) <= TOO_FAR * error:
            return ()
        return (
            f"THE FORMULA AND THE SIMULATION DISAGREE at {self.confirmed_at:g}: {exact:.4f} by the "
            f"exact formula, {share:.4f} of {studies} simulated studies, which is "
            f"{abs(share - exact) / error:.1f} Monte Carlo errors; do not use this number before "
            "that is explained",
        )
