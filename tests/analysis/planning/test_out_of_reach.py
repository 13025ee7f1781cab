"""A target that no number of people reaches is said first, and why; sums of arms are sums."""

import dataclasses
import re

from analysis.pages.blocks import as_markdown
from analysis.planning.planner import plan_study
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.words import result_in_words
from analysis.planning.world.no_effect import not_told_from_zero
from analysis.questions.of_study import plan_of
from analysis.worlds.census import Truth
from tests.analysis.planning.changes import BY_TEAM, analysed
from tests.analysis.planning.test_protocol_of_world import BY_TEAM as WORLD
from tests.analysis.planning.test_protocol_of_world import study_of

FIVE_TEAMS = (
    "[plan.panel.effect]",
    "[plan.panel.clusters]\ncontrol = { icc = 0.2, number = 5 }\n"
    "treated = { icc = 0.2, number = 5 }\n[plan.panel.effect]",
)


def paragraph_of(result):
    section = next(one for one in protocol_of(result).sections if one.title == "Sample size")
    return as_markdown([section]).removeprefix("## Sample size").strip()


def test_what_is_out_of_reach_is_the_first_sentence(study):
    small = study(("people_at_most = 600", "people_at_most = 40"))
    result = plan_study(small, seed=1, replicates=100)
    said = paragraph_of(result)
    assert said.startswith("Even with 40 people, the most there may be, the power is 0.")
    assert "the 0.80 aimed at is out of reach" in said.split("\n")[0]
    assert "will enrol" not in said
    assert "The aim is" not in said


def test_clusters_are_said_to_be_the_limit_where_they_are(study):
    result = plan_study(
        study(BY_TEAM, analysed("cluster_t"), FIVE_TEAMS), seed=1, replicates=100, precision=0.1
    )
    (why,) = result.why_not
    assert "the number of teams is the limit, not that of people" in why
    assert float(re.search(r"have a chance of (0\.\d+)", why)[1]) < 0.8
    assert why[1:] in paragraph_of(result).split("\n")[0]
    assert why in result_in_words(result).split("Wanted")[0]
    assert protocol_of(result).markdown.count(why[1:]) == 1


def test_people_are_the_limit_where_a_formula_needs_more_of_them(study):
    small = study(
        BY_TEAM, analysed("cluster_t"), ("people_at_most = 600", "people_at_most = 60"),
        (FIVE_TEAMS[0], FIVE_TEAMS[1].replace("icc = 0.2", "icc = 0.01")),
    )  # fmt: skip
    result = plan_study(small, seed=1, replicates=100, precision=0.1)
    assert result.found.answer is None
    assert result.why_not == ()
    assert any("by closed form it takes" in one for one in result.notes)


def test_arms_add_up_to_those_enrolled_where_sites_run_out_of_people():
    few = study_of(WORLD.replace("interest = 0.9", "interest = 0.62"))
    result = plan_study(few, seed=2, sizes=[60], replicates=24)
    said = paragraph_of(result).split(". ")[0] + "."
    n, mean = re.search(r"would enrol (\d+) people, .* consented: ([\d.]+) enrolled", said).groups()
    arms = re.findall(r"(\d+) \(\d+ to \d+\) in", said)
    assert int(n) == 60
    assert abs(sum(map(int, arms)) - float(mean)) <= 1
    assert float(mean) < 59


def test_a_truth_that_may_be_zero_is_no_want_of_people():
    questions = plan_of(study_of(WORLD)).question
    said = not_told_from_zero(questions, [Truth(0.01, 0.02, 100), Truth(0.0, 0.1, 100)])
    assert len(said) == 1  # the second asks for a narrow interval
    assert "0.01 (MCSE 0.02, 100 worlds), is not told from zero" in said[0]
    assert "no number of people will do" in said[0]
    assert not_told_from_zero(questions, [Truth(0.2, 0.02, 100), Truth(0.0, 0.1, 100)]) == []


def test_why_no_number_will_do_stands_beside_what_is_out_of_reach(study):
    small = study(("people_at_most = 600", "people_at_most = 40"))
    result = plan_study(small, seed=1, replicates=100)
    result = dataclasses.replace(result, why_not=("there is nothing to find",))
    assert "there is nothing to find" in result_in_words(result).split("Wanted")[0]
    assert "There is nothing to find." in paragraph_of(result).split("\n")[0]
    given = dataclasses.replace(result, found=None)
    assert "Note: there is nothing to find." in result_in_words(given)
