"""A planned study of any size, and how often it succeeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from analysis.estimators.contract import Fits
from analysis.questions.plan import Plan
from analysis.runs.rows import BLOCK, Rows
from analysis.trials.analyses import Asked, analyse
from analysis.trials.batch import Studies
from analysis.trials.panel import PanelProcess
from analysis.trials.process import Process
from analysis.trials.success import significant
from analysis.trials.together import laid_out, together
from sim.side_by_side import Progress, side_by_side, silent

__all__ = ["Trial", "joined_fits"]

FEWEST = 16
"""Studies that are worth a thread of their own."""


@dataclass(frozen=True)
class Trial:
    """A process and what is asked of it.

    Attributes
    ----------
    process : Process
    plan : Plan
    threads : int
    kept : Rows or None
        Where estimates are kept, and taken from if they are there.
    """

    process: Process
    plan: Plan
    threads: int = 1
    kept: Rows | None = None

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The questions, in positions of arms and waves."""
        return Asked.each(self.plan.question, self.process.arms, self.process.weeks)

    def fits(
        self,
        sizes: Sequence[int],
        replicates: range,
        progress: Progress = silent,
        stage: str = "",
    ) -> list[list[Fits]]:
        """Estimates at each size and for each question: one draw of the largest serves all.

        `progress` is called with the stage, the number of replicates done, and of all.
        """
        chunks = _blocks(replicates)
        found, done = [], 0
        spare = max(1, self.threads // max(1, len(chunks)))
        made = side_by_side(lambda part: self._chunk(sizes, part, spare), chunks, self.threads)
        for chunk, one in zip(chunks, made, strict=True):
            found.append(one)
            done += len(chunk)
            progress(stage, done, len(replicates))
        return [
            [joined_fits([chunk[s][q] for chunk in found]) for q in range(len(self.plan.question))]
            for s in range(len(sizes))
        ]

    def _chunk(self, sizes: Sequence[int], replicates: range, threads: int) -> list[list[Fits]]:
        make = partial(self._shared_out, threads=threads)
        return make(sizes, replicates) if self.kept is None else (
            self.kept.fits(sizes, replicates, make)
        )  # fmt: skip

    def _shared_out(
        self, sizes: Sequence[int], replicates: range, threads: int
    ) -> list[list[Fits]]:
        """A part of the studies to each thread, where each is drawn and fitted by itself."""
        process = self.process
        alone = self.plan.panel is not None and not (
            isinstance(process, PanelProcess) and process.sizes_are_drawn
        )
        parts = _parts(replicates, threads if alone else 1)
        made = list(side_by_side(lambda part: self._made(sizes, part), parts, threads))
        questions = range(len(self.plan.question))
        return [
            [joined_fits([part[s][q] for part in made]) for q in questions]
            for s in range(len(sizes))
        ]

    def _made(self, sizes: Sequence[int], replicates: range) -> list[list[Fits]]:
        batches = self._studies(max(sizes), replicates)
        return [
            [joined_fits([analyse(one, batch.first(n)) for batch in batches]) for one in self.asked]
            for n in sizes
        ]

    def _studies(self, n: int, replicates: range) -> Sequence[Studies]:
        process = self.process
        if (
            isinstance(process, PanelProcess)
            and process.is_laid_out_at_once
            and len(replicates) > 1
        ):
            return [laid_out(process.one_after_another(n, replicates))]
        return together(list(process.draw(n, replicates)))

    def successes(self, fits: Sequence[Fits]) -> np.ndarray:
        """Whether each study succeeded, (B,), from the estimates of its questions."""
        each = self.each_succeeds(fits)
        return np.all(each, axis=0) if self.plan.succeeds_with == "all" else np.any(each, axis=0)

    def each_succeeds(self, fits: Sequence[Fits]) -> list[np.ndarray]:
        """Whether each study succeeded, (B,), question by question."""
        return [self._succeeds(asked, one) for asked, one in zip(self.asked, fits, strict=True)]

    def bounds(self, fits: Sequence[Fits]) -> tuple[np.ndarray, np.ndarray]:
        """Success if failed fits count as failures, and if they count as successes, (B,) each."""
        each = [self._succeeds(asked, one) for asked, one in zip(self.asked, fits, strict=True)]
        kind = [won | ~one.converged for won, one in zip(each, fits, strict=True)]
        together = np.all if self.plan.succeeds_with == "all" else np.any
        return together(each, axis=0), together(kind, axis=0)

    def count(self, n: int, replicates: range) -> int:
        """Studies of n people that succeeded; a failed fit is no success."""
        return int(self.successes(self.fits([n], replicates)[0]).sum())

    def _succeeds(self, asked: Asked, fits: Fits) -> np.ndarray:
        if asked.question.success == "significant":
            return significant(fits, asked.question.alpha)
        with np.errstate(invalid="ignore"):
            if asked.question.success == "narrow":
                won = (fits.hi - fits.lo) / 2 <= (asked.question.half_width or 0.0)
            else:
                truth = self.process.truth(asked.question)
                won = (fits.lo <= truth) & (truth <= fits.hi)
        return np.asarray(won & fits.converged)


def _blocks(replicates: range) -> list[range]:
    """What one thread draws, fits and keeps at a time; no figure depends on it."""
    ends = range((replicates.start // BLOCK + 1) * BLOCK, replicates.stop, BLOCK)
    edges = [replicates.start, *ends, replicates.stop]
    return [range(a, b) for a, b in pairwise(edges)]


def _parts(replicates: range, threads: int) -> list[range]:
    """The replicates in so many runs, or fewer where there are few of them."""
    count = max(1, min(threads, len(replicates) // FEWEST))
    edges = [replicates.start + len(replicates) * i // count for i in range(count + 1)]
    return [range(a, b) for a, b in pairwise(edges)]


def joined_fits(parts: Sequence[Fits]) -> Fits:
    """The fits of several batches, in order."""
    if len(parts) == 1:
        return parts[0]
    names = Fits.__dataclass_fields__
    return Fits(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})
