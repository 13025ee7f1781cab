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
from analysis.stress.answers import Row, columns_of, not_cleaned, rows_of_reply
from analysis.stress.cleaning import told_of, tried_cleaning
from analysis.stress.rungs import Rungs, rungs_of
from analysis.stress.shared_worlds import KeptLives
from analysis.stress.studies import StressSpec, prepare_cases, studies_of
from analysis.stress.workers.hand import Hand
from analysis.worlds.census import Truth, census, contrast_of
from analysis.worlds.kept_worlds import WORLDS_A_FILE, KeptTruths
from sim.side_by_side import Progress, side_by_side, silent
from sim.study.frame import lived_scenario
from sim.study.spec import Study

__all__ = [
    "CLEANING",
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
CLEANING = "cleaning"
"""The column of rows in which stands what cleaned tables came to."""
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


def run_replicate(
    spec: StressSpec, replicate: int, hands: Hands, lives: KeptLives | None = None
) -> ChunkRows:
    """The rows of one replicate: one for each case and term, and what more is known of the study.

    Beside what `analysis.stress.answers.Row` has, a row has its `Rungs`; the first row of each case
    has what cleaned tables came to, as `analysis.stress.cleaning.told_of` writes it.
    """
    found: list[tuple[str, Row, Rungs, str]] = []
    terms, questions = spec.asked.terms, spec.asked.questions
    with hands.one() as hand:
        for case, given in studies_of(spec, replicate, lives):
            reply = hand.ask(given, study_seed(spec, replicate))
            rows = rows_of_reply(reply, terms)
            scores, faults = tried_cleaning(reply.cleaned, given, as_tables=spec.code.gets_tables)
            rows += [not_cleaned(name, said) for name, said in faults]
            files = given if case.errors_of_files else None
            rungs = rungs_of(questions, spec.study, given.study, files)
            of_term = dict(zip(terms, rungs, strict=True))
            told = [told_of(scores), *[""] * (len(rows) - 1)]
            found += [(case.condition, row, of_term.get(row.term, Rungs()), one)
                      for row, one in zip(rows, told, strict=True)]  # fmt: skip
    return {
        "condition": pa.array([condition for condition, *_ in found]),
        "replicate": np.full(len(found), replicate),
        "world": np.full(len(found), spec.place(replicate)[0]),
        **columns_of([row for _, row, *_ in found]),
        **{name: np.array([one[2][k] for one in found]) for k, name in enumerate(Rungs._fields)},
        CLEANING: pa.array([one[3] for one in found]),
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
    lives: KeptLives | None = None,
    threads: int = 1,
    progress: Progress = silent,
) -> pa.Table:
    """The rows of some replicates, those that are kept read, the others made and kept.

    With `lives`, samples wait there for studies of the same worlds that are made later.
    """
    prepare_cases(spec, threads)
    asked = {
        "code": spec.code.digest, "limits": list(spec.limits), "terms": list(spec.asked.terms),
        "study": spec.study.hash, "studies_a_world": spec.studies_a_world,
        "cases": [[one.condition, one.study.hash, one.lived.hash] for one in spec.cases],
    }  # fmt: skip
    store = None if kept is None else kept.store("studies", block=REPLICATES_A_FILE, **asked)
    found = kept_map(
        partial(run_replicate, hands=hands, lives=lives), spec, replicates, store=store,
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
