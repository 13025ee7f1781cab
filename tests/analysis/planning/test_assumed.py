"""What a plan assumes of clusters without having been told is said, what it does not use is not."""

import re

import pytest

from analysis.pages.blocks import as_markdown
from analysis.planning.planner import plan_study
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.words import result_in_words
from analysis.planning.validity.words import barred_in_words
from tests.analysis.planning.changes import BY_TEAM, analysed


def clusters(more=""):
    rule = f"{{ icc = 0.05, size = 10{more} }}"
    return (
        "[plan.panel.effect]",
        f"[plan.panel.clusters]\ncontrol = {rule}\ntreated = {rule}\n[plan.panel.effect]",
    )


@pytest.fixture(scope="module")
def plans():
    """Plans made so far: nothing changes one, so all tests share them."""
    return {}


@pytest.fixture
def of_teams(study, plans):
    """The plan of 200 people in teams by an analysis, and with more said of clusters."""

    def made(name, more=""):
        if (name, more) not in plans:
            one = study(BY_TEAM, analysed(name), clusters(more))
            plans[name, more] = plan_study(one, seed=1, sizes=[200], replicates=100)
        return plans[name, more]

    return made


def sections_of(result):
    return {one.title: as_markdown([one]) for one in protocol_of(result).sections}


def test_the_cluster_autocorrelation_assumed_is_said(of_teams):
    result = of_teams("cluster_ancova")
    assert "cluster autocorrelation (cac) of 1, so that teams are" in result_in_words(result)
    said = sections_of(result)
    assert "a cluster autocorrelation of 1, by which a team is at" in said["Sample size"]
    assert "(an assumption)" in said["Sample size"]
    assert "cac" in said["What the figures rest on"]


def test_what_a_lower_one_costs_is_in_the_table(of_teams):
    said = sections_of(of_teams("cluster_ancova"))["If an assumption is off"]
    base = int(re.search(r"gives (\d+) as the", said)[1])
    assert int(re.search(r"autocorrelation is 0.8, not 1 \| (\d+)", said)[1]) > base
    lower = sections_of(of_teams("cluster_ancova", ", cac = 0.5"))["If an assumption is off"]
    assert "the cluster autocorrelation is 0.4, not 0.5" in lower


def test_where_no_baseline_is_used_neither_it_nor_a_correlation_is_stated(of_teams):
    result = of_teams("cluster_t")
    said = sections_of(result)
    assert "autocorrelation" not in result_in_words(result)
    assert "autocorrelation" not in said["If an assumption is off"]
    assert "The analysis does not adjust for baseline" in said["Sample size"]
    assert "correlation of 0.6" not in said["Sample size"]
    assert "correlation" not in said["What the figures rest on"]
    assert "correlation of 0.6" in sections_of(of_teams("cluster_ancova"))["Sample size"]


def test_an_analysis_that_is_recommended_names_what_it_assumes(study):
    many = clusters()[1].replace("icc = 0.05, size = 10", "icc = 0.1, size = 20")
    barred = study(BY_TEAM, analysed("ancova"), (clusters()[0], many))
    result = plan_study(barred, seed=1, replicates=100, precision=0.05)
    assert result.is_barred
    said = " ".join(barred_in_words(result))
    assert 'analysis = "cluster_ancova"' in said
    assert "it assumes a cluster autocorrelation (cac) of 1, with a lower one it takes more" in said
