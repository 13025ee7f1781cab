"""Relational work and what passes in a tie: closed forms, limits, and which way each rule leans."""

import math

import pytest

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.rules.exchange import (
    asks,
    care_excess,
    discloses,
    effectiveness,
    gives,
    help_received,
    need_for_help,
    offers,
    requests_back,
    stigma_censorship,
    value_of_help,
)
from sim.world.rules.work import (
    is_in_contact,
    is_outside_core,
    withdrawal_level,
    work_capacity,
    work_needed,
    work_share,
)

CLOSE = {"rel": 1e-5, "abs": 1e-6}


# relational work


@pytest.mark.parametrize(
    ("severity", "slope", "expected"),
    [(0, 0.8, 5.0), (0.5, 0.8, 3.0), (1, 0.8, 1.0), (1, 1.2, 0.0), (1, 0, 5.0)],
)
def test_work_capacity_falls_with_severity_to_nought(severity, slope, expected, rates):
    p = rates(work_capacity_severity=slope)
    assert work_capacity(f4(5), f4(severity), p) == pytest.approx(expected, **CLOSE)


def test_work_needed_is_upkeep_raised_by_strain_and_none_for_a_dormant_tie(rates):
    p = rates(work_strain=0.5)
    assert work_needed(ONE, f4(0.4), ZERO, p) == pytest.approx(0.4, **CLOSE)
    assert work_needed(ONE, f4(0.4), ONE, p) == pytest.approx(0.6, **CLOSE)
    assert work_needed(ZERO, f4(0.4), ONE, p) == 0


@pytest.mark.parametrize(("capacity", "needed", "expected"), [(3, 2, 1), (2, 4, 0.5), (0, 4, 0)])
def test_work_share_is_what_capacity_reaches(capacity, needed, expected):
    assert work_share(f4(capacity), f4(needed)) == pytest.approx(expected, abs=1e-5)


def test_work_share_of_no_work_is_all_of_it():
    assert work_share(f4(5), ZERO) == 1


def test_withdrawal_level(rates):
    on, off = rates(work_challenge=0.5), rates(work_challenge=0)
    assert withdrawal_level(ZERO, ONE, ZERO, off) == 0  # nobody withdraws when well
    assert withdrawal_level(ONE, f4(0.6), ONE, off) == f4(0.6)
    assert withdrawal_level(ONE, f4(0.6), ONE, on) == pytest.approx(0.3, **CLOSE)
    assert withdrawal_level(ONE, f4(0.6), f4(9), on) == 0


@pytest.mark.parametrize(
    ("constricting", "importance", "human", "switch", "expected"),
    [
        (1, 0.4, 1, 1, 1),
        (1, 0.5, 1, 1, 0),  # the least of the core belongs to it
        (0, 0.4, 1, 1, 0),
        (1, 0.4, 0, 1, 0),  # things are not given up
        (1, 0.4, 1, 0, 0),  # constriction switched off
    ],
)
def test_is_outside_core(constricting, importance, human, switch, expected, rates):
    p = rates(constriction_switch=switch)
    core = f4(0.5)
    assert is_outside_core(f4(constricting), f4(importance), core, f4(human), p) == expected


def test_is_in_contact(rates, chance_of):
    p = rates(work_elasticity=0.6, constriction_thinning=0.5)

    def met(active=1, rate=0.8, share=1, obligation=0, withdrawal=0.7, level=0, outside=0):
        state = map(f4, (rate, share, obligation, withdrawal, level, outside))
        state = list(state)
        return chance_of(lambda u: is_in_contact(u, f4(active), *state, p))

    assert met() == pytest.approx(0.8, **CLOSE)
    assert met(share=0.5) == pytest.approx(0.8 * 0.7, **CLOSE)
    assert met(share=0.5, obligation=1) == pytest.approx(0.8, **CLOSE)  # kin are kept up (P27)
    assert met(level=0.5) == pytest.approx(0.8 * 0.65, **CLOSE)
    assert met(outside=1) == pytest.approx(0.4, **CLOSE)
    assert met(active=0) == 0
    assert met(rate=0) == 0


# asking, offering, help


def test_need_for_help_starts_above_what_the_ego_manages(rates):
    p = rates(exchange_need_floor=0.06)
    assert need_for_help(f4(0.1), f4(0.2), p) == f4(0.06)
    assert need_for_help(f4(0.5), f4(0.2), p) == pytest.approx(0.36, **CLOSE)


def test_effectiveness_needs_contact_understanding_and_a_free_hand():
    assert effectiveness(ONE, f4(0.6), f4(0.5)) == pytest.approx(0.3, **CLOSE)
    for nothing in [(ZERO, ONE, ZERO), (ONE, ZERO, ZERO), (ONE, ONE, ONE)]:
        assert effectiveness(*nothing) == 0


def test_asks(rates, chance_of):
    p = rates(exchange_guilt_asking=0.8, exchange_wary=0.6)
    usual = {"rate": 1, "need": 0.5, "trust": 0.8, "guilt": 0, "weight": 1, "load": 0}
    usual |= {"alter_load": 0, "effective": 1}

    def asked(**changed):
        state = [f4(x) for x in (usual | changed).values()]
        return chance_of(lambda u: asks(u, *state, p))

    assert asked() == pytest.approx(0.4, **CLOSE)
    assert asked(trust=0) == 0  # trust is the gate (P1)
    assert asked(effective=0.5) == pytest.approx(0.2, **CLOSE)
    assert asked(guilt=0.5) == pytest.approx(0.4 * 0.6, **CLOSE)
    assert asked(guilt=1, weight=0) == asked()  # not felt toward professionals
    assert asked(load=0.5) == asked(alter_load=0.5) == pytest.approx(0.4 * 0.7, **CLOSE)
    assert asked(load=0.5, alter_load=0.4) == asked(load=0.5)  # the heavier burden counts
    assert asked(rate=4, need=1, trust=1) == 1


