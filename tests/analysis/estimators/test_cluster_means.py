"""Means of clusters: closed forms, groups in one arm, people in no cluster, slopes."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from analysis.estimators.catalogue import analysis
from analysis.estimators.cluster_means import least_variance, own_slopes
from analysis.estimators.welch import welch
from analysis.questions.question import Question
from analysis.trials.analyses import Asked, analyse
from analysis.trials.batch import Batch

WEEKS = (0, 26, 52)
GROUP = np.array([-1] * 12 + [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2])
ARM = np.repeat([0, 1], 12)


def asked(about, arms=(), **more):
    week = {} if about == "slope" else {"at_week": 52}
    question = Question(
        outcome="swemwbs", about=about, analysis="cluster_t", arms=arms, **week, **more
    )
    return Asked.of(question, ("control", "treated"), WEEKS)


def drawn(seed, between=2.0):
    rng = np.random.default_rng(seed)
    y = rng.normal(size=(30, 24, 3))
    y[:, 12:] += between * rng.normal(size=(30, 3, 1))[:, GROUP[12:]]
    return y


def means_of(y, group=GROUP):
    """Means of three groups, (B, 3)."""
    return np.stack([np.nanmean(y[:, group == g], axis=1) for g in range(3)], axis=1)


@pytest.mark.parametrize("about", ["mean", "change"])
def test_one_group_of_people_in_clusters_has_the_t_interval_of_their_means(about):
    y = drawn(1)
    value = y[..., 2] - (y[..., 0] if about == "change" else 0)
    fits = analyse(asked(about, ("treated",)), Batch(y, ARM, GROUP))
    known = stats.ttest_1samp(means_of(value), 0, axis=1)
    np.testing.assert_allclose(fits.p, known.pvalue, rtol=1e-9)
    assert set(fits.df) == {2}


def test_a_slope_by_cluster_is_a_t_test_of_means_of_own_slopes():
    y = drawn(2)
    y[0, 3, 1:] = np.nan
    cluster = np.concatenate([np.repeat([0, 1, 2], 4), GROUP[12:]])
    fits = analyse(asked("slope", ("treated", "control")), Batch(y, ARM, cluster))
    slope = own_slopes(y, np.array(WEEKS) * 7 / 365.25)
    sides = [means_of(slope[:, a == ARM], cluster[a == ARM]) for a in (1, 0)]
    known = stats.ttest_ind(*sides, axis=1)
    np.testing.assert_allclose(fits.p, known.pvalue, rtol=1e-9)


def test_own_slopes_are_those_of_least_squares_over_the_waves_seen():
    y = drawn(3)[:1, :4]
    y[0, 0, 1], y[0, 1, 1:], y[0, 2] = np.nan, np.nan, np.nan
    years = np.array([0.0, 0.5, 2.0])
    found = own_slopes(y, years)[0]
    assert found[3] == pytest.approx(np.polyfit(years, y[0, 3], 1)[0])
    assert found[0] == pytest.approx((y[0, 0, 2] - y[0, 0, 0]) / 2)
    assert np.isnan(found[1:3]).all()


def test_groups_in_one_arm_give_welch_s_test_unless_they_are_more_alike_than_chance():
    y = drawn(4, between=0.5)
    fits = analyse(asked("difference", ("treated", "control")), Batch(y, ARM, GROUP))
    means, alone = means_of(y[..., 2]), y[:, :12, 2]
    known = stats.ttest_ind(means, alone, axis=1, equal_var=False)
    within = sum(((y[:, g == GROUP, 2] - means[:, [g]]) ** 2).sum(axis=1) for g in range(3)) / 9
    least = within * (1 / 3 + 1 / 3 + 1 / 6) / 9
    far = means.var(axis=1, ddof=1) / 3 > least
    assert 3 < far.sum() < 30
    np.testing.assert_allclose(fits.p[far], known.pvalue[far], rtol=1e-9)
    expected = np.sqrt(least + alone.var(axis=1, ddof=1) / 12)
    np.testing.assert_allclose(fits.se[~far], expected[~far], rtol=1e-9)


def test_the_least_variance_is_left_out_where_nobody_shares_a_cluster():
    values = np.random.default_rng(5).normal(size=(2, 4))
    assert least_variance(values, np.arange(4), np.ones(4, bool)).tolist() == [0, 0]
    assert least_variance(values, np.arange(4), np.zeros(4, bool)).tolist() == [0, 0]


def test_everybody_counts_alike_where_some_are_in_groups():
    y = drawn(6)
    fits = analyse(asked("mean"), Batch(y, ARM, GROUP))
    halves = means_of(y[..., 2]).mean(axis=1) / 2 + y[:, :12, 2].mean(axis=1) / 2
    np.testing.assert_allclose(fits.estimate, halves, rtol=1e-9)


def test_welch_s_test_is_scipy_s():
    rng = np.random.default_rng(7)
    one, other = rng.normal(size=(5, 4)), 3 * rng.normal(size=(5, 9))
    known = stats.ttest_ind(one, other, axis=1, equal_var=False)
    np.testing.assert_allclose(welch(one, other, 0.95).p, known.pvalue, rtol=1e-10)


def test_robust_counts_have_the_errors_of_the_two_means():
    rng = np.random.default_rng(8)
    y = rng.poisson(9 * rng.gamma(1, 1, size=(6, 30)))[..., None] * np.ones(3)
    question = SimpleNamespace(alpha=0.05, about="difference")
    study = Batch(y, np.repeat([0, 1], 15), np.full(30, -1))
    fits = analysis("poisson_robust").fit(Asked(question, (1, 0), 2, np.arange(3)), study)
    one, other = y[:, 15:, 0], y[:, :15, 0]
    ratio = np.log(one.mean(axis=1) / other.mean(axis=1))
    parts = [v.var(axis=1, ddof=1) / 15 / v.mean(axis=1) ** 2 for v in (one, other)]
    np.testing.assert_allclose(fits.estimate, ratio, rtol=1e-9)
    np.testing.assert_allclose(fits.se, np.sqrt(sum(parts)), rtol=1e-9)
    assert (fits.df <= 28 + 1e-9).all()


def test_robust_counts_are_those_of_r():
    folder = Path(__file__).resolve().parents[2] / "golden" / "estimators"
    recorded = json.loads((folder / "robust_counts.json").read_text(encoding="utf-8"))
    for one in recorded.values():
        arm = np.array(one["arm"], np.float64)
        X = np.stack([np.ones_like(arm), arm], axis=1)[:, None]
        y = np.array(one["y"], np.float64)[None, :, None]
        fits = analysis("poisson_robust").of_arrays(y, X, [0, 1])
        for name in ("estimate", "se", "df", "p"):
            assert getattr(fits, name)[0] == pytest.approx(one[name], rel=1e-8), name
