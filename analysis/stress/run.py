"""A run: an analysis on studies of every case, replicate by replicate, each row kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa

from analysis.runs.chunks import ChunkRows, kept_map, on_threads
from analysis.runs.purposes import Purpose
from analysis.runs.run import Run, job_run
from analysis.stress.answers import Row, columns_of, rows_of_reply
from analysis.stress.studies import StressSpec, prepare_cases, studies_of
from analysis.stress.workers.hand import Hand
from analysis.worlds.census import Truth, census, contrast_of
from analysis.worlds.kept_worlds import WORLDS_A_FILE, KeptTruths
from sim.side_by_side import Progress, side_by_side, silent
from sim.study.frame import lived_scenario
from sim.study.spec import Study

__all__ = [
    "REPLICATES_A_FILE",
    "STRESS",
    "Hands",
    "rows_of_run",
    "run_replicate",
    "stress_run",
    "study_seed",
    "truths_of",
]  # fmt: skip

STRESS = "stress"
REPLICATES_A_FILE = 20
"""A killed run does at most so many replicates again."""


class Hands:
    """Processes of a run's analysis, as many as there are threads that ask for one.

    Parameters
    ----------
    spec
        Of the run.

    Attributes
    ----------
    seconds : float
        That the code has had so far.
    """

    def __init__(self, spec: StressSpec) -> None:
        self.seconds = 0.0
        self._code, self._limits = spec.code, spec.limits
        self._lock, self._idle = Lock(), list[Hand]()

    def __enter__(self) -> Hands:
        return self

    def __exit__(self, *_: object) -> None:
        """End them all."""
        for hand in self._idle:
            hand.close()

    @contextmanager
    def one(self) -> Iterator[Hand]:
        """A process that nobody else uses meanwhile."""
        with self._lock:
            hand = self._idle.pop() if self._idle else Hand(self._code, self._limits)
        began = hand.seconds
        try:
            yield hand
        except BaseException:
            hand.close()
            raise
        with self._lock:
            self.seconds += hand.seconds - began
            self._idle.append(hand)


def study_seed(spec: StressSpec, replicate: int) -> int:
    """The seed that an analysis gets for a replicate, the same in every case."""
    state = np.random.SeedSequence([spec.seed, replicate]).generate_state(1)
    return int(state[0]) % 2**31


def run_replicate(spec: StressSpec, replicate: int, hands: Hands) -> ChunkRows:
    """The rows of one replicate: one for each case and term."""
    found: list[tuple[str, Row]] = []
    with hands.one() as hand:
        for case, tables in studies_of(spec, replicate):
            reply = hand.ask(tables, study_seed(spec, replicate))
            found += [(case.condition, row) for row in rows_of_reply(reply, spec.asked.terms)]
    return {
        "condition": pa.array([condition for condition, _ in found]),
        "replicate": np.full(len(found), replicate),
        **columns_of([row for _, row in found]),
    }


def stress_run(out: str | Path | None, seed: int) -> Run | None:
    """The place of a run's rows in a folder of results; None without one."""
    return job_run(out, STRESS, Path(__file__), seed=seed)


def rows_of_run(
    spec: StressSpec,
    hands: Hands,
    replicates: range,
    *,
    kept: Run | None = None,
    threads: int = 1,
    progress: Progress = silent,
) -> pa.Table:
    """The rows of some replicates, those that are kept read, the others made and kept."""
    prepare_cases(spec, threads)
    asked = {
        "code": spec.code.digest, "limits": list(spec.limits), "terms": list(spec.asked.terms),
        "cases": [[one.condition, one.study.hash, one.lived.hash] for one in spec.cases],
    }  # fmt: skip
    store = None if kept is None else kept.store("studies", block=REPLICATES_A_FILE, **asked)
    found = kept_map(
        partial(run_replicate, hands=hands), spec, replicates, store=store,
        driver=on_threads(threads, first_alone=True), progress=progress,
        stage="running the analysis",
    )  # fmt: skip
    return pa.concat_tables(found)


def truths_of(
    spec: StressSpec,
    study: Study,
    worlds: int,
    *,
    kept: Run | None = None,
    threads: int = 1,
    progress: Progress = silent,
) -> tuple[Truth, ...]:
    """What is true of each question, over worlds of everybody eligible, with its error.

    Parameters
    ----------
    study
        As its file has it.
    worlds
        So many.
    """
    lived, questions = lived_scenario(spec.world, study), spec.asked.questions

    def work(replicate: int) -> list[np.ndarray]:
        return census(study, lived, questions, spec.seed, replicate)

    numbers = Purpose.TRUTH.some(worlds)
    live = partial(side_by_side, work, threads=threads, first_alone=True)
    if kept is None:
        sums = live(numbers)
    else:
        asked = {
            "study": study.hash, "lived": lived.hash,
            "questions": [one.model_dump(mode="json") for one in questions],
        }  # fmt: skip
        sums = KeptTruths(kept.store("truths", block=WORLDS_A_FILE, **asked)).or_lived(
            numbers, live
        )
    found = []
    for one in sums:
        found.append(one)
        progress("living worlds to know what is true", len(found), worlds)
    return tuple(
        contrast_of(question, np.stack([each[q] for each in found]))
        for q, question in enumerate(questions)
    )