def test_offers(rates, chance_of):
    p = rates(exchange_offer_floor=0.2, exchange_fatigue=0.6)
    usual = {"rate": 0.5, "contact": 1, "severity": 0.4, "closeness": 0.8, "trust": 0.6}
    usual |= {"load": 0, "rally": 0}

    def offered(**changed):
        state = [f4(x) for x in (usual | changed).values()]
        return chance_of(lambda u: offers(u, *state, p))

    assert offered() == pytest.approx(0.5 * 0.6 * 0.7, **CLOSE)
    assert offered(contact=0) == 0
    assert offered(closeness=1) > offered() > offered(closeness=0)  # the close see it first (P12)
    assert offered(severity=0.8) > offered()
    assert offered(load=1) == pytest.approx(0.4 * offered(), **CLOSE)
    assert offered(rally=1) == pytest.approx(2 * offered(), **CLOSE)


def test_help_received(rates, chance_of):
    p = rates(exchange_refusal=0.5)

    def help_of(u, asked, offered, contact=1, load=0.4):
        state = map(f4, (u, asked, offered, contact, 0.2, load))
        return help_received(*state, p)

    assert help_of(0.5, 0, 0) == f4(0.2)  # company alone
    assert help_of(0.5, 1, 0) == help_of(0.5, 0, 1) == help_of(0.5, 1, 1) == f4(1.2)
    assert help_of(0.9, 1, 0) == f4(0.2)  # refused, being overloaded
    assert help_of(0.9, 1, 1) == f4(1.2)  # an offer stands
    assert help_of(0.5, 0, 0, contact=0) == 0
    granted = chance_of(lambda u: help_received(u, ONE, ZERO, ONE, ZERO, f4(0.4), p))
    assert granted == pytest.approx(0.8, **CLOSE)


def test_value_of_help_depends_on_understanding_in_people_only(rates):
    p = rates(exchange_value_floor=0.3)
    assert value_of_help(f4(2), ZERO, ONE, p) == pytest.approx(0.6, **CLOSE)
    assert value_of_help(f4(2), ONE, ONE, p) == pytest.approx(2, **CLOSE)
    assert value_of_help(f4(2), ZERO, ZERO, p) == 2


# disclosure


@pytest.mark.parametrize("stigma", [-2, 0, 1.5])
def test_stigma_censorship(stigma, rates):
    p = rates(exchange_stigma_disclosure=0.2)
    assert stigma_censorship(f4(stigma), p) == pytest.approx(math.exp(-0.2 * stigma), **CLOSE)


def test_discloses(rates, chance_of):
    p = rates(exchange_disclosure_rate=0.5, exchange_guilt_disclosing=0.7)
    usual = {"contact": 1, "trust": 0.6, "floor": 0.2, "disclosable": 1, "censorship": 1}
    usual |= {"guilt": 0, "weight": 1, "known": 100, "daring": 0.1}

    def told(**changed):
        state = [f4(x) for x in (usual | changed).values()]
        return chance_of(lambda u: discloses(u, *state, p))

    assert told() == pytest.approx(0.5 * 0.68, **CLOSE)
    assert told(contact=0) == told(disclosable=0) == 0
    assert told(trust=0) == pytest.approx(0.1, **CLOSE)  # what must be told anyway (P47)
    assert told(floor=1, trust=0) == pytest.approx(0.5, **CLOSE)
    assert told(known=5) == pytest.approx(told() / 2, **CLOSE)  # the ego does not dare yet (P11)
    assert told(guilt=1) == pytest.approx(0.3 * told(), **CLOSE)
    assert told(guilt=1, weight=0) == told()  # before professionals guilt keeps quiet (P36)
    assert told(censorship=0.5) == pytest.approx(told() / 2, **CLOSE)


# what is asked back


def test_requests_back_come_with_contact(chance_of):
    assert chance_of(lambda u: requests_back(u, ONE, f4(0.3))) == pytest.approx(0.3, **CLOSE)
    assert requests_back(f4(0.01), ZERO, f4(0.3)) == 0


@pytest.mark.parametrize(("obligation", "share", "expected"), [(0, 0.4, 0.4), (0.9, 0.4, 0.9)])
def test_gives_where_obliged_or_able(obligation, share, expected, chance_of):
    met = chance_of(lambda u: gives(u, ONE, f4(obligation), f4(share)))
    assert met == pytest.approx(expected, **CLOSE)
    assert gives(f4(0.01), ZERO, f4(obligation), f4(share)) == 0


@pytest.mark.parametrize(("given", "expected"), [(0.6, 0), (1.6, 1), (0, -0.6), (9, 2)])
def test_care_excess_is_what_is_above_the_usual(given, expected, rates):
    p = rates(exchange_usual_giving=0.6)
    assert care_excess(f4(given), p) == pytest.approx(expected, **CLOSE)
