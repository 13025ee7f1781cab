"""How patterns are judged; the worlds they are measured in; that the catalogue is sound."""

import dataclasses

import numpy as np
import pytest

from analysis.patterns import catalogue as listing
from analysis.patterns.lives import TeamLives
from analysis.patterns.protocol import PROOFS, Pattern, TeamEstimate, judge, team_estimate
from analysis.patterns.run import verdicts
from analysis.patterns.statistics import (
    Stat,
    correlation,
    hazard_slope,
    intraclass,
    log_ratio,
    mean_stat,
    median,
    partial_correlation,
    ratio,
    slope,
)
from sim.errors import InputError
from sim.world.parameters import catalogue

SMALL = 96


@pytest.fixture(scope="module")
def numbers():
    return np.random.default_rng(3)


@pytest.fixture(scope="module")
def lives():
    return TeamLives(8, 0, egos=SMALL)


def a_pattern(**how):
    said = {"id": "P0", "claim": "a claim", "evidence": "F", "proof": "imposed"}
    return Pattern(**said, measure=lambda lives: {}, **how)


def an_estimate(value, error):
    return TeamEstimate(value, error, value - 2 * error, value + 2 * error, 100)


# ---- statistics


def test_a_slope_is_that_of_least_squares_on_all_teams_together(numbers):
    teams = [numbers.normal(size=(40, 3)) for _ in range(5)]
    found = team_estimate([slope(t[:, 0], [t[:, 1], t[:, 2]], 1) for t in teams])
    whole = np.concatenate(teams)
    design = np.column_stack([np.ones(len(whole)), whole[:, 1:]])
    expected = np.linalg.lstsq(design, whole[:, 0], rcond=None)[0][2]
    assert found.value == pytest.approx(expected)
    assert found.n == 200


def test_correlations_are_those_of_numpy(numbers):
    x, y, z = numbers.normal(size=(3, 80))
    y = y + x + z
    one = correlation(x, y)
    assert one.value(one.parts) == pytest.approx(np.corrcoef(x, y)[0, 1])
    rest = [v - np.polyval(np.polyfit(z, v, 1), z) for v in (x, y)]
    part = partial_correlation(x, y, z)
    assert part.value(part.parts) == pytest.approx(np.corrcoef(*rest)[0, 1])


def test_the_error_of_a_mean_is_the_textbook_one(numbers):
    teams = [numbers.normal(size=10) for _ in range(30)]
    found = team_estimate([mean_stat(team) for team in teams])
    means = np.array([team.mean() for team in teams])
    assert found.mcse == pytest.approx(means.std(ddof=1) / np.sqrt(30))
    assert found.low < means.mean() < found.high


def test_ratios_differences_and_logarithms_add_up_before_they_divide():
    teams = [log_ratio(ratio(1, 10), ratio(1, 40)), log_ratio(ratio(3, 10), ratio(0, 10))]
    assert team_estimate(teams).value == pytest.approx(np.log((4 / 20) / (1 / 50)))
    assert team_estimate([ratio(1, 2) - ratio(1, 4)] * 3).value == pytest.approx(0.25)


def test_what_cannot_be_said_is_no_number_and_passes_nothing():
    found = {"x": team_estimate([ratio(0, 0)] * 3)}
    assert np.isnan(found["x"].value)
    assert not judge(a_pattern(above=("x",)), found, None).D
    assert not judge(a_pattern(bands={"x": (0, 1)}), found, None).M
    assert not judge(a_pattern(within={"x": (-1, 1)}), found, None).D


def test_a_median_lies_in_the_middle():
    values = np.array([1, 2, 2, 3, 9])
    one = median(values, 10)
    assert float(one.value(one.parts)) == pytest.approx(2, abs=0.5)


def test_a_hazard_slope_is_a_log_hazard_ratio(numbers):
    x = numbers.normal(size=40_000)
    lost = numbers.random(x.size) < 0.02 * np.exp(0.3 * x)
    one = hazard_slope(lost, x)
    assert float(one.value(one.parts)) == pytest.approx(0.3, abs=0.08)


