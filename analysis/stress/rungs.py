"""The rungs between what is true and what an analysis says, of one study.

Each rung has the value of the question among fewer or worse seen people than the one before it: all
who take part, those who were interviewed, what their interviews recorded, and what the files say.
On the first two people are seen as the question's layer says: by default as interviews of the study
file record it, face to face and with everybody there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.questions.question import Question
from analysis.stress.collected import GivenTable
from analysis.stress.plain_reader import NOT_IN_FILES, interviews_read
from analysis.worlds.census import value_in
from analysis.worlds.interviews import Interviews, Recorded, outcomes_of
from analysis.worlds.layers import maps_on_layer
from sim.data import codebook
from sim.study.instruments import SCORE_COLUMNS
from sim.study.settings import SCORES
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study

__all__ = ["Rungs", "rungs_of"]

NAN = float("nan")


class Rungs(NamedTuple):
    """Values of a question in one study; NaN where it has none.

    Attributes
    ----------
    participants : float
        Of all who take part, but for the dead.
    attending : float
        Of those who were interviewed at the waves that the question needs.
    elicited : float
        Of them, by what their interviews recorded.
    collected : float
        By what the files say, where the condition has errors of files.
    """

    participants: float = NAN
    attending: float = NAN
    elicited: float = NAN
    collected: float = NAN


def rungs_of(
    questions: Sequence[Question],
    study: Study,
    made: SimulatedStudy,
    files: Mapping[str, GivenTable] | None,
) -> list[Rungs]:
    """The rungs of each question.

    Parameters
    ----------
    questions
        What is estimated.
    study
        As its file has it: what is true is true of this one.
    made
        What took place, under a condition.
    files
        As collected, if they have errors.
    """
    alive, attended = made.sample.egos["alive"] > 0, made.visits.attended
    wanted: dict[str, set[str]] = {}
    for one in questions:
        wanted.setdefault(one.layer, set()).add(str(one.outcome))
    every = set().union(*wanted.values())
    recorded = _as_written(made.scores)
    elicited = _seen(made, recorded, made.maps.recorded, attended, every)
    filed = None if files is None else interviews_read(files, study, every)
    true: dict[str, tuple[Interviews, Interviews]] = {}
    for layer, outcomes in wanted.items():
        scores = recorded if layer == "elicited" else made.true_scores
        on_map = _on_map(study, made, layer, outcomes)
        true[layer] = (
            _seen(made, scores, on_map, alive, outcomes),
            _seen(made, scores, on_map, alive & attended, outcomes),
        )
    found = []
    for one in questions:
        seen = (*true[one.layer], elicited, filed if _is_filed(one) else None)
        found.append(Rungs(*(NAN if s is None else value_in(one, study, s) for s in seen)))
    return found


def _is_filed(one: Question) -> bool:
    """Whether the files say what is asked: nothing of them says when episodes began."""
    return one.outcome not in NOT_IN_FILES and "episode" not in (one.about, one.among)


def _as_written(scores: np.ndarray) -> np.ndarray:
    """Scores with the decimals that files have."""
    egos = codebook.table("egos")
    decimals = [egos.column(SCORE_COLUMNS[one]).decimals or 0 for one in SCORES]
    found = [scores[:, :, s].astype(np.float64).round(d) for s, d in enumerate(decimals)]
    return np.stack(found, axis=2)


def _on_map(study: Study, made: SimulatedStudy, layer: str, wanted: set[str]) -> np.ndarray:
    """Maps as the layer has them, of everybody."""
    sample = made.sample
    return maps_on_layer(
        study, layer, wanted, sample.egos, sample.members, sample.site, sample.weeks, made.params,
        made.key,
    )  # fmt: skip


def _seen(
    made: SimulatedStudy, scores: np.ndarray, on_map: np.ndarray, seen: np.ndarray, wanted: set[str]
) -> Interviews:
    sample = made.sample
    shown = Recorded(sample.egos, sample.members, scores, on_map, seen)
    values, ties = outcomes_of(shown, wanted)
    nobody = np.zeros(sample.site.size, int)
    return Interviews(
        values, ties, np.maximum(sample.arm, 0), nobody, seen, seen, np.arange(sample.site.size)
    )
