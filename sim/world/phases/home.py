"""With whom an ego lives: whom it meets daily, and what happens when nobody of them is left."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO
from sim.world.kinds import Group, Household, Kind
from sim.world.rules.people import contact_at_home, withdrawal_at_home
from sim.world.state import LANES

G_PARTNER, K_PARENT = int(Group.PARTNER), int(Kind.PARENT)
ALONE, WITH_PARTNER = int(Household.ALONE), int(Household.PARTNER)
WITH_PARENTS = int(Household.PARENTS)


@register_jitable
def shares_home(household, group, kind):
    """Whether a household is one with ties of this group and kind."""
    if household == WITH_PARTNER:
        return group == G_PARTNER
    return household == WITH_PARENTS and kind == K_PARENT


@register_jitable
def anybody_home(w, e):
    """Whether somebody the household is with is in touch."""
    for s in range(w.egos[e].blocks * LANES):
        tie, lane = w.ties[e, s >> 3], s & 7
        if tie.active[lane] > ZERO and shares_home(
            w.egos[e].household, tie.group[lane], tie.kind[lane]
        ):
            return True
    return False


@register_jitable
def refresh_contact(ego, tie, lane, usual, rates):
    """Fill the columns of parameters that depend on whether the ego lives with the alter."""
    at_home = ONE if shares_home(ego.household, tie.group[lane], tie.kind[lane]) else ZERO
    tie.contact_rate[lane] = contact_at_home(usual.contact_rate, at_home, rates)
    tie.withdrawal[lane] = withdrawal_at_home(usual.withdrawal, at_home, rates)


@register_jitable
def set_household(w, e, household):
    """The ego lives with others than before; whom it meets daily changes with them."""
    w.egos[e].household = household
    rates, usual = w.rates[w.ego_profile[e]], w.group_rates[w.ego_profile[e]]
    for s in range(w.egos[e].blocks * LANES):
        tie, lane = w.ties[e, s >> 3], s & 7
        if tie.group[lane] >= 0:
            refresh_contact(w.egos[e], tie, lane, usual[tie.group[lane]], rates)


@register_jitable
def keep_house(w, e):
    """Somebody the ego lived with is gone: with nobody left of the household it lives alone."""
    if not anybody_home(w, e):
        set_household(w, e, ALONE)
