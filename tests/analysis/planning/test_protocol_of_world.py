"""Texts of plans from the world: the result's very numbers, and nothing of a panel."""

import re
import tomllib
from itertools import product

import numpy as np
import pytest

from analysis.estimators.catalogue import analysis, answering, nameable
from analysis.pages.blocks import as_markdown
from analysis.planning.planner import plan_study
from analysis.planning.report.flow_figure import flow_figure
from analysis.planning.report.page import plan_html
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.protocol.outcomes import (
    amount,
    estimand_in_words,
    metric,
    value_in_words,
)
from analysis.planning.report.protocol.wording import analysis_in_words
from analysis.planning.world.flow_seen import flow_seen
from analysis.planning.world.spread_seen import analysis_of_variance
from analysis.questions.asking import Outcome, family
from analysis.questions.of_study import plan_of
from analysis.questions.question import Question
from analysis.worlds.process import world_process
from sim.study.spec import parse_study, read_study
from sim.world.parameters import catalogue

BY_TEAM = """\
id = "small"
title = "Three teams of two sites"
cite = ["B46", "N35"]
[frame]
teams_per_site = [2, 1]
egos_per_team = 36
[recruitment]
n = 30
interest = 0.9
consent = 0.9
[arms]
unit = "team"
share = { usual_care = 1, cutback = 1 }
[arms.scenario]
cutback = "service-cutback"
[waves]
weeks = [0, 26]
[participation]
retention = [0.8]
[plan]
process = "world"
chance = 0.8
people_at_least = 20
people_at_most = 60
[[plan.question]]
outcome = "service_contacts"
analysis = "negative_binomial"
[[plan.question]]
outcome = "swemwbs"
analysis = "cluster_t"
success = "narrow"
half_width = 6.0
[plan.sources]
retention = "B37"
"""
NO_ARMS = (
    re.sub(r"\[arms\].*?(?=\[waves\])", "", BY_TEAM, flags=re.DOTALL).split("[[plan.question]]")[0]
    + """\
[[plan.question]]
outcome = "ties_lost"
about = "classes"
classes = ["friend", "kin"]
among = "episode"
analysis = "gee_logit"
"""
)
OF_PANELS = (
    "baseline of", "The calculation assumes", "standard deviation at baseline", "closed form",
    "between two measurements", "random level",
)  # fmt: skip


def study_of(text):
    return parse_study(tomllib.loads(text), "small.toml")


def sections_of(result):
    return {one.title: as_markdown([one]) for one in protocol_of(result).sections}


@pytest.fixture(scope="module")
def by_team():
    return plan_study(study_of(BY_TEAM), seed=2, replicates=24)


@pytest.fixture(scope="module")
def no_arms():
    return plan_study(study_of(NO_ARMS), seed=2, sizes=[40], replicates=30)


def test_the_paragraph_says_where_the_figures_come_from(by_team):
    said = sections_of(by_team)["Sample size"]
    point = by_team.flow
    for words in (
        f"enrol {point.n} people", '"usual-care"', '"service-cutback"', "3 teams at 2 sites",
        "about 36 people each, 108 in all", "at most 60", "allocated by team",
        "in usual care people live in the world as it is", "80 % at 26 weeks",
    ):  # fmt: skip
        assert words in said, words


def test_truths_have_their_error_and_their_worlds(by_team):
    said = sections_of(by_team)
    truth, error, worlds = (
        one[0] for one in (by_team.truths, by_team.truth_errors, by_team.truth_worlds)
    )
    ratio = f"{truth:.3g} (a ratio of means of {np.exp(truth):.3g})"
    words = f"{ratio} with a Monte Carlo standard error of {error:.2g}, from {worlds} pairs"
    for title in ("Sample size", "Target difference", "The simulation study (ADEMP)"):
        assert words in said[title], title
    assert f"{by_team.truths[1]:.3g} points with" in said["The simulation study (ADEMP)"]
    assert "all against none" in said["Target difference"]
    assert "No difference was chosen" in said["Target difference"]


def test_success_and_its_curve_are_those_of_the_plan(by_team):
    said = sections_of(by_team)["Sample size"]
    found = by_team.found
    run = found.confirmed if found.answer else by_team.at(60).success
    assert f"{run.share:.3f} (Monte Carlo standard error {run.mcse:.3f}" in said
    assert f"{run.n:,} simulated studies" in said


