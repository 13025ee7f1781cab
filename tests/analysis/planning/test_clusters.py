"""Trials of whole clusters: sizes, shares, what changes between waves, and power against formulas.

Comparisons with a formula are at 3 Monte Carlo standard errors; the seeds are fixed.
"""

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from analysis.estimators.formulas.closed_forms import ancova_power
from analysis.planning.design.cheapest import find_cheapest
from analysis.planning.formulas.beside import closed_form
from analysis.planning.formulas.needed import people_by_formula
from analysis.planning.planner import plan_study
from analysis.planning.points import check_whole
from analysis.planning.report.words import result_in_words
from analysis.questions.of_study import plan_of
from analysis.questions.panel import Clusters
from analysis.trials.flow import flow_of
from analysis.trials.panel import panel_process
from analysis.trials.rounds import Rounds
from analysis.trials.trial import Trial
from analysis.trials.units import units_of
from egocohort.results.plan import make_plan
from sim.errors import InputError
from sim.study.spec import parse_study, read_study

STUDIES = Path(__file__).parent / "studies"
FEW, MANY = 1000, 10_000


def read(name, clusters=None, **settings):
    """A worked study, with something else said of its clusters, or of the plan."""
    said = read_study(STUDIES / f"{name}.toml").resolved()
    for one in said["plan"]["panel"]["clusters"].values():
        one |= clusters or {}
        if "number" in (clusters or {}):
            one.pop("size")
    said["plan"] |= settings
    return parse_study(said, f"{name}.toml")


def planned(study, seed=11):
    plan = plan_of(study)
    process = panel_process(study, plan, seed)
    return plan, process, units_of(process, plan)


def powers(study, ks, studies, question=0, seed=11):
    """Share of studies of so many clusters in which a question succeeds, and the formula's."""
    plan, process, units = planned(study, seed)
    trial = Trial(process, plan)
    sizes = [units.people(k) for k in ks]
    fits = trial.fits(sizes, range(studies))
    won = np.array([trial.each_succeeds(one)[question] for one in fits])
    form = closed_form(study, process, trial.asked[question])
    return won, np.array([form.power(n) for n in sizes])


def near(share, expected, studies):
    return (np.abs(share - expected) < 3 * np.sqrt(expected * (1 - expected) / studies)).all()


@pytest.mark.parametrize("name", ["teams", "wards"])
def test_a_study_of_k_units_has_k_whole_clusters_in_the_smaller_arm(name):
    study = read(name)
    _, process, units = planned(study)
    ratio, size = (1, 8) if name == "teams" else (2, 12)
    assert units.name == "clusters an arm"
    for k in range(units.low, units.high + 1):
        batch = next(iter(process.draw(units.people(k), range(1))))
        homes = [np.bincount(batch.cluster[batch.arm == a]) for a in (0, 1)]
        assert [one.size for one in homes] == [ratio * k, k]
        assert all((one == size).all() for one in homes)
    assert units.people(units.high) == plan_of(study).people_at_most


@pytest.mark.parametrize("name", ["teams", "wards"])
def test_power_rises_with_each_cluster(name):
    """Studies are the same but for the last cluster, so the difference has little error."""
    won, formula = powers(read(name), range(6, 10), FEW)
    assert (np.diff(formula) > 0).all()
    for fewer, more in pairwise(won):
        gain = more.astype(float) - fewer
        assert gain.mean() > -3 * gain.std() / np.sqrt(FEW)


@pytest.mark.parametrize("name", ["teams", "wards"])
def test_power_is_that_of_the_formula(name):
    won, formula = powers(read(name), (6, 9), FEW)
    assert near(won.mean(axis=1), formula, FEW)


