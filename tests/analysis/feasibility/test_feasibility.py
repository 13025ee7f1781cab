"""Chances and widths of a feasibility study, against counting, simulation and printed figures."""

from math import comb

import numpy as np
import pytest

from analysis.feasibility.chances import chances, people_that_tell
from analysis.feasibility.result import study_feasibility
from analysis.feasibility.settings import Criterion
from analysis.feasibility.widths import icc_width, sd_width, share_width
from analysis.feasibility.words import chance_in_words, feasibility_in_words, feasibility_markdown
from sim.errors import InputError

STAYED = Criterion(name="stayed", expected=0.8, go=0.75, stop=0.6)
HARMED = Criterion(name="harmed", expected=0.1, go=0.15, stop=0.3)


def binomial(n, p):
    return [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]


@pytest.mark.parametrize("n", [7, 20, 40, 60])
@pytest.mark.parametrize("true", [0.55, 0.6, 0.75, 0.8])
def test_chances_are_those_of_counting(n, true):
    found, weights = chances(STAYED, n, true), binomial(n, true)
    go = sum(weights[k] for k in range(n + 1) if k / n >= 0.75)
    stop = sum(weights[k] for k in range(n + 1) if k / n < 0.6)
    assert found == pytest.approx((go, 1 - go - stop, stop), abs=1e-12)


def test_less_may_be_better():
    found, weights = chances(HARMED, 20, 0.1), binomial(20, 0.1)
    assert found.go == pytest.approx(sum(weights[:4]))  # at most 3 of 20
    assert found.stop == pytest.approx(sum(weights[7:]))  # more than 6 of 20
    mirror = Criterion(name="unharmed", expected=0.9, go=0.85, stop=0.7)
    assert found == pytest.approx(chances(mirror, 20, 0.9))


def test_a_share_of_one_arm_or_of_those_asked_counts_other_people():
    half = STAYED.model_copy(update={"counted": 0.5})
    assert chances(half, 40, 0.7) == chances(STAYED, 20, 0.7)


@pytest.mark.parametrize("one", [STAYED, HARMED, STAYED.model_copy(update={"counted": 0.5})])
def test_the_number_that_tells_good_from_bad_is_the_smallest(one):
    bad, good = (one.stop, one.go) if one.more_is_better else (1 - one.stop, 1 - one.go)

    def tells(n):
        m = one.people(n)
        under, over = (
            np.cumsum(binomial(m, bad)[::-1])[::-1],
            np.cumsum(binomial(m, good)[::-1])[::-1],
        )
        count = np.flatnonzero(under <= 0.05)
        return count.size > 0 and over[count[0]] >= 0.8

    n = people_that_tell(one, 0.05, 0.8)
    assert all(tells(more) for more in range(n, n + 40))
    assert not tells(n - 1)


def test_shares_that_lie_too_close_are_never_told_apart():
    close = Criterion(name="close", expected=0.61, go=0.61, stop=0.6)
    assert people_that_tell(close, 0.05, 0.8) is None


def test_the_width_of_a_share_is_that_of_its_intervals():
    from scipy.stats import binomtest

    ends = [binomtest(k, 30).proportion_ci(0.9, method="wilson") for k in range(31)]
    widths = [one.high - one.low for one in ends]
    assert share_width(30, 0.8, 0.9) == pytest.approx(np.dot(widths, binomial(30, 0.8)))


def test_an_sd_scatters_as_simulated_and_its_cautious_limit_fails_one_time_in_five():
    seen = np.random.default_rng(1).normal(size=(40_000, 30)).std(axis=1, ddof=1)
    found = sd_width(30, 0.95)
    assert np.quantile(seen, [0.025, 0.975]) == pytest.approx([found.low, found.high], abs=0.006)
    assert (seen * found.cautious < 1).mean() == pytest.approx(0.2, abs=0.008)
    assert sd_width(1, 0.95) is None


def test_the_interval_of_an_icc_is_on_average_that_of_simulated_clusters():
    k, m, icc = 8, 6, 0.1
    rng = np.random.default_rng(2)
    y = np.sqrt(icc) * rng.normal(size=(8_000, k, 1)) + np.sqrt(1 - icc) * rng.normal(
        size=(8_000, k, m)
    )
    between = m * y.mean(axis=2).var(axis=1, ddof=1)
    within = y.var(axis=2, ddof=1).mean(axis=1)
    from scipy.stats import f

    low, high = (between / within / f.ppf(q, k - 1, k * (m - 1)) for q in (0.975, 0.025))
    ends = [np.clip((one - 1) / (one + m - 1), 0, 1) for one in (low, high)]
    found = icc_width(k, m, icc, 0.95)
    assert [found.low, found.high] == pytest.approx([one.mean() for one in ends], abs=0.01)
    assert ((ends[0] <= icc) & (icc <= ends[1])).mean() == pytest.approx(0.95, abs=0.01)
    assert icc_width(1, 40, icc, 0.95) is None


def test_all_must_go_and_any_stops(pilot):
    two = (
        "[[feasibility",
        '[[feasibility.criterion]]\nname = "came"\nexpected = 0.7\ngo = 0.65\nstop = 0.4\n'
        "[[feasibility",
    )
    found = study_feasibility(pilot(two)).own
    a, b = (one.chances for one in found.criteria)
    assert found.together.go == pytest.approx(a.go * b.go)
    assert found.together.stop == pytest.approx(a.stop + b.stop - a.stop * b.stop)
    assert sum(found.together) == pytest.approx(1)


def test_the_answer_comes_first_and_the_rest_follows(pilot):
    result = study_feasibility(pilot(), [30])
    assert chance_in_words(result).startswith("With 30 people the chance of going ahead is 0.")
    assert feasibility_in_words(result).index("With 30 people") < 40
    assert "Lewis et al. 2021" in feasibility_markdown(result)
    assert [one.n for one in result.sizes] == [30]
    assert len(study_feasibility(pilot()).sizes) > 5


def test_a_pilot_that_misleads_says_so(pilot):
    assert "Do not rely on it yet" in chance_in_words(study_feasibility(pilot(), [10]))
    assert "Do not rely on it yet" not in chance_in_words(study_feasibility(pilot(), [200]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("go = 0.75", "go = 0.6"), "go and stop are both 0.6"),
        (("go = 0.75", "go = 75"), "go"),
        (("stop = 0.6", "stop = 0.6\nexpectd = 1"), "expectd"),
    ],
)
def test_what_cannot_be_is_refused(pilot, change, said):
    with pytest.raises(InputError, match=said):
        pilot(change)


def test_a_study_without_criteria_says_where_to_find_some():
    from sim.study.spec import read_study

    with pytest.raises(InputError, match="feasibility-of-guided-help"):
        study_feasibility(read_study("founding-study"))
    assert study_feasibility(read_study("feasibility-of-guided-help")).own.n == 60