def test_clusters_that_differ_have_an_intraclass_correlation(numbers):
    of = np.full(300, 40)
    apart = intraclass(numbers.binomial(of, numbers.beta(2, 8, 300)), of)
    alike = intraclass(numbers.binomial(of, 0.2), of)
    assert float(apart.value(apart.parts)) == pytest.approx(1 / 11, abs=0.03)
    assert float(alike.value(alike.parts)) == pytest.approx(0, abs=0.01)


# ---- verdicts


def test_nothing_is_not_passed():
    found = {"x": an_estimate(0.1, 0.2)}
    verdict = judge(a_pattern(above=("x",)), found, None)
    assert not verdict.passes
    assert "not above 0" in verdict.reason


@pytest.mark.parametrize(("name", "value"), [("above", 1.0), ("below", -1.0)])
def test_a_contrast_must_lie_on_its_side(name, value):
    wanted = a_pattern(**{name: ("x",)})
    assert judge(wanted, {"x": an_estimate(value, 0.1)}, None).D
    assert not judge(wanted, {"x": an_estimate(-value, 0.1)}, None).D


def test_about_none_needs_its_whole_interval_inside():
    wanted = a_pattern(within={"x": (-0.05, 0.05)})
    assert judge(wanted, {"x": an_estimate(0.01, 0.01)}, None).D
    assert not judge(wanted, {"x": an_estimate(0.01, 0.05)}, None).D


def test_a_figure_outside_its_band_fails_and_is_named():
    verdict = judge(a_pattern(bands={"x": (2, 3)}), {"x": an_estimate(1.0, 0.1)}, None)
    assert not verdict.M
    assert "x 1 is outside 2 to 3" in verdict.reason


@pytest.mark.parametrize(("left", "gone"), [(0.24, True), (-0.24, True), (0.26, False)])
def test_switched_off_at_most_a_quarter_may_be_left(left, gone):
    verdict = judge(a_pattern(above=("x",)), {"x": an_estimate(1.0, 0.1)}, an_estimate(left, 0.01))
    assert verdict.A is gone
    assert verdict.passes is gone


def test_a_pattern_may_ask_what_small_studies_see():
    wanted = a_pattern(above=("x",), bands={"V29": (0.9, 1)})
    found = {"x": an_estimate(1.0, 0.1)}
    assert judge(wanted, found, None, 0.95).passes
    assert not judge(wanted, found, None, 0.5).passes


# ---- worlds


def test_worlds_of_one_team_share_everything_but_their_cause(lives):
    usual, ill = lives.usual, lives.struck
    who = lives.newly_ill
    assert who.sum() > 5
    assert (ill.ego("acute", 8)[who] > 0).all()
    assert (usual.ego("acute", 8)[who] == 0).all()
    assert np.array_equal(usual.ego("wellbeing", 7), ill.ego("wellbeing", 7))
    assert np.array_equal(usual.tie("trust", 7), ill.tie("trust", 7))


def test_without_its_cause_a_contrast_is_nothing():
    same = TeamLives(5, 0, egos=SMALL, same=True)
    assert same.world("cut") is same.usual
    assert not same.newly_ill.any()


def test_switching_off_an_unrelated_rule_is_no_ablation():
    cheap = next(one for one in listing.all_patterns() if one.id == "P50")
    sham = dataclasses.replace(cheap, id="sham", off={"ego.male_share": 0.5})
    real, fake = verdicts([cheap, sham], 3, 0, seed=2, threads=1, egos=SMALL)
    assert real.A is True
    assert fake.A is False
    assert not fake.passes
    assert "left when switched off" in fake.reason


def test_verdicts_depend_on_the_seed_alone():
    chosen = listing.choose(["P6"])
    once, again, other = (
        verdicts(chosen, 3, 0, seed=seed, threads=threads, egos=SMALL)[0]
        for seed, threads in ((2, 1), (2, 2), (3, 1))
    )
    assert once == again
    assert once.effect != other.effect


