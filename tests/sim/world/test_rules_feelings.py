"""What a week does to a tie and to guilt: closed forms, fixed points, which way each rule leans."""

import pytest

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.rules.feelings import (
    closeness_after,
    expectation_after,
    first_trust,
    guilt_after,
    imbalance_after,
    importance_after,
    load_after,
    remorse_after,
    running_mean,
    service_trust_after,
    strain_after,
    trust_after,
    trust_after_cancellation,
    trust_after_coercion,
    weariness_after,
    willingness_to_invest,
)

CLOSE = {"rel": 1e-5, "abs": 1e-6}


@pytest.fixture
def trusted(rates):
    """Trust a week later, for a usual week with some things changed."""
    p = rates(trust_silence=0.02, trust_strain=0.1, trust_anchor=0.05)
    usual = {"trust": 0.5, "closeness": 0.5, "contact": 1, "help": 0, "disclosed": 1}
    usual |= {"understanding": 0.5, "strain": 0, "gain": 0.2, "human": 1}
    return lambda **changed: trust_after(*[f4(x) for x in (usual | changed).values()], p)


def test_trust_after_help_or_confidence_grows_concavely(trusted):
    assert trusted() == pytest.approx(0.5 + 0.2 * 0.5 * 0.5, **CLOSE)
    low, high = trusted(trust=0.2, closeness=0.2), trusted(trust=0.8, closeness=0.8)
    assert low - f4(0.2) > high - f4(0.8) > 0  # P39
    assert trusted(help=1) == trusted()  # either will do
    assert trusted(understanding=1) > trusted() > trusted(understanding=0)


def test_trust_after_silence_and_strain_falls(trusted):
    silent = trusted(disclosed=0)
    assert silent == pytest.approx(0.5 - 0.02 * 0.5, **CLOSE)  # P2
    assert trusted(disclosed=0, contact=0) == f4(0.5)
    assert trusted(disclosed=0, strain=1) == pytest.approx(0.5 - 0.12 * 0.5, **CLOSE)
    assert trusted(disclosed=0, closeness=1) == pytest.approx(0.49 + 0.05 * 0.5, **CLOSE)


def test_trust_after_stays_in_range_and_things_are_not_trusted(trusted):
    assert trusted(trust=1, gain=1, closeness=1) == 1
    assert trusted(trust=0, disclosed=0, closeness=0, strain=1) == 0
    assert trusted(human=0) == f4(0.5)


def test_trust_after_cancellation_costs_more_than_a_kept_visit_brings(rates, trusted):
    fallen = trust_after_cancellation(f4(0.5), rates(trust_cancelled=0.2))
    assert fallen == pytest.approx(0.4, **CLOSE)
    assert f4(0.5) - fallen > trusted() - f4(0.5)  # P40


def test_trust_after_coercion_falls_most_in_who_ordered_it(rates):
    p = rates(trust_coercion_direct=0.5, trust_coercion_spillover=0.4)
    assert trust_after_coercion(f4(0.8), ONE, p) == pytest.approx(0.4, **CLOSE)
    assert trust_after_coercion(f4(0.8), ZERO, p) == pytest.approx(0.64, **CLOSE)  # P46
    none = rates(trust_coercion_direct=0.5, trust_coercion_spillover=0)
    assert trust_after_coercion(f4(0.8), ZERO, none) == f4(0.8)


def test_service_trust_after_coercion_falls_and_heals_slowly(rates):
    p = rates(trust_coercion_direct=0.5, trust_coercion_spillover=0.4, trust_service_memory=100)
    fallen = service_trust_after(ONE, ONE, p)
    assert fallen == pytest.approx(0.8 + 0.2 / 100, **CLOSE)
    assert service_trust_after(ONE, ZERO, p) == 1
    trust = fallen
    for _ in range(26):
        trust = service_trust_after(trust, ZERO, p)
    assert trust < (fallen + ONE) / f4(2)  # half-recovery takes longer than half a year (P46)


@pytest.mark.parametrize(("met", "expected"), [(0, 1), (4, 1 / 1.6)])
def test_willingness_to_invest_wears_off_with_every_new_worker(met, expected, rates):
    p = rates(trust_turnover_weariness=0.15)
    assert willingness_to_invest(f4(met), p) == pytest.approx(expected, **CLOSE)


def test_first_trust_is_a_prior_for_the_services_and_the_person(rates):
    p = rates(trust_propensity=0.1)
    assert first_trust(f4(0.5), f4(0.8), ZERO, p) == pytest.approx(0.4, **CLOSE)
    assert first_trust(f4(0.5), f4(0.8), f4(2), p) == pytest.approx(0.6, **CLOSE)
    assert first_trust(f4(0.1), ONE, f4(-3), p) == 0


def test_closeness_after_follows_contact_to_affection(rates):
    p = rates(feelings_closeness_absent=0.7, feelings_closeness_share=0.1)
    assert closeness_after(f4(0.5), f4(0.8), ONE, p) == pytest.approx(0.53, **CLOSE)
    assert closeness_after(f4(0.8), f4(0.8), ZERO, p) == pytest.approx(0.8 - 0.024, **CLOSE)
    assert closeness_after(f4(0.56), f4(0.8), ZERO, p) == pytest.approx(0.56, **CLOSE)


