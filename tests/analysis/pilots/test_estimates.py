"""What a pilot says of an outcome: known answers, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from analysis.pilots.estimates import icc_of, outcome_of, retention_range, scales_of, sd_limit
from analysis.pilots.reading import interviews_of
from sim.errors import InputError

PEOPLE = [f"P{number:02}" for number in range(24)]


def pilot(scores, **columns):
    """Twenty-four people with one member each; a row of scores for each wave."""
    waves = range(1, len(scores) + 1)
    egos = pd.DataFrame({
        "ego_pid": PEOPLE * len(scores), "wave": np.repeat(waves, 24),
        "swemwbs": np.concatenate(scores),
        **{name: np.tile(values, len(scores)) for name, values in columns.items()},
    })  # fmt: skip
    alters = egos[["ego_pid", "wave"]].assign(alter_id="a", tie_class="kin", tie_kind="parent")
    return interviews_of(egos, alters, "pilot")


def test_the_upper_limit_of_an_sd_is_that_of_its_chi_square():
    assert sd_limit(1, 30) == pytest.approx((29 / 22.475) ** 0.5, abs=1e-4)  # chi2(.2; 29), tables
    rng = np.random.default_rng(3)
    found = rng.normal(0, 2, (20_000, 15)).std(axis=1, ddof=1)
    assert np.mean([sd_limit(one, 15) >= 2 for one in found]) == pytest.approx(0.8, abs=0.01)


def test_the_interval_of_a_correlation_is_fishers():
    rng = np.random.default_rng(1)
    first = rng.normal(20, 3, 24)
    second = 20 + 0.5 * (first - 20) + rng.normal(0, 2, 24)
    found = outcome_of(pilot([first, second]), "swemwbs")
    r = np.corrcoef(first, second)[0, 1]
    low, high = np.tanh(np.arctanh(r) + np.array([-1.96, 1.96]) / 21**0.5)
    assert found.correlation == pytest.approx((r, low, high, 24), abs=1e-4)
    assert (found.wave, found.people) == (2, 24)
    assert (found.sd, found.mean) == pytest.approx((first.std(ddof=1), first.mean()))
    assert found.alike == ()


def test_an_icc_is_that_of_analysis_of_variance():
    values, teams = np.array([1.0, 2, 3, 5, 6, 7]), np.repeat([0, 1], 3)
    found, units, size = icc_of(values, teams)
    # mean squares 24 and 1, so F = 24, rho = 23 / 26; F(.975; 1, 4) = 12.218, F(.975; 4, 1) = 899.6
    assert found.value == pytest.approx(23 / 26)
    assert found.low == pytest.approx((24 / 12.218 - 1) / (24 / 12.218 + 2), abs=1e-4)
    assert found.high == pytest.approx((24 * 899.58 - 1) / (24 * 899.58 + 2), abs=1e-4)
    assert (found.people, units, size) == (6, 2, 3)
    assert icc_of(values, np.arange(6)) is None
    assert icc_of(values, np.zeros(6)) is None


@pytest.mark.verify
def test_an_interval_of_an_icc_holds_the_truth_as_often_as_it_says():
    rng, inside = np.random.default_rng(2), 0
    teams = np.repeat(np.arange(12), 8)
    for _ in range(4000):
        values = rng.normal(0, 0.1**0.5, 12)[teams] + rng.normal(0, 0.9**0.5, 96)
        found, _, _ = icc_of(values, teams)
        inside += found.low <= 0.1 <= found.high
    assert inside / 4000 == pytest.approx(0.95, abs=0.012)  # 3.5 standard errors


def test_retention_has_wilsons_interval():
    assert retention_range(17, 29) == pytest.approx((0.5862, 0.4074, 0.7449, 29), abs=1e-4)


def test_teams_and_workers_are_told_apart_and_blanks_are_of_none():
    scores = np.arange(24.0) + 8
    found = outcome_of(pilot([scores], team=["NA"] * 4 + ["a"] * 10 + ["b"] * 10), "swemwbs")
    assert [(one.unit, one.units, one.icc.people) for one in found.alike] == [("team", 2, 20)]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([99] + [20] * 23, "line 2: swemwbs must lie between 7 and 35, not '99.0'; leave the cell"),
        ([-9] * 15 + [20] * 9, "9 people have swemwbs at the first wave; an SD needs at least 10"),
        ([20] * 24, "everybody has the same swemwbs"),
    ],
)
def test_what_gives_no_sd_is_refused(cells, message):
    with pytest.raises(InputError) as caught:
        outcome_of(pilot([np.array(cells, float)]), "swemwbs")
    assert message in str(caught.value)


def test_a_scale_without_a_score_is_none():
    assert scales_of(pilot([np.full(24, -6.0)])) == ()
    assert scales_of(pilot([np.full(24, 20.0)])) == ("swemwbs",)
