"""What a study costs and how people are found, against closed forms."""

import numpy as np
import pytest
from scipy import stats

from analysis.planning.design.cost import cost_of, expected_cost, simulated_totals
from analysis.planning.design.recruiting import recruitment_of
from analysis.questions.money import FOUNDING_CONSENT, IncentiveCurve
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from sim.errors import InputError

PRICES = """\
[plan.costs]
fixed = 1000
approach = 2
enrolment = 10
interview = 6
telephone = 4
incentive = 3
tracing = 1
wave = 50
[plan.panel]"""
PHONE = ("[participation]", "[map]\ntelephone_share = 0.25\n[participation]")


def recruiting(rules):
    return ("[plan.panel]", f"[plan.recruiting]\n{rules}\n[plan.panel]")


def priced(study, *changes):
    trial = study(("[plan.panel]", PRICES), PHONE, *changes)
    return trial, plan_of(trial), panel_process(trial, plan_of(trial), 1)


def test_the_bill_adds_up_to_what_is_expected(study):
    cost = expected_cost(*priced(study), 100)
    approached = 100 / (0.44 * 0.685)
    each = 0.75 * 6 + 0.25 * 4 + 3
    assert cost.total == pytest.approx(1000 + 2 * approached + 1000 + each * 270 + 30 + 150)
    assert cost.total == pytest.approx(sum(one.total for one in cost.bill))
    assert {one.what for one in cost.bill} >= {"interviews by telephone", "incentives", "waves"}


def test_simulated_totals_have_the_mean_and_spread_of_the_formula(study):
    """Mean and SD within 4 Monte Carlo errors: a false alarm in about 1 of 8,000 runs."""
    parts = priced(study)
    expected = expected_cost(*parts, 100)
    totals = simulated_totals(*parts, expected, range(4000), seed=3)
    share = 0.44 * 0.685
    # of a person completely at random: 1, 2 or 3 interviews with chances .1, .1, .8; the price of
    # one is 9 or 7, and tracing one missed is 1
    chances, held = np.array([0.1, 0.1, 0.8]), np.array([1, 2, 3])
    means, squares = 0.0, 0.0
    for price, phone in ((9, 0.75), (7, 0.25)):
        paid = price * held + (3 - held)
        means += phone * chances @ paid
        squares += phone * chances @ paid**2
    variance = 100 * (squares - means**2) + 4 * 100 * (1 - share) / share**2
    sd = float(np.sqrt(variance))
    assert abs(totals.mean() - expected.total) < 4 * sd / np.sqrt(4000)
    assert abs(totals.std(ddof=1) - sd) < 4 * sd / np.sqrt(2 * 4000)


def test_what_is_dearer_costs_more(study):
    totals = [
        expected_cost(*priced(study, ("interview = 6", f"interview = {price}")), 100).total
        for price in (5, 6, 9)
    ]
    assert totals == sorted(totals)
    trial, plan, process = priced(study)
    sizes = [expected_cost(trial, plan, process, n).total for n in (50, 51, 80)]
    assert sizes == sorted(sizes)
    assert cost_of(trial, plan, process, 50, replicates=range(50)).spread.studies == 50


def test_members_asked_about_have_a_price(study):
    member = ("wave = 50", "wave = 50\nmember = 1")
    with pytest.raises(InputError, match="nothing says how many members are asked about"):
        expected_cost(*priced(study, member), 100)
    seven = ("telephone_share = 0.25", "telephone_share = 0.25\nmost_members = 7")
    plain = expected_cost(*priced(study), 100).total
    assert expected_cost(*priced(study, member, seven), 100).total == pytest.approx(plain + 7 * 270)


def test_an_incentive_buys_what_the_curve_says():
    curve = IncentiveCurve(most_fewer=0.5, half_at=10.0)
    assert curve.retention(0.8, 10.0, 10.0) == pytest.approx(0.8)
    odds = 0.25 / 0.75  # with 10, a quarter fewer than with none
    assert curve.retention(0.8, 0.0, 10.0) == pytest.approx(1 / (1 + odds))
    kept = [curve.retention(0.8, x, 10.0) for x in range(0, 100, 5)]
    assert kept == sorted(kept)
    assert max(np.diff(kept)) == np.diff(kept)[0]  # each pound buys less than the one before