def test_strain_after_need_without_understanding_and_refusals(rates):
    p = rates(feelings_strain_need=1.5, feelings_strain_refused=0.5, feelings_strain_share=0.2)

    def strained(strain=0, severity=0.4, understanding=0.5, contact=1, refused=0, human=1):
        state = map(f4, (strain, severity, understanding, contact, refused, human))
        return strain_after(*state, p)

    assert strained() == pytest.approx(0.2 * 0.3, **CLOSE)
    assert strained(understanding=1) == strained(contact=0) == strained(human=0) == 0
    assert strained(refused=1) == pytest.approx(0.2 * 0.8, **CLOSE)
    assert strained(severity=1, understanding=0, refused=1) == f4(0.2)  # at most 1 to aim for
    assert strained(strain=0.5, contact=0) == pytest.approx(0.4, **CLOSE)


def test_load_after_help_builds_up_in_people_and_wears_off(rates):
    p = rates(feelings_load_per_help=0.9, feelings_load_share=0.25)
    assert load_after(ZERO, ONE, ONE, p) == pytest.approx(0.225, **CLOSE)
    assert load_after(ZERO, f4(5), ONE, p) == f4(0.25)
    assert load_after(ZERO, ONE, ZERO, p) == 0
    assert load_after(f4(0.4), ZERO, ONE, p) == pytest.approx(0.3, **CLOSE)


def test_imbalance_after_refusals_and_an_uneven_exchange(rates):
    p = rates(feelings_imbalance_share=0.1, feelings_imbalance_floor=0.05)

    def uneven(imbalance=0, refused=0, support=0, given=0, reciprocity=0.6):
        return imbalance_after(*map(f4, (imbalance, refused, support, given, reciprocity)), p)

    assert uneven(support=0.95) == uneven(given=0.95) == pytest.approx(0.06 * 0.95, **CLOSE)
    assert uneven(support=1, given=1) == uneven() == 0
    assert uneven(support=0.05) < uneven(support=0.5)  # next to nothing passes
    assert uneven(support=1, reciprocity=0) == 0  # no return expected (P31)
    assert uneven(refused=1) == uneven(refused=1, support=1) == f4(0.1)
    assert uneven(imbalance=0.5) == pytest.approx(0.45, **CLOSE)


def test_running_mean_moves_a_share_of_the_gap_and_ends_at_nought():
    assert running_mean(f4(0.5), ONE, f4(0.2)) == pytest.approx(0.6, **CLOSE)
    assert running_mean(f4(0.5), f4(0.5), f4(0.2)) == f4(0.5)
    assert running_mean(f4(1e-6), ZERO, f4(0.2)) == 0


def test_expectation_after_follows_support_at_the_groups_speed():
    assert expectation_after(f4(0.8), f4(0.3), f4(0.1)) == pytest.approx(0.75, **CLOSE)
    assert expectation_after(f4(0.8), f4(0.3), ZERO) == f4(0.8)  # P37


def test_importance_after_weighs_support_against_closeness(rates):
    p = rates(feelings_importance_share=0.5)

    def important(weight, anticipated=0.2, closeness=0.8):
        return importance_after(f4(0.4), f4(closeness), f4(anticipated), f4(weight), p)

    assert important(0) == pytest.approx(0.6, **CLOSE)  # placed for love (P14)
    assert important(1) == pytest.approx(0.3, **CLOSE)
    assert important(0.5) == pytest.approx(0.45, **CLOSE)
    assert important(1, anticipated=7) == pytest.approx(0.7, **CLOSE)  # support counts up to 1


def test_remorse_after_an_episode_is_kept_for_later(rates):
    p = rates(guilt_remorse=0.2, guilt_release=0.25)
    assert remorse_after(ONE, ONE, f4(0.5), f4(2), p) == pytest.approx(1.2, **CLOSE)
    assert remorse_after(f4(2.95), ONE, ONE, f4(2), p) == 3
    assert remorse_after(ONE, ZERO, ONE, f4(2), p) == f4(0.75)


def test_guilt_after_burden_at_once_and_remorse_once_well(rates):
    p = rates(guilt_burden=0.4, guilt_memory=4, guilt_release=0.25)

    def guilty(guilt=0, burden=0, remorse=0, acute=0):
        return guilt_after(*map(f4, (guilt, burden, remorse, acute)), p)

    assert guilty(burden=1) == pytest.approx(0.1, **CLOSE)
    assert guilty(burden=9) == f4(0.25)
    assert guilty(remorse=1, acute=1) == 0
    assert guilty(remorse=1) == f4(0.25)  # mood has levelled (P19)
    assert guilty(guilt=0.4) == pytest.approx(0.3, **CLOSE)
    assert guilty(guilt=1, remorse=3) == 1


def test_weariness_fades_with_its_memory(rates):
    p = rates(trust_turnover_memory=4)
    assert weariness_after(f4(4), p) == 3
    assert weariness_after(ZERO, p) == 0
