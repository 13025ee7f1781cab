"""How ties end and begin: closed forms, limits, and which way each rule leans."""

import math

import numpy as np
import pytest

from sim.world.arithmetic import ONE, ZERO, f4, normal
from sim.world.rules.endings import (
    changes,
    dormancy_hazard,
    ending_hazard,
    ending_rate,
    ends,
    fading_hazard,
    is_struck,
    revival_hazard,
    share_cut_by_alter,
    share_cut_by_ego,
)
from sim.world.rules.formation import (
    chance_of_function,
    confidence_factor,
    crisis_factor,
    disclosable,
    diversifying_factor,
    forms,
    strength_at_birth,
    trait,
    weak_tie_factor,
)

CLOSE = {"rel": 2e-5, "abs": 1e-6}


def weekly(yearly):
    """The chance of a week with this yearly hazard, to its third power."""
    return pytest.approx(-math.expm1(-yearly / 52), abs=(yearly / 52) ** 3 / 6 + 3e-7)


def test_ending_rate_falls_with_strength():
    assert ending_rate(f4(0.2), f4(0.3), ZERO) == f4(0.2)
    for strength in (-2, 1):
        expected = 0.2 * math.exp(-0.3 * strength)
        assert ending_rate(f4(0.2), f4(0.3), f4(strength)) == pytest.approx(expected, **CLOSE)
    assert ending_rate(f4(0.2), ZERO, f4(3)) == f4(0.2)


@pytest.fixture
def ended(rates, chance_of):
    """The chance that a tie ends this week, for a usual tie with some things changed."""
    p = rates(ending_strain=0.8, ending_lapse=1, ending_imbalance=1.5, ending_cut=0.9)
    usual = {"rate": 0.5, "episode_effect": 0.7, "aftermath": 0, "unbound": 1, "strain": 0}
    usual |= {"share": 1, "imbalance": 0, "outside": 0}

    def chance(**changed):
        state = [f4(x) for x in (usual | changed).values()]
        return chance_of(lambda u: ends(u, ending_hazard(*state, p)))

    return chance


def test_ends_at_the_rate_of_the_tie_when_nothing_is_the_matter(ended):
    assert ended() == weekly(0.5)
    assert ended(rate=0) == 0


@pytest.mark.parametrize(
    ("what", "log_ratio"),
    [
        ({"aftermath": 1}, 0.7),
        ({"strain": 0.5}, 0.4),
        ({"share": 0.4}, 0.6),
        ({"imbalance": 0.4}, 0.6),
        ({"outside": 1}, 0.9),
        ({"outside": 1, "strain": 1, "aftermath": 1}, 2.4),
    ],
)
def test_ends_sooner_for_each_reason_on_the_log_scale(what, log_ratio, ended):
    assert ended(**what) == weekly(0.5 * math.exp(log_ratio))


def test_ends_no_sooner_for_what_obligation_holds(ended):
    troubled = {"strain": 1, "share": 0, "imbalance": 1, "outside": 1}
    assert ended(unbound=0, **troubled) == ended()  # kin are kept in spite of conflict (P13)
    assert ended(unbound=0, aftermath=1) == ended(aftermath=1)


def test_ends_keeps_its_hazard_ratio_within_that_of_the_exponential(ended):
    at_most = ended(rate=0.0005, episode_effect=8, aftermath=1)
    assert ended(rate=0.0005, episode_effect=9, aftermath=1) == at_most
    assert at_most == pytest.approx(-math.expm1(-0.0005 * math.exp(8) / 52), rel=1e-3)


def test_dormancy_hazard_is_more_in_an_aftermath(rates):
    p = rates(ending_dormancy_episode=1)
    assert dormancy_hazard(f4(0.06), ZERO, p) == pytest.approx(0.06 / 52, **CLOSE)
    assert dormancy_hazard(f4(0.06), ONE, p) == pytest.approx(0.12 / 52, **CLOSE)


@pytest.mark.parametrize(
    ("known", "rally", "factor"),
    [(0, 0, 0.5), (260, 0, 1), (520, 0, 1.5), (5200, 0, 1.5), (0, 1, 1)],
)
def test_revival_hazard_is_more_the_longer_known(known, rally, factor, rates):
    p = rates(ending_revival=0.4, ending_revival_known=520)
    hazard = revival_hazard(f4(known), f4(rally), p)
    assert hazard == pytest.approx(0.4 * factor / 52, **CLOSE)


def test_fading_hazard_is_constant(rates):
    assert fading_hazard(rates(ending_while_dormant=0.3)) == pytest.approx(0.3 / 52, **CLOSE)


@pytest.mark.parametrize(("ending", "turning"), [(0.5, 0.25), (0, 0.4), (1.5, 0), (2, 40)])
def test_changes_at_both_hazards_together_and_ends_at_its_own(ending, turning, chance_of):
    to_end, to_turn = f4(ending / 52), f4(turning / 52)
    assert chance_of(lambda u: changes(u, to_end, to_turn)) == weekly(ending + turning)
    assert chance_of(lambda u: ends(u, to_end)) == weekly(ending)


def test_ends_only_what_changes_and_no_less_at_a_higher_hazard_of_either():
    hazards = [f4(h / 52) for h in (0, 0.01, 0.3, 2, 30, 52, 500)]
    for u in map(f4, (2.0**-24, 1e-4, 3e-3, 0.04, 0.3, 0.4999, 0.51)):
        for turning in hazards:
            ended = [ends(u, ending) for ending in hazards]
            changed = [changes(u, ending, turning) for ending in hazards]
            assert ended == sorted(ended)
            assert changed == sorted(changed)
            assert all(one <= other for one, other in zip(ended, changed, strict=True))


