"""The catalogue of analyses, and those in it that are wrong on purpose."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from analysis.estimators import analyses as folder
from analysis.estimators.catalogue import ABOUTS, analyses, analysis, answering, nameable
from analysis.estimators.cluster_t import cluster_t
from analysis.estimators.gee import gee
from analysis.estimators.kept_ties import kept_ties
from sim.errors import InputError

# A wrong analysis is convicted at 400 replicates where its error rate or bias lies 4 standard
# errors off; a right one is within 4 of them, which fails by chance once in 15,000 times.
REPLICATES = 400
OFF = 4


def test_every_analysis_can_be_loaded_and_says_what_it_is_for():
    for one in analyses().values():
        assert callable(one.load())
        assert one.estimates
        assert one.right_under


def test_every_analysis_that_a_question_can_name_says_all_there_is_to_say():
    for one in map(analysis, nameable()):
        assert not one.wrong
        assert one.in_protocol
        assert one.of_ties == ("ties" in one.answers)
        assert one.of_ties <= bool(one.scale and one.summary)
        assert bool(one.ratio) <= one.scale.startswith("log")
        assert {about for abouts in one.answers.values() for about in abouts} <= set(ABOUTS)
        assert one.made_for == () or one.made_for[1] in one.answers[one.made_for[0]]


def test_the_one_made_for_a_question_is_named_first():
    assert answering("value")["slope"] == (
        "random_slope", "random_intercept", "gee", "cluster_t",
    )  # fmt: skip
    assert answering("count")["difference"] == (
        "negative_binomial", "t_test", "cluster_t", "poisson_robust",
    )  # fmt: skip
    assert answering("yes_no")["mean"] == ("proportion", "cluster_t")


def test_two_analyses_of_one_name_are_refused(monkeypatch, tmp_path):
    (tmp_path / "a_second_gee.py").write_text(
        "from dataclasses import replace\n"
        "from analysis.estimators.analyses.gee import GEE\n"
        "AGAIN = replace(GEE, estimates='something else')\n"
    )
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    analyses.cache_clear()
    with pytest.raises(ValueError, match='two analyses are called "gee"'):
        analyses()
    monkeypatch.undo()
    analyses.cache_clear()


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(InputError, match='did you mean "mixed_logit"'):
        analysis("mixed_logits")


def test_an_entry_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        analysis("ancova").wrong = "no"
    with pytest.raises(TypeError):
        analysis("ancova_hc3").settings["errors"] = "HC2"


def rejected(fits):
    """Share of replicates with p below .05, and how many standard errors that is above .05."""
    share = (fits.p < 0.05).mean()
    return (share - 0.05) / np.sqrt(0.05 * 0.95 / fits.p.size)


def test_ignoring_teams_rejects_too_often_and_team_means_do_not():
    rng = np.random.default_rng(1)
    team = np.arange(80) // 10
    y = 0.4 * rng.normal(size=(REPLICATES, 8))[:, team] + rng.normal(size=(REPLICATES, 80))
    assert rejected(analysis("t_test_ignoring_teams").of_arrays(y, team % 2)) > OFF
    assert abs(rejected(cluster_t(y, team % 2, team))) < OFF


def test_ignoring_egos_rejects_too_often_and_robust_errors_do_not():
    rng = np.random.default_rng(2)
    arm = np.broadcast_to((np.arange(60) % 2)[:, None] * 1.0, (60, 10))
    X = np.stack([np.ones_like(arm), arm], axis=-1)
    chance = 1 / (1 + np.exp(-rng.normal(size=(REPLICATES, 60, 1))))
    y = 1.0 * (rng.random((REPLICATES, 60, 10)) < chance)
    assert rejected(analysis("logit_ignoring_egos").of_arrays(y, X, [0, 1])) > OFF
    assert abs(rejected(gee(y, X, [0, 1], link="logit"))) < OFF


def test_complete_cases_are_biased_when_the_low_are_missed_in_one_arm():
    rng = np.random.default_rng(3)
    y, arm = rng.normal(size=(REPLICATES, 100)), np.arange(100) % 2
    at_random = np.where(rng.random(y.shape) < 0.3, np.nan, y)
    by_outcome = np.where((rng.random(y.shape) < 1 / (1 + np.exp(2 * y))) & (arm == 1), np.nan, y)
    wrong = analysis("complete_cases")
    off = [
        fits.estimate.mean() / (fits.estimate.std() / np.sqrt(REPLICATES))
        for fits in (wrong.of_arrays(at_random, arm), wrong.of_arrays(by_outcome, arm))
    ]
    assert abs(off[0]) < OFF
    assert off[1] > OFF


def test_closed_cases_counted_as_ties_make_too_many_of_them():
    rng = np.random.default_rng(4)
    fate = rng.random((REPLICATES, 40, 8))
    standing, closed = 1.0 * (fate < 0.7), 1.0 * (fate > 0.9)
    wrong = analysis("kept_ties_with_closed_cases").of_arrays(standing, closed)
    assert np.median(wrong.estimate) == pytest.approx(0.8, abs=0.01)
    assert ((wrong.lo <= 0.7) & (wrong.hi >= 0.7)).mean() < 0.1
    right = kept_ties(standing)
    covered = ((right.lo <= 0.7) & (right.hi >= 0.7)).mean()
    assert abs(covered - 0.95) < OFF * np.sqrt(0.05 * 0.95 / REPLICATES)
