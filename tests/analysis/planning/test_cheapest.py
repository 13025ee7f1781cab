"""The cheapest design: against every design by formula, its error, and what cannot be chosen."""

import numpy as np
import pytest

from analysis.planning.design.cheapest import find_cheapest
from analysis.planning.design.cost import expected_cost
from analysis.planning.design.pareto import standing
from analysis.planning.design.variants import retention_at, variants
from analysis.planning.formulas.beside import closed_form
from analysis.planning.processes import process_of
from analysis.planning.search.resampled import crossings, resample
from analysis.questions.of_study import plan_of
from analysis.trials.analyses import Asked
from sim.errors import InputError

MONEY = """\
[plan.costs]
fixed = 1000
approach = 60
enrolment = 150
interview = 40
incentive = 10
[plan.incentive_curve]
most_fewer = 0.9
half_at = 5
"""
CHOICES = "[plan.choices]\nincentive = [0, 10, 200]\nweeks = [[0, 52], [0, 26, 52]]\n"
POORLY_KEPT = ("retention = [0.9, 0.8]", "retention = [0.7, 0.5]")


def choosing(choices=CHOICES, money=MONEY):
    return ("[plan.panel]", f"{money}{choices}[plan.panel]")


def by_formula(study):
    """Setting, N and cost of every setting at its smallest sufficient N, the cheapest first."""
    found = []
    for variant in variants(study, plan_of(study)):
        plan = plan_of(variant.study)
        process = process_of(variant.study, plan, 1)
        asked = Asked.of(plan.question[0], process.arms, process.weeks)
        form = closed_form(variant.study, process, asked)
        n = next(n for n in range(8, 601) if form.power(n) >= plan.chance)
        cost = expected_cost(variant.study, plan, process, n).total
        found.append((cost, n, variant.setting))
    return sorted(found, key=lambda one: one[0])


def test_the_cheapest_is_that_of_every_design_by_formula(study):
    trial = study(choosing(), POORLY_KEPT)
    every = by_formula(trial)
    result = find_cheapest(trial, seed=5, replicates=500)
    cost, n, setting = every[0]
    assert every[1][0] > 1.02 * cost  # or it would be a tie
    best = result.best
    assert best.variant.setting == setting == {"incentive": 10, "weeks": (0, 52)}
    assert abs(best.n / n - 1) < 0.08
    assert best.low <= n <= best.high + 1
    assert abs(best.cost.total / cost - 1) < 0.05
    assert best.cheapest_in > 0.9
    assert abs(result.confirmed.share - 0.8) < 0.05
    assert result.confirmed.n == 1600
    assert result.usual.variant.setting == {"incentive": 10, "weeks": (0, 26, 52)}
    assert len(result.contenders) == 6
    front = [one for one in result.points if one.standing == "front"]
    assert [one.success.share for one in front] == sorted(one.success.share for one in front)


def test_designs_that_are_as_good_are_ties(study):
    """A scheduled wave that no analysis looks at and that costs nothing, against one that does."""
    free = MONEY.replace("interview = 40\nincentive = 10", "interview = 0")
    two = "[plan.choices]\nweeks = [[0, 52], [0, 26, 52]]\n"
    result = find_cheapest(study(choosing(two, free)), seed=5, replicates=400)
    assert [one.is_tie for one in result.contenders] == [False, True]
    gap, low, high = result.contenders[1].dearer
    assert low <= 0 <= high
    assert gap >= 0
    dear = free.replace("interview = 0", "interview = 0\nwave = 20000")
    result = find_cheapest(study(choosing(two, dear)), seed=5, replicates=400)
    assert result.best.variant.setting["weeks"] == (0, 52)
    assert not result.ties


def test_threads_change_nothing(study):
    trial = study(choosing("[plan.choices]\nincentive = [0, 10]\n"), POORLY_KEPT)
    one = find_cheapest(trial, seed=5, replicates=300)
    two = find_cheapest(trial, seed=5, replicates=300, threads=2)
    assert [c.cost for c in one.contenders] == [c.cost for c in two.contenders]
    assert [p.success for p in one.points] == [p.success for p in two.points]


def test_out_of_reach_is_said(study):
    small = ("people_at_most = 600", "people_at_most = 40")
    result = find_cheapest(study(choosing(), small), seed=5, replicates=200)
    assert result.best is None
    assert result.confirmed is None
    assert all(one.n is None for one in result.contenders)


def test_clusters_are_chosen_too(study):
    rule = "icc = 0.05, size = 10"
    clusters = f"[plan.panel.clusters]\ncontrol = {{ {rule} }}\ntreated = {{ {rule} }}\n"
    trial = study(
        ('unit = "ego"', 'unit = "team"'), ('"t_test"', '"cluster_t"'),
        choosing("[plan.choices]\ncluster_size = [5, 20]\n"),
        ("[plan.panel.effect]", f"{clusters}[plan.panel.effect]"),
    )  # fmt: skip
    small, large = variants(trial, plan_of(trial))
    assert plan_of(small.study).panel.clusters["treated"].size == 5
    assert large.words == "clusters of 20"
    result = find_cheapest(trial, seed=5, replicates=200)
    assert result.best.variant.setting == {"cluster_size": 5}  # clusters cost nothing here


