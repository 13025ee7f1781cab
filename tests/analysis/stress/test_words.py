"""What a stress test says: of numbers where they are wrong, of the rest what is the matter."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.stress.beside import RelativeEfficiency
from analysis.stress.criteria import Zones
from analysis.stress.verdicts import NOTHING, Tried, judgements
from analysis.stress.words import beside_in_words, sentence, stress_answer
from analysis.worlds.census import Truth

SPEC = SimpleNamespace(
    conditions={"clean": "where nobody stays away"}, code=SimpleNamespace(said="my.py:fit"),
    cases=(SimpleNamespace(condition="clean",
                           study=SimpleNamespace(recruitment=SimpleNamespace(n=30))),),
)  # fmt: skip


def judged(rows, truth=NOTHING):
    n = len(rows.estimate)
    (found,) = judgements([Tried("clean", "m", rows, truth, False, True)], {}, Zones(), (n,), 1)
    return found


def answered(*judgements_):
    spec = SimpleNamespace(conditions=SPEC.conditions, code=SPEC.code, cases=())
    return SimpleNamespace(
        spec=spec, invariances=[], must=("clean",), judged=list(judgements_), failed=[],
        undecided=[one for one in judgements_ if one.verdict == "undecided"], silent=[],
        replicates=1600, worlds=1600, effective=1600.0, most=1600, truths=(),
    )  # fmt: skip


def test_what_only_warns_is_not_told_as_a_bias(rows):
    said = sentence(judged(rows(1600)._replace(warned=np.ones(1600, bool))), SPEC)
    assert said == (
        "where nobody stays away, m: it warns in 100 % of studies that give no cause for it"
    )


def test_a_bias_is_told_with_what_is_true(rows):
    said = sentence(judged(rows(400, shift=1)), SPEC)
    assert "on average where 0.0" in said


def test_one_answer_for_every_study_is_told_as_that(rows):
    some, same = rows(200), np.full(200, 0.1)
    said = sentence(judged(some._replace(estimate=same, lo=same - 1, hi=same + 1), ABOVE), SPEC)
    assert "m is 0.10 in every study, whatever its data (2.00 is true)" in said
    for odd in ("inf", "standard error", "people on", "times"):
        assert odd not in said


ABOVE = Truth(2.0, 0.0, 100)


@pytest.mark.parametrize(
    ("efficiency", "estimate", "expected"),
    [
        (0.8, None, "and as precise as that with 0.80 ± 0.05 times the people (100 studies)"),
        (np.nan, None, "of right; it is biased, so its precision is not compared (100 studies)"),
        (np.nan, 0.1, "of right; it gives the same answer for every study, so there is no"),
    ],
)
def test_precision_is_compared_where_there_is_some(rows, efficiency, estimate, expected):
    some = rows(100, shift=2)
    some = some if estimate is None else some._replace(estimate=np.full(100, estimate))
    beside = [RelativeEfficiency("m", "right", 100, 1.0, 0.0, efficiency, 0.05)]
    (said,) = beside_in_words(SimpleNamespace(beside=beside, judged=[judged(some)]))
    assert said.startswith("m: intervals 1.00 ± 0.00 times as wide as those of right")
    assert expected in said


def test_an_undecided_figure_stands_beside_its_edge(rows):
    some = rows(1600)
    near = np.arange(1600) < 0.931 * 1600
    some = some._replace(lo=np.where(near, -9.0, 8.0), hi=np.full(1600, 9.0))
    said = stress_answer(answered(judged(some)))
    assert "m: coverage is 0.931 ± 0.006, the edge 0.925, which it takes about 1" in said
    assert said.endswith("studies to tell apart.")
