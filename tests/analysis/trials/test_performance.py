"""Performance measures by hand, and their Monte Carlo errors by repetition."""

import numpy as np
import pytest

from analysis.estimators.contract import fits_of
from analysis.trials import performance as perf


def fits(estimate, se, converged=None, df=np.inf):
    estimate = np.asarray(estimate, np.float64)
    good = np.ones(estimate.size, bool) if converged is None else np.asarray(converged)
    return fits_of(estimate, np.broadcast_to(se, estimate.shape).astype(float), df, good)


def test_by_hand():
    # Estimates 1, 2, 3, 6 of a truth of 2, standard errors 1, 1, 2, 2; z = 1.96.
    found = perf.performance(fits([1, 2, 3, 6], [1, 1, 2, 2]), 2.0)
    value = {name: one.value for name, one in found.items()}
    mcse = {name: one.mcse for name, one in found.items()}
    sd = np.sqrt(14 / 3)  # about the mean of 3: 4 + 1 + 0 + 9
    assert value["bias"] == pytest.approx(1)
    assert mcse["bias"] == pytest.approx(sd / 2)
    assert value["relative_bias"] == pytest.approx(0.5)
    assert value["empirical_se"] == pytest.approx(sd)
    assert mcse["empirical_se"] == pytest.approx(sd / np.sqrt(6))
    assert value["mse"] == pytest.approx(18 / 4)  # 1, 0, 1, 16
    assert mcse["mse"] == pytest.approx(np.sqrt((3.5**2 + 4.5**2 + 3.5**2 + 11.5**2) / 12))
    assert value["rmse"] == pytest.approx(np.sqrt(4.5))
    assert mcse["rmse"] == pytest.approx(mcse["mse"] / (2 * np.sqrt(4.5)))
    model = np.sqrt(2.5)
    assert value["model_se"] == pytest.approx(model)
    assert mcse["model_se"] == pytest.approx(np.sqrt(3 / (16 * 2.5)))  # variance of 1, 1, 4, 4: 3
    assert value["relative_error_se"] == pytest.approx(100 * (model / sd - 1))
    assert mcse["relative_error_se"] == pytest.approx(
        100 * model / sd * np.sqrt(3 / (16 * 2.5**2) + 1 / 6)
    )
    assert value["coverage"] == pytest.approx(0.75)  # 6 is 4 away, 3.92 would be held
    assert mcse["coverage"] == pytest.approx(np.sqrt(0.75 * 0.25 / 4))
    assert value["bias_eliminated_coverage"] == pytest.approx(0.75)  # 1 is 2 from 3
    assert value["power"] == pytest.approx(0.5)  # 2 / 1 and 6 / 2
    assert value["type_s"] == 0
    assert value["type_m"] == pytest.approx((1 + 3) / 2)
    assert found["type_m"].n == 2
    assert value["width"] == pytest.approx(2 * 1.959964 * 1.5, rel=1e-6)


def test_a_failed_fit_is_left_out_and_reported_and_counts_as_not_significant():
    found = perf.performance(fits([5, 5, 9], 1, [True, True, False]), 5.0)
    assert found["bias"] == perf.Measured(0.0, 0.0, 2)
    assert found["power"].value == 1
    assert found["power_failures_count"] == pytest.approx((2 / 3, np.sqrt(2 / 27), 3))
    assert found["converged"].value == pytest.approx(2 / 3)


def test_each_replicate_may_have_its_own_truth():
    found = perf.performance(fits([1, 3], 1), np.array([1.0, 2.0]))
    assert found["bias"].value == pytest.approx(0.5)
    assert found["empirical_se"].value == pytest.approx(np.sqrt(0.5))


def test_a_relative_bias_of_zero_has_no_meaning():
    found = perf.performance(fits([1, 3, 2], 1), 0.0)
    assert np.isnan(found["relative_bias"].value)
    assert np.isnan(found["type_m"].value)


def test_nothing_but_failures():
    found = perf.performance(fits([1, 2], 1, [False, False]), 1.0)
    assert found["converged"] == perf.Measured(0.0, 0.0, 2)
    assert np.isnan(found["bias"].value)
    assert found["bias"].n == 0


@pytest.mark.parametrize("name", [*perf.MEASURES])
def test_monte_carlo_errors_are_the_spread_over_repetitions(name):
    """400 simulation studies of 250 replicates; the ratio errs by 3.5 %, so beyond .8 to 1.2 once
    in 10,000 times. A power of .5 keeps type M's number of studies steady."""
    generator = np.random.Generator(np.random.Philox(7))
    values, errors = [], []
    for _ in range(400):
        s = np.sqrt(generator.chisquare(40, 250) / 40)
        b = 2 + generator.standard_normal(250)
        one = perf.performance(fits(b, s, generator.random(250) < 0.9, df=40.0), 2.0)[name]
        values.append(one.value)
        errors.append(one.mcse)
    if name == "type_s":  # a handful of wrong signs in all
        assert np.mean(values) < 0.01
        return
    assert 0.8 < np.std(values) / np.sqrt(np.mean(np.square(errors))) < 1.2


def test_relative_precision_of_two_analyses_of_the_same_studies():
    generator = np.random.Generator(np.random.Philox(8))
    values, errors = [], []
    for _ in range(400):
        a = generator.standard_normal(200)
        b = 0.8 * (0.6 * a + 0.8 * generator.standard_normal(200))
        one = perf.relative_precision(fits(a, 1), fits(b, 1))
        values.append(one.value)
        errors.append(one.mcse)
    assert np.mean(values) == pytest.approx(100 * (1 / 0.64 - 1), abs=5)
    assert 0.8 < np.std(values) / np.mean(errors) < 1.2


def test_pairs():
    assert perf.paired_difference([1, 2, 4], [0, 2, 2]) == pytest.approx((1, 1 / np.sqrt(3), 3))
    first = np.array([1, 1, 1, 0, 0], bool)
    second = np.array([1, 0, 0, 1, 0], bool)
    found = perf.paired_proportions(first, second)
    assert found == pytest.approx((0.2, np.sqrt(3 - 1 / 5) / 5, 5))


def test_the_numbers_of_studies_of_morris_white_and_crowther():
    assert perf.simulations_for(0.95, 0.005) == 1900
    assert perf.simulations_for(0.5, 0.005) == 10_000