def test_approaches_are_negative_binomial(study):
    trial = study(recruiting("approached_a_week = 5.0\nweeks = 100\nconsent = 0.5"))
    found = recruitment_of(trial, plan_of(trial), 60, seed=1)
    for q, asked in found.approached.items():
        assert asked == 60 + stats.nbinom.ppf(q, 60, 0.44 * 0.5)


def test_sites_alike_recruit_as_a_poisson_process(study):
    rules = "sites = 2\napproached_a_week = 5.0\nopens = [0, 10]\nweeks = 40\nconsent = 0.5"
    trial = study(recruiting(rules))
    found = recruitment_of(trial, plan_of(trial), 60, seed=1)
    mean = 5 * 0.22 * (40 + 30)
    assert found.in_time == pytest.approx(stats.poisson.sf(59, mean), rel=1e-9)
    assert found.expected[39] == pytest.approx(mean)
    assert not found.mcse.any()
    assert found.enough_in_time == stats.poisson.ppf(0.2, mean)


def test_sites_that_differ_are_gamma_poisson(study):
    """Exact where they open together; else simulated, within 4 Monte Carlo errors of the same."""
    rules = "sites = 4\napproached_a_week = 2.0\nsite_cv = 0.6\nweeks = 40\nconsent = 0.5"
    one = study(recruiting(rules))
    exact = recruitment_of(one, plan_of(one), 60, seed=1)
    size, mean = 4 / 0.36, 4 * 2 * 0.22 * 40
    assert exact.in_time == pytest.approx(stats.nbinom.sf(59, size, size / (size + mean)))
    two = study(recruiting(rules + "\nopens = [0, 0, 0, 1]"))
    near = recruitment_of(two, plan_of(two), 60, seed=1)
    assert near.mcse[39] > 0
    assert near.in_time < exact.in_time + 4 * near.mcse[39]
    assert abs(near.in_time - exact.in_time) < 4 * near.mcse[39] + 0.02


def test_consent_that_is_hardly_known_widens_both(study):
    rules = "approached_a_week = 5.0\nweeks = 100"
    known = study(recruiting(rules))
    guessed = study(recruiting(f"{rules}\nconsent_from = 47"))
    assert plan_of(known).recruiting.consent == pytest.approx(29 / 47) == FOUNDING_CONSENT
    a = recruitment_of(known, plan_of(known), 60, seed=1)
    b = recruitment_of(guessed, plan_of(guessed), 60, seed=1)
    assert b.approached[0.95] - b.approached[0.05] > a.approached[0.95] - a.approached[0.05]
    assert b.weeks_needed[0.95] > a.weeks_needed[0.95]
    # betas of quantiles against the integral: P(approached <= 260) with consent ~ beta
    p = stats.beta(29.5, 18.5).ppf((np.arange(20000) + 0.5) / 20000)
    chance = stats.nbinom.cdf(b.approached[0.5] - 60, 60, 0.44 * p).mean()
    assert 0.5 <= chance < 0.52


def test_chances_rise_with_time_and_fall_with_people(study):
    trial = study(recruiting("sites = 3\napproached_a_week = 2.0\nsite_cv = 0.4\nweeks = 60"))
    few, many = (recruitment_of(trial, plan_of(trial), n, seed=1) for n in (40, 60))
    assert (np.diff(few.reached) >= 0).all()
    assert (many.reached[:60] <= few.reached[:60]).all()
    assert few.weeks_needed[0.5] < many.weeks_needed[0.5]


def test_without_rates_nothing_is_said_of_recruiting(study):
    with pytest.raises(InputError, match=r"has no \[plan.recruiting\]"):
        recruitment_of(study(), plan_of(study()), 60, seed=1)
