"""What a plan and its protocol say of the scale of the outcome, and of which difference matters."""

import tomllib

import pytest

from analysis.planning.planner import plan_study
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.words import result_in_words
from sim.study.spec import parse_study

TRIAL = """\
id = "mood"
title = "A trial of two arms"
[recruitment]
n = 100
[arms]
unit = "ego"
share = { control = 1, treated = 1 }
[waves]
weeks = [0, 26]
[participation]
retention = [0.8]
[plan]
chance = 0.8
people_at_most = 600
[[plan.question]]
outcome = "phq9"
analysis = "ancova"
[plan.panel]
outcome = "phq9"
mean = 14
sd = 5
correlation = 0.6
[plan.panel.effect]
treated = [-0.4]
"""
OWN = """
[plan.panel.scale]
name = "Mood by our own questions"
low = 0
high = 27
worse = "low"
source = "our pilot"
"""


def said(text):
    result = plan_study(parse_study(tomllib.loads(text)), seed=1, replicates=100, sizes=[100])
    return result_in_words(result), protocol_of(result).markdown


@pytest.fixture(scope="module")
def known():
    return said(TRIAL)


@pytest.fixture(scope="module")
def own():
    return said(TRIAL.replace("phq9", "mood").replace("-0.4", "0.2") + OWN)


def test_a_plan_names_the_scale_and_the_difference_that_matters(known, own):
    assert "Patient Health Questionnaire, nine items, 0 to 27, lower is better; " in known[0]
    assert "smallest important difference 1.7 (kounali2020)" in known[0]
    assert "Mood by our own questions, 0 to 27, higher is better; " in own[0]
    assert "no smallest important difference is known to us" in own[0]


def test_with_two_questions_the_scale_is_named_once_on_a_line_of_its_own():
    question = '[[plan.question]]\noutcome = "phq9"\nanalysis = "ancova"\n'
    lines = said(TRIAL.replace(question, 2 * question))[0].splitlines()
    asked = next(i for i, one in enumerate(lines) if one.startswith("Wanted:"))
    first, scale, second = lines[asked + 1 : asked + 4]
    assert first.startswith("  1. difference of phq9")
    assert scale.startswith("     Patient Health Questionnaire")
    assert second.startswith("  2. difference of phq9")


def test_a_protocol_says_what_the_outcome_is_and_where_it_is_from(known, own):
    assert "Patient Health Questionnaire, nine items, PHQ-9 (0 to 27 points, lower is" in known[1]
    assert "better) [1]. The difference in mean PHQ-9 at 26 weeks" in known[1]
    assert "**1.** Kroenke, Spitzer and Williams: The PHQ-9" in known[1]
    assert "questions, mood (0 to 27 points, higher is better) (our pilot)." in own[1]


def test_the_effect_planned_for_stands_beside_the_smallest_that_matters(known, own):
    assert "**Importance.** The effect planned for is 2 points. The smallest important" in known[1]
    assert "difference published of PHQ-9 is 1.7 points, found by what people say" in known[1]
    assert "Another is 5 points, found by the error of measurement" in known[1]
    assert "Kounali, Button, Lewis and colleagues" in known[1][known[1].index("## References") :]
    assert "No smallest important difference of mood is known to us." in own[1]


def test_one_point_is_one_point(own):
    assert "is 1 point. No smallest" in own[1]
    assert "planned for 1 point (0.20 of the standard deviation at baseline)" in own[1]
    assert "1 points" not in own[1]
