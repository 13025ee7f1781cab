"""How wide intervals are, and how much estimates spread, beside those of a right analysis.

A shipped analysis that is right for what a term estimates is run on the same clean studies. An
analysis can pass every demand and still waste half of the people: that is seen here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from analysis.questions.asking import LOSS, is_scale
from analysis.questions.question import Question
from analysis.stress.analyses import right
from analysis.stress.analyses.parts import TermAnswer, at_last, mean_answer, on_last_map
from analysis.stress.collected import in_frames
from analysis.stress.conditions import CLEAN
from analysis.stress.criteria import StudyRows, is_one_number, rows_by_term, study_rows
from analysis.stress.run import study_seed
from analysis.stress.studies import StressSpec, studies_of
from sim.study.instruments import SCORE_COLUMNS

__all__ = ["RelativeEfficiency", "beside_of", "right_for"]

MOST_BESIDE, FEWEST_BESIDE = 100, 10
RightAnalysis = Callable[[Any], TermAnswer]


class RelativeEfficiency(NamedTuple):
    """A term beside a shipped right analysis, on the same clean studies.

    Attributes
    ----------
    term, analysis : str
    studies : int
        In which both had an answer.
    width, width_mcse : float
        Mean width of intervals, over that of the right analysis.
    efficiency, efficiency_mcse : float
        Variance of the right analysis's estimates over that of the user's: .5 says that twice as
        many people would be needed for the same precision. Error as in Morris et al. (2019),
        table 6, doi 10.1002/sim.8086. NaN of estimates that are one number whatever the study, or
        that are biased: to spread little about what is not true is no precision.
    """

    term: str
    analysis: str
    studies: int
    width: float
    width_mcse: float
    efficiency: float
    efficiency_mcse: float


def right_for(question: Question) -> tuple[str, RightAnalysis] | None:
    """A shipped analysis that is right for a question at the last wave of a study, and its name."""
    about, outcome = question.about, question.outcome
    if question.layer != "elicited" or question.among != "all":
        return None
    if outcome == LOSS:
        return _of_ties(question) if about == "mean" else None
    if is_scale(outcome):
        scale = SCORE_COLUMNS[outcome]
        return {
            "mean": ("mean of people", partial(_mean_score, scale=scale)),
            "change": ("change_of_people", partial(right.change_of_people, scale=scale)),
            "difference": ("arms_adjusted", partial(right.arms_adjusted, scale=scale)),
        }.get(about)
    if about == "mean" and outcome in ("map_size", "n_friend"):
        kinds = None if outcome == "map_size" else right.FRIENDS
        return "mean of people", partial(_mean_named, kinds=kinds)
    return None


def _of_ties(question: Question) -> tuple[str, RightAnalysis] | None:
    classes = question.classes or ()
    if len(classes) != 1:
        return None
    if classes == ("professional",):
        return "kept_by_teams", right.kept_by_teams
    return "kept_by_people", partial(right.kept_by_people, tie_class=classes[0])


def _mean_score(study: Any, scale: str) -> TermAnswer:
    return mean_answer(at_last(study, study.egos)[scale].dropna())


def _mean_named(study: Any, kinds: tuple[str, ...] | None) -> TermAnswer:
    members = study.alters
    if kinds is not None:
        members = members[members.tie_kind.isin(kinds)]
    return mean_answer(on_last_map(study, members)[0])


def beside_of(
    spec: StressSpec, rows: pa.Table, biased: Collection[str] = ()
) -> list[RelativeEfficiency]:
    """Each term of which a shipped analysis is right; none where clean studies are not run.

    Parameters
    ----------
    spec, rows
        Of a run.
    biased
        Terms that fail by their bias in clean studies.
    """
    cases = tuple(case for case in spec.cases if case.condition == CLEAN)
    asked = {
        term: found
        for term, question in zip(spec.asked.terms, spec.asked.questions, strict=True)
        if (found := right_for(question)) and cases
        and question.at_week in (None, cases[0].study.waves.weeks[-1])
        and _all_arms(question, cases[0].study.arms)
    }  # fmt: skip
    if not asked:
        return []
    clean = rows.filter(pa.compute.equal(rows["condition"], CLEAN))
    studies = min(int(clean["replicate"].to_numpy().max()) + 1, MOST_BESIDE)
    fits = {term: fit for term, (_, fit) in asked.items()}
    theirs = _answers(replace(spec, cases=cases), fits, studies)
    by_term = rows_by_term(clean)
    mine = {term: study_rows(clean.take(by_term[CLEAN, term])).first(studies) for term in asked}
    both = [
        _beside(term, name, mine[term], theirs[term], precise=term not in biased)
        for term, (name, _) in asked.items()
    ]
    return [one for one in both if one is not None]


def _all_arms(question: Question, arms: Any) -> bool:
    """Whether a contrast is of all the arms there are, or no contrast."""
    return question.about != "difference" or (arms is not None and len(arms.names) == 2)


def _answers(
    spec: StressSpec, fits: dict[str, RightAnalysis], studies: int
) -> dict[str, np.ndarray]:
    """Estimate and width of each right analysis in each study, (studies, 2); NaN where none."""
    found = {term: np.full((studies, 2), np.nan) for term in fits}
    for replicate in range(studies):
        for _, given in studies_of(spec, replicate):
            study = in_frames(given, study_seed(spec, replicate))
            for term, fit in fits.items():
                one = fit(study)
                found[term][replicate] = one["estimate"], one["hi"] - one["lo"]
    return found


def _beside(
    term: str, name: str, mine: StudyRows, theirs: np.ndarray, *, precise: bool
) -> RelativeEfficiency | None:
    both = mine.usable & np.isfinite(theirs).all(axis=1)
    n = int(both.sum())
    if n < FEWEST_BESIDE:
        return None
    estimate, width = mine.estimate[both], (mine.hi - mine.lo)[both]
    other, other_width = theirs[both].T
    if other.std() == 0 or not np.isfinite(width).all():
        return None
    ratio = float(width.mean() / other_width.mean())
    off = width - ratio * other_width
    error = float(off.std(ddof=1) / other_width.mean() / np.sqrt(n))
    if not precise or is_one_number(estimate):
        return RelativeEfficiency(term, name, n, ratio, error, np.nan, np.nan)
    gain = float(other.var(ddof=1) / estimate.var(ddof=1))
    alike = float(np.corrcoef(estimate, other)[0, 1])
    gain_error = float(2 * gain * np.sqrt(max(1 - alike**2, 0.0) / (n - 1)))
    return RelativeEfficiency(term, name, n, ratio, error, gain, gain_error)