@pytest.mark.parametrize(
    ("asked", "value", "left"),
    [
        ({"above": ("x",)}, -0.2, None),
        ({"below": ("x",)}, 0.2, None),
        ({"within": {"x": (-1, 1)}}, 1.2, None),
        ({"bands": {"x": (2, 3)}}, 1.8, None),
        ({"above": ("x",)}, 1.0, 0.45),
    ],
)
def test_a_failure_counts_as_shown_only_far_beyond_its_error(asked, value, left):
    def judged(error):
        off = None if left is None else an_estimate(left, error)
        return judge(a_pattern(**asked), {"x": an_estimate(value, error)}, off)

    assert not judged(0.01).passes
    assert judged(0.01).refuted
    assert not judged(0.2).passes
    assert not judged(0.2).refuted
    assert not judge(a_pattern(above=("x",)), {"x": an_estimate(1, 0.01)}, None).refuted


# ---- the catalogue


def test_there_is_each_pattern_once():
    ids = [one.id for one in listing.all_patterns()]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {f"P{k}" for k in range(1, listing.OF_ALL + 1)}
    assert all(one.proof in PROOFS for one in listing.all_patterns())


def test_what_was_set_apart_says_so_and_nothing_else_does():
    found = {one.id for one in listing.all_patterns() if one.proof == "reserved"}
    assert found == listing.reserved()
    assert len(found) >= 10


def test_every_pattern_names_what_it_measures(lives):
    for one in listing.all_patterns():
        if one.world or one.id == "P59":
            continue
        found = one.measure(lives)
        asked = {*one.above, *one.below, *one.within, *one.bands} - {"V29"}
        assert asked <= set(found), one.id
        assert all(isinstance(stat, Stat) for stat in found.values())
        assert one.above or one.below or one.within, one.id


def test_what_is_switched_off_are_parameters_in_their_range():
    known = catalogue()
    for one in listing.all_patterns():
        for path, value in {**one.off, **one.world}.items():
            assert known.check(path, value, one.id) == value


def test_known_failures_are_patterns_with_a_measurement_and_a_reason():
    ids = {one.id for one in listing.all_patterns()}
    for name, entry in listing.known_failures().items():
        assert name in ids
        assert entry["measurement"]
        assert entry["reason"]


def test_a_pattern_that_does_not_exist_is_wrong_input():
    with pytest.raises(InputError, match='"P240"'):
        listing.choose(["P240"])
    assert [one.id for one in listing.choose(["p24"])] == ["P24"]


def test_a_pattern_named_twice_is_measured_once():
    assert [one.id for one in listing.choose(["P24", "P1", "p24"])] == ["P24", "P1"]


def test_worlds_that_outgrow_their_slots_are_lived_again_with_more_room(monkeypatch):
    """Slots never change a figure, so neither does having begun with too few."""
    chosen = listing.choose(["P45", "P24"])
    roomy = verdicts(chosen, 3, 0, threads=1, egos=SMALL)
    monkeypatch.setattr("analysis.patterns.lives.SLOTS", 32)
    cramped = verdicts(chosen, 3, 0, threads=1, egos=SMALL)
    assert [one.measures for one in cramped] == [one.measures for one in roomy]


# ---- reach and people


def test_a_world_goes_on_from_its_year(lives):
    then = lives.later("usual", 60)
    assert then.week == 61
    first = lives.usual.history.team.egos
    assert (then.egos["episode"] >= first["episode"]).all()
    assert then.egos["episode"].sum() > first["episode"].sum()
    same = TeamLives(5, 0, egos=SMALL, same=True)
    assert same.later("rare", 60) is same.later("usual", 60)


def test_where_visits_are_rare_far_fewer_are_kept_and_none_before(lives):
    usual, rare = lives.usual, lives.world("rare")
    kept = [life.weekly("kept")[:, 52] - life.weekly("kept")[:, 0] for life in (usual, rare)]
    assert 0.2 < kept[1].sum() / kept[0].sum() < 0.6
    assert np.array_equal(usual.tie("identity", 0)[:, :8], rare.tie("identity", 0)[:, :8])


def test_where_nobody_dies_of_age_no_tie_is_kept_less(lives):
    from analysis.patterns.flows import endings
    from sim.world.kinds import Cause

    gone = [endings(lives.world(name), 0, 52) for name in ("usual", "undying")]
    dead = [(one.cause == Cause.BEREAVEMENT).sum() for one in gone]
    assert dead[1] < dead[0]


def test_a_reserved_pattern_is_not_a_released_one():
    listed = listing._table("reserved")
    assert not set(listed["reserved"]) & set(listed["released"])