def test_what_teams_allow_is_told_once(by_team):
    said = sections_of(by_team)
    power = by_team.ceilings[0]
    assert power.number == 1
    for row in power.rows:
        assert f"{row.k} teams allow a power of {row.power:.2f}" in said["Sample size"]
    assert "ceiling by number" not in said["What the figures rest on"]


def test_no_word_claims_what_a_panel_assumes(by_team, no_arms):
    for result in (by_team, no_arms):
        whole = protocol_of(result).markdown
        for words in OF_PANELS:
            assert words not in whole, words
        assert "nan" not in whole


def test_grades_are_counted_from_the_catalogue(by_team):
    said = sections_of(by_team)
    grades = [one.grade for one in catalogue().values()]
    rest = said["What the figures rest on"]
    for grade in set(grades):
        assert re.search(rf"{grades.count(grade)} (are )?{grade}", rest), grade
    assert f"{grades.count('assumed')} are assumed" in said["If an assumption is off"]
    assert "Not drawn for this plan" in said["If an assumption is off"]
    bare = re.search(r"\*\*Without a source in the study file:\*\* (.*)\.", rest)[1]
    assert bare.split(", ") == ["mechanism", "recruitment"]


def test_sources_of_study_and_scenarios_are_listed(by_team):
    said = protocol_of(by_team).markdown
    text, _, entries = said.partition("## References")
    cited = {int(one) for group in re.findall(r"\[([\d, ]+)\]", text) for one in group.split(",")}
    listed = [int(one) for one in re.findall(r"\*\*(\d+)\.\*\*", entries)]
    assert sorted(cited) == listed
    assert entries.count("The founding paper") == 1  # N35 and brooks2020 are one
    assert "SWEMWBS of 19.28" in entries


def test_participants_are_those_of_the_simulated_studies(by_team):
    world = world_process(by_team.study, by_team.plan, 2)
    n = by_team.flow.n
    studies = list(world.draw(n, range(5)))
    flow = flow_seen(world, n, range(5))
    for place, arm in enumerate(flow.arms):
        people = [(one.arm == place).sum() for one in studies]
        seen = [one.attended[one.arm == place, 1].sum() for one in studies]
        dead = [(~one.alive[one.arm == place, 1]).sum() for one in studies]
        teams = [np.unique(one.cluster[one.arm == place]).size for one in studies]
        for expected, counted in (
            (arm.people, people), (arm.interviewed[0], seen), (arm.died[0], dead),
            (arm.analysed[0], seen), (arm.clusters.number, teams),
        ):  # fmt: skip
            assert expected.mean == pytest.approx(np.mean(counted))
            assert min(counted) <= expected.low <= expected.high <= max(counted)


def test_the_flow_counts_people_teams_deaths_and_ties(by_team, no_arms):
    said = sections_of(by_team)["Expected flow of participants"]
    for words in ("| in teams (size) |", "| died by then |", "24 simulated studies"):
        assert words in said
    assert "cluster" in sections_of(by_team)["References"]
    said = sections_of(no_arms)["Expected flow of participants"]
    arm = no_arms.flow.arms[0]
    assert f"| their ties in it | {arm.ties[0].mean:.0f} (" in said
    assert arm.analysed[0].mean < arm.interviewed[0].mean / 2  # those with an episode
    boxes = [one.get_text() for one in flow_figure(no_arms.flow, "team").axes[0].texts]
    assert any("ties" in one for one in boxes)


def test_a_study_without_arms_is_not_said_to_do_anything(no_arms):
    said = sections_of(no_arms)
    assert "There are no arms: nothing is done to anybody" in said["Sample size"]
    assert "is no trial" in said["Sample size"]
    assert "descriptive, a census" in said["Target difference"]
    assert "does not say what an episode causes" in said["Target difference"]
    assert "arms that" not in protocol_of(no_arms).markdown
    assert "within arms" not in protocol_of(no_arms).markdown