@pytest.mark.verify
@pytest.mark.parametrize("cac", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("icc", [0.02, 0.15])
def test_adjusted_means_have_the_power_of_teerenstra_s_formula(icc, cac):
    won, formula = powers(read("wards", {"icc": icc, "cac": cac}), (4, 8, 12), MANY)
    assert near(won.mean(axis=1), formula, MANY)


@pytest.mark.verify
@pytest.mark.parametrize("name", ["teams", "wards"])
def test_power_is_that_of_the_formula_in_ten_thousand_studies(name):
    won, formula = powers(read(name), (5, 7, 9, 11), MANY)
    assert near(won.mean(axis=1), formula, MANY)


def test_the_formula_is_that_of_teerenstra():
    """(1 - r^2), r the correlation of a cluster's two means, written out of its three parts."""
    study = read("wards")
    _, process, units = planned(study)
    asked = Trial(process, plan_of(study)).asked[0]
    m, icc, cac = 12, 0.08, 0.7
    person = (0.6 - icc * cac) / (1 - icc)
    r = (m * icc * cac + (1 - icc) * person) / (1 + (m - 1) * icc)
    sd = 4 * np.sqrt((1 + (m - 1) * icc) / m)
    expected = ancova_power(0.45 * 4, sd, r, 6, 12)
    assert closed_form(study, process, asked).power(units.people(6)) == pytest.approx(expected)


@pytest.mark.parametrize("analysis", ["cluster_t", "cluster_ancova"])
def test_a_formula_is_exact_where_all_clusters_are_of_one_size(analysis):
    def form(**sizes):
        said = read("wards").resolved()
        said["plan"]["question"] = [said["plan"]["question"][0] | {"analysis": analysis}]
        for arm, size in sizes.items():
            said["plan"]["panel"]["clusters"][arm]["size"] = size
        study = parse_study(said, "wards.toml")
        plan, process, _ = planned(study)
        return closed_form(study, process, Trial(process, plan).asked[0])

    assert not form().caveat  # two clusters of usual care to one with peers
    assert "differ in size" in form(peers=4).caveat


def test_effects_of_a_cluster_at_two_waves_correlate_as_said():
    study = read("wards", {"icc": 0.3, "cac": 0.4})
    _, process, units = planned(study)
    y = np.concatenate([one.y for one in process.draw(units.people(10), range(400))])
    arm, home = process.arm[: y.shape[1]], process.cluster[: y.shape[1]]
    means = np.stack([y[:, (arm == 0) & (home == k)].mean(axis=1) for k in range(20)])
    before, after = (means - means.mean(axis=(0, 1))).transpose(2, 0, 1).reshape(2, -1)
    shared = (before * after).mean() - (0.6 - 0.3 * 0.4) * 16 / 12
    assert abs(shared - 0.4 * 0.3 * 16) < 4 * 16 * (0.3 + 0.7 / 12) / np.sqrt(before.size)
    assert abs(y.var() / 16 - 1) < 0.1
    one, two = y[:, :, 0].ravel() - 19, y[:, :, 1].ravel() - y[:, :, 1].mean()
    assert abs((one * two).mean() / 16 - 0.6) < 0.05


def test_a_cluster_autocorrelation_of_one_moves_no_draw():
    _, process, units = planned(read("wards", {"cac": 1.0}))
    _, nearly, _ = planned(read("wards", {"cac": 1 - 1e-12}))
    n = units.people(5)
    y, other = (next(iter(one.draw(n, range(20)))).y for one in (process, nearly))
    assert np.allclose(y, other, atol=1e-4)


def test_sizes_that_are_drawn_have_their_mean_and_variation_and_are_of_the_cluster():
    _, process, units = planned(read("teams", {"size_cv": 0.6, "sizes": "drawn"}))
    k = units.at_least(200)
    sizes = []
    for study in process.draw(units.people(k), range(300)):
        homes = [np.bincount(study.cluster[study.arm == a]) for a in (0, 1)]
        assert [one.size for one in homes] == [k, k]
        sizes.append(homes)
        fewer = study.first(units.people(k - 2))
        for arm, home in enumerate(homes):
            assert np.array_equal(np.bincount(fewer.cluster[fewer.arm == arm]), home[: k - 2])
    every = np.array(sizes).ravel()
    assert every.min() >= 2
    assert abs(every.mean() - 8) < 4 * 4.8 / np.sqrt(every.size)
    assert abs(every.std() / 8 - 0.6) < 0.03


@pytest.mark.parametrize("analysis", ["cluster_t", "cluster_t_by_precision"])
def test_power_over_drawn_sizes_is_near_the_formula_s(analysis):
    study = read("teams", {"size_cv": 0.7, "sizes": "drawn"})
    said = study.resolved()
    said["plan"]["question"][0]["analysis"] = analysis
    won, formula = powers(parse_study(said, "teams.toml"), (10,), FEW)
    assert abs(won.mean() - formula[0]) < 3 * np.sqrt(0.25 / FEW) + 0.015


def test_the_flow_of_drawn_sizes_has_ranges():
    study = read("teams", {"size_cv": 0.6, "sizes": "drawn"})
    _, process, units = planned(study)
    arm = flow_of(study, process, units.people(10)).arms[0]
    assert arm.clusters.number == (10, 10, 10)
    assert arm.people.low < 70 < 90 < arm.people.high
    assert abs(arm.people.mean - 80) < 3
    assert 2 <= arm.clusters.size.low <= 3


@pytest.mark.parametrize("parts", [(0.5, 0.5), (2 / 3, 1 / 3), (11 / 29, 18 / 29)])
@pytest.mark.parametrize("by_person", [True, False])
@pytest.mark.parametrize("sizes", [(6, 6), (4, 9), (None, 7)])
def test_arms_are_never_farther_from_their_parts_than_half_a_cluster(parts, by_person, sizes):
    clusters = tuple(None if one is None else Clusters(icc=0.1, size=one) for one in sizes)
    rounds = Rounds(parts, clusters, by_person or None in sizes, 600)
    arm, home, ends = rounds.enrolment()
    for n in ends:
        counts = [
            (arm[:n] == a).sum() if one is None else np.unique(home[:n][arm[:n] == a]).size
            for a, one in enumerate(sizes)
        ]
        people = [c * (one or 1) for c, one in zip(counts, sizes, strict=True)]
        wanted = people if rounds.by_person else counts
        scale = [one or 1 for one in sizes] if rounds.by_person else [1, 1]
        short = min(a / part for a, part in zip(wanted, parts, strict=True))
        for a, part, step in zip(wanted, parts, scale, strict=True):
            assert a - part * short <= step * max(1, part / min(parts)) + 1e-6


def test_as_many_clusters_as_are_counted_can_be_had():
    said = read("teams").resolved()
    said["arms"] |= {"share": None, "count": {"usual": 11, "mapping": 18}}
    _, process, units = planned(parse_study(said, "t"))
    n = units.people(11)
    homes = [np.unique(process.cluster[:n][process.arm[:n] == a]).size for a in (0, 1)]
    assert homes == [11, 18]


def test_a_number_of_clusters_that_is_not_the_arms_is_refused():
    said = read("teams", {"number": 12}).resolved()
    said["arms"] |= {"share": None, "count": {"usual": 11, "mapping": 12}}
    with pytest.raises(InputError, match=r"usual: has 12 clusters, but arms.count says 11 teams"):
        planned(parse_study(said, "t"))


def test_a_broken_cluster_is_refused_and_what_is_proposed_works():
    _, _, units = planned(read("teams"))
    with pytest.raises(InputError, match=r"n = 192 \(12 clusters an arm\) or n = 208 \(13 "):
        check_whole(units, [100 + 100])
    check_whole(units, [192, 208])


def test_no_room_for_two_clusters_an_arm_is_said_and_what_is_proposed_works():
    with pytest.raises(InputError, match="give 32 or more"):
        planned(read("teams", people_at_most=31))
    assert planned(read("teams", people_at_most=32))[2].high == 2


def test_clusters_of_a_number_have_two_people_each_or_more():
    _, process, units = planned(read("teams", {"number": 9, "size_cv": 1.5}))
    sizes = np.bincount(process.cluster[: units.low][process.arm[: units.low] == 0])
    assert units.name == "people"
    assert sizes.size == 9
    assert sizes.min() >= 2


RULES = [
    *product([0, 0.8, 2], ["fixed", "drawn"], [{"size": 2}, {"size": 9}]),
    *product([0, 0.8, 2], ["fixed", "drawn"], [{"number": k} for k in (2, 10)]),
]


def message_or_plan(cv, sizes, rule, analysis):
    """What is wrong with such clusters; empty where a plan was made of them."""
    try:
        study = read("teams", {"size_cv": float(cv), "sizes": sizes, **rule}, people_at_most=240)
        said = study.resolved()
        said["plan"]["question"][0]["analysis"] = analysis
        study = parse_study(said, "teams.toml")
        plan, process, units = planned(study)
    except InputError as error:
        return str(error)
    form = closed_form(study, process, Trial(process, plan).asked[0])
    if form is not None and (needed := people_by_formula(form, units, 0.8)) is not None:
        assert form.power(needed) >= 0.8
    for n in {units.people(units.low), units.people(units.high)}:
        fits = Trial(process, plan).fits([n], range(6))[0][0]
        assert fits.estimate.size == 6
        assert flow_of(study, process, n).arms[0].clusters.number.low >= 2
    return ""


@pytest.mark.parametrize(("cv", "sizes", "rule"), RULES)
def test_any_sizes_make_a_plan_or_one_clear_message(cv, sizes, rule):
    said = message_or_plan(cv, sizes, rule, "cluster_ancova")
    assert not said or "size_cv" in said or "people_at_most" in said
    assert len(said) < 300
    assert not said or cv > 0 or sizes == "drawn"


def test_clusters_of_one_person_each_are_fitted_without_a_slope_within_them():
    assert message_or_plan(0.1, "drawn", {"number": 4}, "cluster_mixed_ancova") == ""


@pytest.mark.verify
@pytest.mark.parametrize("analysis", ["cluster_t", "cluster_t_by_size", "cluster_mixed_ancova"])
@pytest.mark.parametrize("number", [{"number": k} for k in range(2, 11)])
@pytest.mark.parametrize("cv", [0, 0.1, 0.4, 0.8, 1.1, 1.5, 2])
def test_any_number_of_clusters_makes_a_plan_or_one_clear_message(analysis, number, cv):
    for sizes in ("fixed", "drawn") if cv else ("fixed",):
        said = message_or_plan(cv, sizes, number, analysis)
        assert not said or "size_cv" in said or "people_at_most" in said


MONEY = {
    "costs": {"fixed": 1000.0, "enrolment": 150.0, "interview": 40.0, "cluster": 700.0},
    "choices": {"cluster_size": [6, 12]},
}


@pytest.mark.parametrize("analysis", ["cluster_t", "cluster_mixed"])
def test_the_cheapest_is_of_whole_clusters_and_the_same_for_every_seed(analysis):
    """The smaller clusters are cheaper by a tenth; by formula, and by search where that is near."""
    said = read("teams", **MONEY).resolved()
    said["plan"]["question"][0]["analysis"] = analysis
    study = parse_study(said, "teams.toml")
    for seed in (1, 2):
        best, other = find_cheapest(study, seed=seed, replicates=100).contenders
        assert best.variant.setting == {"cluster_size": 6}
        assert best.n % 12 == 0
        assert other.n % 24 == 0
        assert best.cheapest_in > 0.5


@pytest.mark.verify
def test_a_plan_says_how_many_clusters_of_which_size():
    def said(study, n):
        lines = result_in_words(plan_study(study, seed=1, sizes=[n], replicates=20)).splitlines()
        return next(one for one in lines if one.startswith(f"{n} people:"))

    assert said(read("teams"), 192) == "192 people: 12 teams an arm of 8 people"
    assert said(read("wards"), 252) == (
        "252 people: 14 teams of 12 people in usual; 7 teams of 12 people in peers"
    )
    drawn = said(read("teams", {"size_cv": 0.6, "sizes": "drawn"}), 160)
    assert drawn.startswith("160 people: 10 teams an arm of ")
    assert drawn.endswith(" people (95 % of them), drawn anew in each study")


@pytest.mark.verify
def test_clusters_stand_in_what_is_kept():
    kept = make_plan(read("wards"), sizes=[252], seed=1, replicates=20).as_data()
    (at,) = kept["clusters"]
    assert at["n"] == 252
    assert [(one["arm"], one["clusters"], one["mean_size"]) for one in at["arms"]] == [
        ("usual", 14, 12), ("peers", 7, 12),
    ]  # fmt: skip
