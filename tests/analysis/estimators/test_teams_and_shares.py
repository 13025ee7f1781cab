"""The cluster-level t test, means, proportions, and shares of ties that stand."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimators.cluster_t import cluster_t
from analysis.estimators.kept_ties import kept_ties
from analysis.estimators.precision import mean, proportion
from sim.errors import InputError

TEAM = np.repeat(np.arange(6), [3, 5, 4, 4, 6, 2])
ARM = np.array([0, 1, 0, 1, 0, 1])[TEAM]


@pytest.fixture
def y():
    """Outcomes of two replicates, some not seen."""
    rng = np.random.default_rng(9)
    values = rng.normal(size=(2, 24)) + rng.normal(size=(2, 6))[:, TEAM]
    values[0, 4] = np.nan
    return values


def test_the_cluster_level_test_is_students_on_team_means(y):
    means = np.array([[np.nanmean(row[k == TEAM]) for k in range(6)] for row in y])
    expected = stats.ttest_ind(means[:, 1::2], means[:, ::2], axis=1)
    fits = cluster_t(y, ARM, TEAM)
    np.testing.assert_allclose(fits.p, expected.pvalue, rtol=1e-10)
    assert fits.df.tolist() == [4, 4]


def test_a_team_nobody_was_seen_of_is_left_out(y):
    y[1, TEAM == 3] = np.nan
    assert cluster_t(y, ARM, TEAM).df.tolist() == [4, 3]
    y[1, np.isin(TEAM, [1, 5])] = np.nan
    assert cluster_t(y, ARM, TEAM).converged.tolist() == [True, False]


def test_teams_may_differ_between_replicates_and_a_baseline_costs_a_degree(y):
    turned = np.stack([TEAM, TEAM[::-1]])
    arms = np.stack([ARM, ARM[::-1]])
    both = cluster_t(np.stack([y[0], y[0][::-1]]), arms, turned)
    assert both.se[0] == pytest.approx(both.se[1], rel=1e-12)
    with_baseline = cluster_t(y, ARM, TEAM, baseline=y + TEAM)
    assert with_baseline.df.tolist() == [3, 3]


def test_an_arm_that_differs_within_a_team_is_refused(y):
    with pytest.raises(InputError, match="within a team"):
        cluster_t(y, np.arange(24) % 2, TEAM)
    with pytest.raises(InputError, match="whole numbers"):
        cluster_t(y, ARM, TEAM * 1.5)


def test_a_mean_has_students_interval(y):
    seen = y[0][~np.isnan(y[0])]
    expected = stats.t.interval(0.9, 22, seen.mean(), stats.sem(seen))
    fit = mean(y, level=0.9)
    assert (fit.lo[0], fit.hi[0]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("interval", ["wilson", "exact"])
def test_intervals_of_a_proportion_agree_with_scipy(interval):
    y = np.full((5, 30), np.nan)
    for b, having in enumerate([0, 1, 11, 24, 25]):
        y[b, :25] = np.arange(25) < having
    fits = proportion(y, interval=interval)
    for b, having in enumerate([0, 1, 11, 24, 25]):
        expected = stats.binomtest(having, 25).proportion_ci(0.95, interval)
        assert fits.lo[b] == pytest.approx(expected.low, abs=1e-12)
        assert fits.hi[b] == pytest.approx(expected.high, abs=1e-12)


def test_a_proportion_of_nobody_is_reported_and_odd_values_refused():
    fits = proportion(np.array([[np.nan, np.nan], [1, 0]]))
    assert fits.converged.tolist() == [False, True]
    assert np.isnan([fits.lo[0], fits.hi[0], fits.estimate[0]]).all()
    with pytest.raises(InputError, match="0, 1, or NaN"):
        proportion(np.array([[0.5, 1]]))


def test_the_share_of_ties_kept_is_the_share_of_all_ties():
    standing = np.array([[[1, 1, 0], [1, np.nan, np.nan], [0, 0, 1]]])
    fit = kept_ties(standing)
    assert fit.estimate[0] == pytest.approx(4 / 7)
    assert 0 < fit.df[0] < 2
