"""Plans of analyses that once missed their level without a word: barred, with what holds instead.

Of 10,000 studies with nothing to find, an analysis at its level is above 1.2 alpha by more than
chance (99 %) less than once in a million; each case lies far above, or holds now.
"""

import pytest

from analysis.planning.planner import plan_study
from analysis.planning.report.page import plan_html
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.validity.words import barred_in_words
from analysis.questions.of_study import plan_of
from tests.analysis.planning.changes import (
    ANY,
    BOTH_ACT,
    BY_TEAM,
    SLOPES,
    THREE_ARMS,
    TWO_QUESTIONS,
    analysed,
)

HALF_LOST = (
    "retention = [0.9, 0.8]",
    'retention = [0.7, 0.5]\nmechanism = "MAR"\nodds_ratio = 2.0',
)
LARGE = ("treated = [0.25, 0.5]", "treated = [0.8, 1.6]")


def clusters(rule, *arms):
    lines = "".join(f"{arm} = {{ {rule} }}\n" for arm in arms)
    return ("[plan.panel.effect]", f"[plan.panel.clusters]\n{lines}[plan.panel.effect]")


MANY = ("people_at_most = 600", "people_at_least = 200\npeople_at_most = 600")
GROUP = clusters("icc = 0.1, number = 6", "control", "treated")
EIGHTS = clusters("icc = 0.1, size = 8", "control", "treated")
BARRED = {
    "random intercept, slopes": (analysed("random_intercept"), SLOPES),
    "a mean in clusters": (
        analysed("t_test", '\nabout = "mean"\nsuccess = "covers"'), BY_TEAM, GROUP, MANY,
    ),
    "a change in clusters": (
        analysed("change_score", '\nabout = "change"'), GROUP, MANY,
        ("sd = 4", "sd = 4\ntrend = [0.5, 1.0]"),
    ),
    "people of clusters as if alone": (BY_TEAM, EIGHTS),
    "any of two questions": (THREE_ARMS, BOTH_ACT, TWO_QUESTIONS, ANY),
}  # fmt: skip
HOLDS = {
    "cautious MMRM, few people, half lost": (analysed("mmrm_cautious"), HALF_LOST, 24),
    "groups in one arm": (analysed("cluster_t"), clusters("icc = 0.1, number = 3", "treated"), 60),
}


@pytest.mark.verify
@pytest.mark.parametrize("name", BARRED)
def test_a_plan_that_is_wrong_too_often_is_barred_and_names_one_that_is_not(study, name):
    found = plan_study(study(*BARRED[name]), seed=1, replicates=200, threads=2)
    assert found.is_barred
    said = " ".join(barred_in_words(found))
    assert said.startswith("Do not use ")
    assert found.instead is not None
    assert found.instead.validity.holds
    assert f"N = {found.instead.found.answer:.0f} people" in said
    old, new = plan_of(found.study).question, found.instead.questions
    changed = [
        (a.analysis, a.alpha) != (b.analysis, b.alpha) for a, b in zip(old, new, strict=True)
    ]
    assert any(changed)


def test_no_texts_are_written_for_a_number_that_is_not_to_be_used(study):
    changes = BARRED["random intercept, slopes"]
    found = plan_study(study(*changes), seed=1, replicates=100, precision=0.1, threads=2)
    protocol = protocol_of(found)
    assert found.is_barred
    assert "**Not to be used.** Do not use N = " in protocol.markdown
    assert [one.title for one in protocol.sections] == ["Sample size"]
    assert protocol.flow is None
    assert "enrol" not in protocol.markdown
    assert "flow of participants" not in plan_html(found, protocol)


@pytest.mark.verify
@pytest.mark.parametrize("name", HOLDS)
def test_what_was_mended_holds(study, name):
    *changes, n = HOLDS[name]
    found = plan_study(study(*changes, LARGE), seed=1, sizes=[n], replicates=200, threads=2)
    assert found.validity.holds


@pytest.mark.verify
def test_a_plain_mmrm_of_few_people_of_whom_half_are_lost_is_barred(study):
    found = plan_study(
        study(analysed("mmrm"), HALF_LOST, LARGE), seed=1, sizes=[20], replicates=200, threads=2
    )
    assert found.is_barred
    assert "--n" in " ".join(barred_in_words(found))