def test_failed_fits_are_told(no_arms):
    point = no_arms.curve[0]
    said = sections_of(no_arms)["Sample size"]
    told = f"in {point.failed} of {point.success.n}" if point.failed else f"all of {30}"
    assert told in said


def test_spread_is_that_of_the_simulated_studies(by_team):
    said = sections_of(by_team)["Sample size"]
    spread = by_team.spreads[1]
    assert f"{spread.sd.value:.2f} points (MCSE {spread.sd.mcse:.2f}, 24 studies)" in said
    assert f"{spread.icc.value:.3f} (MCSE {spread.icc.mcse:.3f}" in said
    assert 2 < spread.sd.value < 7


def test_the_spread_of_known_data_is_found():
    """Variances 9 within and 1 between teams: to 4 standard errors of 200 sets of data."""
    rng = np.random.Generator(np.random.Philox(4))
    arm, team = np.repeat([0, 1], 200), np.repeat(np.arange(40), 10)
    found = []
    for _ in range(200):
        y = 5 * arm + rng.normal(0, 1, 40)[team] + rng.normal(0, 3, 400)
        y[::7] = np.nan
        found.append(analysis_of_variance(y, arm, team))
    sd, icc = np.array(found).T
    assert abs(icc.mean() - 0.1) < 4 * icc.std() / 200**0.5
    assert abs((sd**2).mean() - 10) < 4 * (sd**2).std() / 200**0.5
    assert np.isnan(analysis_of_variance(y[:3], arm[:3], np.arange(3))).all()


def test_the_page_has_the_texts_of_a_plan_from_the_world(by_team):
    page = plan_html(by_team, protocol_of(by_team))
    assert "Target difference" in page
    assert page.count("data:image/svg+xml;base64,") == 2


def questions():
    """Every question that can be put to the world."""
    for outcome in Outcome.__args__:
        for about, analyses in answering(family(outcome)).items():
            for one in analyses:
                said = {"outcome": outcome, "about": about, "analysis": one}
                if about != "slope":
                    said["at_week"] = 52
                if about in ("difference", "slope"):
                    said["arms"] = ("first_arm", "second_arm")
                kinds = [()]
                if outcome == "ties_lost":
                    kinds = {
                        "classes": [("friend", "kin")],
                        "difference": [(), ("kin",)],
                        "mean": [(), ("kin",)],
                    }.get(about, [("friend",), ("friend", "kin")])
                yield from (Question(**said, classes=each) for each in kinds)


def test_every_question_can_be_put_into_words():
    said = {
        one: (estimand_in_words(one), metric(one), analysis_in_words(one)) for one in questions()
    }
    assert {one.analysis for one in said} == {
        name for name in nameable() if not analysis(name).needs
    }
    for one, words in said.items():
        assert all("_" not in each and "  " not in each for each in words), words
        assert (one.about != "difference") or "first arm and second arm" in words[0]
    asked = [(one.analysis, estimand_in_words(one), one.outcome) for one in said]
    for a, b in product(asked, asked):
        assert a[1] != b[1] or a[2] == b[2]


def test_one_of_a_unit_is_singular():
    visits = Question(outcome="service_contacts", analysis="t_test")
    slope = Question(outcome="swemwbs", about="slope", analysis="random_slope")
    assert (amount(visits, 1), amount(visits, 2.5)) == ("1 visit", "2.5 visits")
    assert (amount(slope, 1), amount(slope, 2)) == ("1 point a year", "2 points a year")


def test_numbers_on_a_log_scale_are_turned_back():
    ratio = Question(
        outcome="ties_lost", about="classes", classes=("friend", "kin"), analysis="gee_logit"
    )
    assert value_in_words(ratio, np.log(2)) == "0.693 (an odds ratio of 2)"
    assert value_in_words(Question(outcome="swemwbs", analysis="t_test"), 1.5) == "1.5 points"
    assert value_in_words(Question(outcome="had_episode", analysis="t_test"), 0.25) == "0.25"


@pytest.mark.parametrize("name", ["friends-lost-after-an-episode", "service-cutback-wellbeing"])
def test_shipped_studies_say_where_their_numbers_come_from(name):
    given = plan_of(read_study(name)).sources
    assert {"recruitment", "retention", "mechanism", "odds_ratio"} <= set(given)
