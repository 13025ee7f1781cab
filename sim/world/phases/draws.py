"""The uniforms of every ego's week, drawn eight egos at a time."""

import numpy as np
from numba.extending import register_jitable

from sim.world.state import DRAWS, LANES
from sim.world.streams import WEEK_OFFSET, Stream, philox, uniform

CASELOAD, ILLNESS, WELLBEING = int(Stream.CASELOAD), int(Stream.ILLNESS), int(Stream.WELLBEING)
FORMATION, OTHER_FORMATION = int(Stream.FORMATION), int(Stream.OTHER_FORMATION)


def room_for_draws(address: np.ndarray) -> np.ndarray:
    """Scratch for the draws of egos with these addresses."""
    blocks = -(-address.size // LANES)
    draws = np.zeros(blocks, DRAWS)
    padded = np.zeros(blocks * LANES, np.uint32)
    padded[: address.size] = address
    draws["address"] = padded.reshape(blocks, LANES)
    return draws


@register_jitable
def draw_week(w, week, key):
    """Fill the scratch with this week's draws."""
    when = week + WEEK_OFFSET
    for b in range(w.draws.size):
        x = w.draws[b]
        for k in range(LANES):
            a, c, d, g = philox(CASELOAD, x.address[k], when, 0, key)
            x.death[k], x.discharge[k] = uniform(a), uniform(c)
            x.referral[k], x.change[k] = uniform(d), uniform(g)
        for k in range(LANES):
            a, c, d, g = philox(ILLNESS, x.address[k], when, 0, key)
            x.onset[k], x.severity_1[k] = uniform(a), uniform(c)
            x.severity_2[k], x.severity_3[k] = uniform(d), uniform(g)
        for k in range(LANES):
            a, c, d, g = philox(WELLBEING, x.address[k], when, 0, key)
            x.wellbeing_0[k], x.wellbeing_1[k] = uniform(a), uniform(c)
            x.wellbeing_2[k], x.wellbeing_3[k] = uniform(d), uniform(g)
        for k in range(LANES):
            a, c, d, g = philox(FORMATION, x.address[k], when, 0, key)
            x.partner[k], x.kin[k] = uniform(a), uniform(c)
            x.friend[k], x.weak[k] = uniform(d), uniform(g)
        for k in range(LANES):
            a, c, d, g = philox(OTHER_FORMATION, x.address[k], when, 0, key)
            x.outside[k], x.object[k] = uniform(a), uniform(c)
            x.young[k], x.severity_0[k] = uniform(d), uniform(g)