def test_fewer_members_asked_about_are_noise(study):
    members = "[plan.panel.members]\nsd = 6\nnamed = 9\n"
    trial = study(
        choosing("[plan.choices]\nmost_members = [3, 9]\n"),
        ("[plan.panel.effect]", f"{members}[plan.panel.effect]"),
    )
    few, all_of_them = (
        process_of(one.study, plan_of(one.study), 1).model
        for one in variants(trial, plan_of(trial))
    )
    added = float(few.residual) ** 2 - float(all_of_them.residual) ** 2
    assert added == pytest.approx(36 * (1 / 3 - 1 / 9), rel=1e-5)
    assert float(all_of_them.residual) ** 2 == pytest.approx(0.4 * 16, rel=1e-5)


def test_waves_are_carried_over(study):
    trial = study(choosing("[plan.choices]\nweeks = [[0, 13, 52]]\n"))
    one = variants(trial, plan_of(trial))[0].study
    assert plan_of(one).panel.effect["treated"] == pytest.approx((0.125, 0.5))
    assert one.participation.retention["all"] == pytest.approx((np.sqrt(0.9), 0.8))
    assert retention_at([0, 26, 52], [0.9, 0.8], [0, 26, 52]) == pytest.approx((0.9, 0.8))


def test_a_crossing_has_the_error_of_studies_drawn_anew():
    """The bootstrap SD of the crossing against its SD over new studies, within 25 %."""
    draws = np.random.default_rng(1)
    sizes, studies = [60, 80, 100, 120], 800

    def succeed():
        z = draws.standard_normal((studies, 1))  # one luck for all sizes of a study
        own = 0.3 * draws.standard_normal((studies, 4))
        return 0.31 * np.sqrt(sizes) + z + own > 1.96

    found = [crossings(sizes, succeed(), np.ones((1, studies)), 0.8)[0] for _ in range(300)]
    inside = crossings(sizes, succeed(), resample(studies, 3), 0.8)[1:]
    assert inside.std() / np.std(found) == pytest.approx(1, abs=0.25)
    truth = ((1.96 + 0.8416 * np.sqrt(1.09)) / 0.31) ** 2
    assert np.mean(found) == pytest.approx(truth, abs=4 * np.std(found) / np.sqrt(300) + 0.3)


def test_a_design_that_is_beaten_by_luck_is_near():
    draws = np.random.default_rng(2)
    luck = draws.random((1000, 1))
    won = luck < np.array([0.5, 0.8, 0.0, 0.6, 0.9])
    won[:, 2] = draws.random(1000) < 0.775  # with a luck of its own
    assert won[:, 2].mean() < won[:, 1].mean()
    places = standing(np.array([1.0, 2.0, 2.1, 2.2, 3.0]), won)
    assert places == ["front", "front", "near", "beaten", "front"]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ("[plan.choices]\n", "names nothing to choose from"),
        ("[plan.choices]\nincentive = []\n", "plan.choices.incentive"),
        ("[plan.choices]\nincentive = [10, 10]\n", "names a value twice"),
        ("[plan.choices]\nincentive = [-5]\n", "must be at least 0"),
        ("[plan.choices]\nincentive = { from = 0, to = 40 }\n", "is a list of values, or a range"),
        ("[plan.choices]\nincentive = { from = 40, to = 0, by = 5 }\n", "a range rises"),
        ("[plan.choices]\nweeks = [[0, 26]]\n", "has no wave in week 52, of which a question asks"),
        ("[plan.choices]\nweeks = [[0, 52, 78]]\n", "goes on after week 52"),
        ("[plan.choices]\nweeks = [[26, 52]]\n", "must begin with 0 and rise"),
        ("[plan.choices]\ncluster_size = [5]\n", "no arm of plan.panel.clusters has a size"),
        ("[plan.choices]\nmost_members = [5]\n", "give [plan.panel.members]"),
        ("[plan.choices]\nincentiv = [5]\n", 'did you mean "incentive"?'),
    ],
)
def test_choices_that_make_no_design_are_refused(study, choices, message):
    with pytest.raises(InputError) as wrong:
        study(choosing(choices))
    assert message in str(wrong.value)
    assert len(str(wrong.value).splitlines()) <= 2


def test_a_range_is_its_values(study):
    trial = study(choosing("[plan.choices]\nincentive = { from = 0, to = 40, by = 20 }\n"))
    assert plan_of(trial).choices.incentive == (0, 20, 40)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([("[plan.panel]", "[plan.choices]\nincentive = [0]\n[plan.panel]")], "needs prices"),
        (
            [choosing(money=MONEY.replace("most_fewer = 0.9", "most_fewer = 1.0"))],
            "must be less than 1",
        ),
        ([choosing(money=MONEY.replace("[plan.incentive_curve]", "[plan.nothing]"))], "nothing"),
        ([choosing(money=MONEY.replace("approach = 60", "approach = -60"))], "must be at least 0"),
    ],
)
def test_prices_that_make_no_sense_are_refused(study, changes, message):
    with pytest.raises(InputError, match=message):
        study(*changes)


def test_an_incentive_needs_somebody_to_lose(study):
    trial = study(choosing(), ("[participation]\nretention = [0.9, 0.8]\n", ""))
    with pytest.raises(InputError, match="an incentive buys nothing"):
        find_cheapest(trial, seed=1, replicates=100)


def test_a_study_without_choices_is_refused(study):
    with pytest.raises(InputError, match=r"has no \[plan.choices\]"):
        find_cheapest(study(), seed=1, replicates=100)