def test_share_cut_by_ego(rates):
    p = rates(
        ending_ego_share=0.2,
        ending_ego_share_episode=0.1,
        ending_ego_share_strain=0.3,
        ending_ego_share_constricting=0.4,
    )

    def share(outside=0, aftermath=0, strain=0):
        return share_cut_by_ego(f4(outside), f4(aftermath), f4(strain), p)

    assert share() == f4(0.2)
    assert share(aftermath=1) == pytest.approx(0.3, **CLOSE)
    assert share(strain=1) == pytest.approx(0.5, **CLOSE)
    assert share(outside=1) == pytest.approx(0.6, **CLOSE)
    assert share(outside=1, aftermath=1, strain=1) == f4(0.9)


def test_share_cut_by_alter_is_less_while_the_ego_pulls_away(rates):
    p = rates(ending_alter_share=0.2, ending_alter_share_episode=0.1)
    assert share_cut_by_alter(ZERO, ZERO, p) == f4(0.2)
    assert share_cut_by_alter(ZERO, ONE, p) == pytest.approx(0.3, **CLOSE)
    assert share_cut_by_alter(ONE, ZERO, p) == pytest.approx(0.1, **CLOSE)


def test_is_struck(chance_of):
    assert chance_of(lambda u: is_struck(u, f4(0.6))) == pytest.approx(0.6, **CLOSE)
    assert is_struck(f4(1 - 2.0**-24), ONE) == 1


# how ties begin


def test_confidence_factor_is_lost_after_an_onset_where_ties_take_it(rates):
    p = rates(formation_confidence_loss=0.4)
    assert confidence_factor(ZERO, ONE, p) == 1
    assert confidence_factor(ONE, ONE, p) == pytest.approx(0.6, **CLOSE)
    assert confidence_factor(ONE, ZERO, p) == 1


def test_crisis_factor_is_one_unless_switched_on(rates):
    assert crisis_factor(ONE, rates(illness_rally_births=0)) == 1
    assert crisis_factor(f4(0.5), rates(illness_rally_births=20)) == 11


def test_weak_tie_factor_grows_with_groups_up_to_two(rates):
    p = rates(formation_group_effect=1)
    assert [weak_tie_factor(f4(groups), p) for groups in (0, 0.5, 2, 9)] == [1, 1.5, 3, 3]


def test_diversifying_factor_is_for_those_who_look_wider(rates):
    p = rates(formation_diversify=0.8)
    assert diversifying_factor(ONE, f4(0.5), p) == pytest.approx(1.4, **CLOSE)
    assert diversifying_factor(ZERO, ONE, p) == diversifying_factor(ONE, ZERO, p) == 1


@pytest.mark.parametrize(("set_point", "factor"), [(1, 1), (4, 1), (4, 0.5), (0, 1)])
def test_forms_in_proportion_to_the_set_point(set_point, factor, chance_of):
    formed = chance_of(lambda u: forms(u, f4(0.2), f4(set_point), f4(factor)))
    assert formed == weekly(0.2 * set_point * factor)


def test_strength_at_birth_is_normal_and_more_in_survivors():
    assert strength_at_birth(f4(0.8), f4(2), f4(-1), ZERO, ZERO, ZERO) == normal(f4(0.8))
    assert strength_at_birth(f4(0.5), f4(2), f4(-1), ZERO, ZERO, f4(0.3)) == f4(0.3)


def test_strength_at_birth_has_the_loadings_and_a_variance_of_one():
    fond, able, shift = np.random.default_rng(1).normal(size=(3, 4000)).astype(np.float32)
    own = (np.argsort(np.argsort(shift)) + 0.5) / shift.size
    found = np.array(
        [
            strength_at_birth(f4(u), x, y, f4(0.7), f4(0.3), ZERO)
            for u, x, y in zip(own, fond, able, strict=True)
        ]
    )
    assert found.std() == pytest.approx(1, abs=0.04)
    assert np.corrcoef(found, fond)[0, 1] == pytest.approx(0.7, abs=0.03)
    assert np.corrcoef(found, able)[0, 1] == pytest.approx(0.3, abs=0.04)
    moved = strength_at_birth(f4(0.5), f4(0.7), f4(0.3), f4(0.7), f4(0.3), ONE)
    assert moved == pytest.approx(1, abs=1e-6)  # each part of it by its loading: 1 in all


def test_chance_of_function_has_its_odds_multiplied():
    assert chance_of_function(f4(0.35), ZERO) == f4(0.35)
    odds = 0.35 / 0.65 * math.exp(0.5)
    assert chance_of_function(f4(0.35), f4(0.5)) == pytest.approx(odds / (1 + odds), rel=1e-5)
    assert chance_of_function(ZERO, ONE) == 0
    assert chance_of_function(ONE, ONE) == 1


def test_trait_is_cut_to_the_unit_interval():
    assert trait(f4(0.5), f4(0.4), f4(0.2)) == f4(0.4)
    assert trait(f4(0.999), f4(0.9), f4(0.2)) == 1
    assert trait(f4(0.001), f4(0.1), f4(0.2)) == 0
    assert trait(f4(0.2), f4(0.4), ZERO) == f4(0.4)


def test_disclosable_falls_with_intrusion_and_with_a_secret(rates):
    p = rates(exchange_intrusive=0.3, exchange_secret=0.7)
    assert disclosable(ZERO, ZERO, p) == 1
    assert disclosable(f4(2), ZERO, p) == pytest.approx(math.exp(-0.6), **CLOSE)
    assert disclosable(ZERO, ONE, p) == pytest.approx(0.3, **CLOSE)
