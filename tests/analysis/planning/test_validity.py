"""What a plan's analyses do where there is nothing to find."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimators.contract import Fits
from analysis.planning.search.fresh import Fresh
from analysis.planning.validity.instead import alternatives
from analysis.planning.validity.level import Level, level_of
from analysis.planning.validity.measure import Checks
from analysis.planning.validity.null import has_null, without
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.performance import Measured
from tests.analysis.planning.changes import (
    ANY,
    BOTH_ACT,
    BY_TEAM,
    SLOPES,
    THREE_ARMS,
    TWO_QUESTIONS,
    analysed,
)


def truths(study):
    process = panel_process(study, plan_of(study), 1)
    return [process.truth(one) for one in plan_of(study).question]


def look(study, n=120, studies=4000):
    return Checks(1, studies=studies).validity(study, n, truths(study))


def test_a_t_test_holds_its_level_and_its_intervals_hold_the_truth(study):
    found = look(study())
    (level,) = found.levels
    assert found.holds
    assert not level.wastes
    assert abs(level.type_i.value - 0.05) < 4 * level.type_i.mcse
    # Nobody's absence hangs on the outcome, so an effect only shifts what is estimated.
    assert level.coverage.value == pytest.approx(1 - level.type_i.value, abs=1e-3)


def test_a_model_that_leaves_out_slopes_is_wrong_too_often_and_others_are_named(study):
    trial = study(analysed("random_intercept"), SLOPES)
    found = look(trial)
    assert found.levels[0].misses
    assert not found.holds
    names = [plan_of(one).question[0].analysis for one in alternatives(trial, found)]
    assert "mmrm" in names
    assert "random_intercept" not in names
    assert not any(name.startswith("wrong") for name in names)


def test_people_in_clusters_analysed_as_if_alone(study):
    rule = "[plan.panel.clusters]\ncontrol = { icc = 0.2, size = 10 }\n"
    rule += "treated = { icc = 0.2, size = 10 }\n[plan.panel.effect]"
    found = look(study(BY_TEAM, ("[plan.panel.effect]", rule)))
    assert found.levels[0].wrong.value > 0.2
    assert found.off is None  # nobody is to use it, whatever its SD


def test_of_clusters_analysed_as_such_the_icc_may_be_off(study):
    rule = "[plan.panel.clusters]\ncontrol = { icc = 0.05, size = 10 }\n"
    rule += "treated = { icc = 0.05, size = 10 }\n[plan.panel.effect]"
    found = look(study(BY_TEAM, analysed("cluster_t"), ("[plan.panel.effect]", rule)), n=400)
    assert found.holds
    assert found.off.icc
    assert found.off.sd


def test_any_of_two_questions_shares_out_alpha(study):
    trial = study(THREE_ARMS, BOTH_ACT, TWO_QUESTIONS, ANY)
    found = look(trial, n=180)
    # Two comparisons with one control correlate by one half.
    normal = stats.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]])
    z = stats.norm.isf(0.025)
    inside = normal.cdf([z, z], lower_limit=[-z, -z])
    assert found.family.errors[1, 2].value == pytest.approx(1 - inside, abs=0.015)
    assert not found.holds
    assert not any(one.misses for one in found.levels)
    (other,) = alternatives(trial, found)
    assert [one.alpha for one in plan_of(other).question] == [0.025, 0.025]
    assert look(other, n=180).holds


def test_all_of_two_questions_are_rarely_wrong_together(study):
    found = look(study(THREE_ARMS, BOTH_ACT, TWO_QUESTIONS), n=180)
    assert found.family.errors[1, 2].value < 0.03
    # With one of them empty and the other as planned, at most the level of the empty one.
    assert found.family.errors[1,].value < 0.06
    assert found.holds


def test_only_what_is_asked_becomes_zero(study):
    trial = study(THREE_ARMS, BOTH_ACT, TWO_QUESTIONS)
    first, second = plan_of(trial).question
    alone = without(trial, [first])
    assert truths(alone) == pytest.approx([0, 2])
    assert truths(without(trial, [first, second])) == pytest.approx([0, 0])
    # The wave between is not asked about and keeps its effect.
    assert plan_of(alone).panel.effect["treated"] == pytest.approx((0.25, 0))


def test_a_change_is_zero_where_nothing_changes_and_a_mean_never_is(study):
    change = study(
        analysed("change_score", '\nabout = "change"'), ("sd = 4", "sd = 4\ntrend = [1, 2]")
    )
    (asked,) = plan_of(change).question
    assert truths(without(change, [asked])) == pytest.approx([0])
    mean = study(analysed("t_test", '\nabout = "mean"'))
    assert not has_null(mean, plan_of(mean).question[0])
    (level,) = look(mean).levels
    assert level.type_i is None
    assert level.wrong.value == pytest.approx(0.05, abs=0.015)


def test_a_larger_sd_costs_power_and_not_the_level(study):
    found = look(study(), n=126)
    form = 126 * 0.8 / 4  # each mean of 50.4 people
    power = stats.nct.sf(stats.t.isf(0.025, 99), 99, 2 / (5 / np.sqrt(form)))
    assert found.off.power.value == pytest.approx(power, abs=0.03)
    assert found.off.type_i[0].value == pytest.approx(0.05, abs=0.015)


def test_the_sd_is_a_unit_that_no_test_knows_of_where_there_is_nothing_to_find(study):
    away = ("retention = [0.9, 0.8]", 'retention = [0.9, 0.8]\nmechanism = "MAR"\nodds_ratio = 2')
    small, large = (
        Checks(1, studies=200).null(study(analysed("mmrm"), away, *sd), 120)[0]
        for sd in ((), (("sd = 4", "sd = 5"),))
    )
    assert large.p == pytest.approx(small.p, abs=1e-3)
    assert large.se == pytest.approx(1.25 * small.se, rel=1e-3)


def test_fresh_studies_of_the_answer_or_next_to_it_are_not_drawn_again():
    def fits(n):
        return [[of_shares(np.full(n, n / 100), np.zeros(n), np.zeros(n))]]

    fresh = Fresh(first=1000, most=50)
    fresh.keep([100], range(900, 960), fits(60))  # not fresh
    fresh.keep([100], range(1000, 1015), fits(15))
    assert fresh.about(100) is None
    fresh.keep([100], range(1015, 1060), fits(45))
    (found,) = fresh.about(104)
    assert found.p.tolist() == [0.15] * 15 + [0.45] * 35
    assert fresh.about(106) is None


def of_shares(p, lo, hi):
    n = p.size
    return Fits(
        np.zeros(n), np.ones(n), np.full(n, 9.0), lo, hi, p, np.ones(n, bool), np.zeros(n, bool)
    )


def test_too_few_studies_convict_nobody():
    def at(wrong, n):
        p = np.where(np.arange(n) < wrong * n, 0.0, 1.0)
        fits = of_shares(p, -np.ones(n), np.ones(n))
        return level_of(fits, fits, 0.0, 0.05)

    assert at(0.07, 10_000).misses
    assert not at(0.07, 200).misses
    assert not at(0.058, 1_000_000).misses
    assert at(0.03, 10_000).wastes
    assert not at(0.03, 200).wastes


def test_failed_fits_are_no_discoveries():
    p = np.zeros(100)
    fits = of_shares(p, p, p)
    failed = Fits(**{**fits.__dict__, "converged": np.zeros(100, bool)})
    found = level_of(failed, fits, 0.0, 0.05)
    assert found.type_i == Measured(0.0, 0.0, 100)


def test_the_price_of_caution():
    # A test at .025 where .05 is allowed, at a power of .8: (2.2414 + .8416)^2 / (1.96 + .8416)^2.
    one = Level(0.05, Measured(0.025, 0.001, 10_000), Measured(0.975, 0.001, 10_000))
    assert one.price(0.8) == pytest.approx(0.2110, abs=1e-3)
