"""Seeing it early: an episode announces itself, somebody notices, and something is done."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, ZERO, exponential, f4, unit, whole


@register_jitable
def warning_weeks(u, rates):
    """Weeks between the first signs of an episode and its start (B54: 2-10).

        whole(early.warning * (1 + 4 * u) / 3, 0.5)

    Even around `early.warning`, from a third of it to five thirds. Zero switches it off: an episode
    then starts in the week in which it would announce itself.

    u  uniform
    """
    return whole(rates.early_warning * (ONE + f4(4) * u) / f4(3), HALF)


@register_jitable
def seen_by_people(contact, partner, close, rates):
    """The chance that a partner, or one of kin and friends, notices the signs (P12, P60).

        contact * (early.partner * partner + early.close * close)

    contact  `ties.contacted` last week, {0, 1}
    partner  the tie is a partner, {0, 1}
    close    the tie is adult kin or a friend, {0, 1}
    """
    return contact * (rates.early_partner * partner + rates.early_close * close)


@register_jitable
def seen_by_worker(visited, trust, usual, known, rates):
    """The chance that a worker notices the signs at a kept visit (P12, B54).

        unit(unit(visited) * early.worker * (trust / usual) * familiar), where
        familiar = 1 if known >= early.known_weeks, else early.unknown

    visited  units of a visit kept last week, `ties.visited`, [0, 2]
    trust    `ties.trust`, [0, 1]
    usual    trust in workers of the kind, `tie.*.usual_trust`, [0.2, 1]
    known    weeks of acquaintance, `ties.known`, whole [0, 104]
    """
    familiar = ONE if known >= rates.early_known_weeks else rates.early_unknown
    return unit(unit(visited) * rates.early_worker * (trust / usual) * familiar)


@register_jitable
def is_noticed(u, unseen):
    """Whether anybody notices the signs this week (P12).

        1 if u < 1 - unseen, else 0

    u       uniform
    unseen  product over ties of 1 - `seen_by_people` or 1 - `seen_by_worker`, [0, 1]
    """
    return ONE if u < ONE - unseen else ZERO


@register_jitable
def chance_of_action(gap, on_caseload, rates):
    """The chance that what was noticed is acted upon, less where services are far (B54).

        early.act * exponential(-early.act_overdue * gap)                     if on_caseload = 1
        early.act * exponential(-early.act_overdue * gap) * early.act_discharged       otherwise

    gap          from `overdue`, [0, 2]
    on_caseload  `egos.on_caseload`, {0, 1}
    """
    reach = ONE if on_caseload > ZERO else rates.early_act_discharged
    return rates.early_act * exponential(-rates.early_act_overdue * gap) * reach


@register_jitable
def is_acted_upon(u, action):
    """Whether what was noticed is acted upon.

        1 if u < action, else 0

    u       uniform
    action  from `chance_of_action`, [0, 1]
    """
    return ONE if u < action else ZERO


@register_jitable
def is_averted(u, action, rates):
    """Whether the episode is averted: a share of what is acted upon, by the same uniform (B54).

        1 if u < action * early.averted, else 0

    u       uniform
    action  from `chance_of_action`, [0, 1]
    """
    return ONE if u < action * rates.early_averted else ZERO


@register_jitable
def returns_to_treatment(u, rates):
    """Whether acting in time brings somebody off treatment back on it (B54).

        1 if u < early.treated, else 0

    u  uniform
    """
    return ONE if u < rates.early_treated else ZERO


@register_jitable
def length_if_caught(caught, rates):
    """The factor on the length of an episode that was seen coming and acted upon (B54).

        1 - caught * (1 - early.shorter)

    caught  `egos.caught`, {0, 1}
    """
    return ONE - caught * (ONE - rates.early_shorter)
