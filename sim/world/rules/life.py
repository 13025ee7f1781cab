"""Events of life: a move, work or home lost and found, benefits stopped, a death among kin."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, WEEK, ZERO, chance, f4


@register_jitable
def moving_hazard(settled, rates):
    """Weekly hazard of a move; more where housing is not settled.

        life.move * WEEK * (1 + life.move_unsettled * (1 - settled))

    settled  `egos.settled`, {0, 1}
    """
    return rates.life_move * WEEK * (ONE + rates.life_move_unsettled * (ONE - settled))


@register_jitable
def work_hazard(employed, rates):
    """Weekly hazard that work is lost, or found.

        life.work_lost * WEEK                        if employed = 1
        life.work_lost * WEEK * ego.employed_share / max(1 - ego.employed_share, 0.01)
                                                     if employed = 0

    What is found balances what is lost, so that the share who work stands still.

    employed  `egos.employed`, {0, 1}
    """
    lost = rates.life_work_lost * WEEK
    share = rates.ego_employed_share
    return lost if employed > ZERO else lost * share / max(ONE - share, f4(0.01))


@register_jitable
def home_hazard(settled, rates):
    """Weekly hazard that settled housing is lost, or found.

        life.home_lost * WEEK                        if settled = 1
        life.home_lost * WEEK * ego.settled_share / max(1 - ego.settled_share, 0.01)
                                                     if settled = 0

    settled  `egos.settled`, {0, 1}
    """
    lost = rates.life_home_lost * WEEK
    share = rates.ego_settled_share
    return lost if settled > ZERO else lost * share / max(ONE - share, f4(0.01))


@register_jitable
def benefits_hazard(employed, rates):
    """Weekly hazard that benefits stop, of those who do not work.

        life.benefits * WEEK * (1 - employed)

    employed  `egos.employed`, {0, 1}
    """
    return rates.life_benefits * WEEK * (ONE - employed)


@register_jitable
def befalls(u, hazard):
    """Whether something befalls the ego this week.

        1 if u < chance(hazard), else 0

    u       uniform
    hazard  of all events together, [0, 1.5]
    """
    return ONE if u < chance(hazard) else ZERO


@register_jitable
def upheaval_factor(left, rates):
    """The factor of an upheaval on the hazard of an episode.

        life.onset if left > 0, else 1

    left  weeks, `egos.upheaval`, whole [0, 52]
    """
    return rates.life_onset if left > ZERO else ONE


@register_jitable
def grief(bereaved, closeness, rates):
    """The step in wellbeing at a death, SD (P26 has the other endings).

        bereaved * life.switch * life.grief * closeness

    bereaved   the alter died, {0, 1}
    closeness  `ties.closeness`, [0, 1]
    """
    return bereaved * rates.life_switch * rates.life_grief * closeness
