"""The uniforms of every ego's week, drawn eight egos at a time."""

import numpy as np

from sim.world.compiled import inlined
from sim.world.memory import aligned_empty
from sim.world.state import DRAWS, LANES
from sim.world.streams import WEEK_OFFSET, Stream, philox, uniform

CASELOAD, ILLNESS, WELLBEING = int(Stream.CASELOAD), int(Stream.ILLNESS), int(Stream.WELLBEING)
CARE, LIFE = int(Stream.CARE), int(Stream.LIFE)
FORMATION, OTHER_FORMATION = int(Stream.FORMATION), int(Stream.OTHER_FORMATION)
OF_THE_EGO = -1
"""The last word of an address of LIFE that is of no tie; a tie's is its identity."""


def room_for_draws(address: np.ndarray) -> np.ndarray:
    """Scratch for the draws of egos with these addresses."""
    blocks = -(-address.size // LANES)
    draws = aligned_empty((blocks,), DRAWS)
    draws.view(np.uint8)[:] = 0
    draws["usual_interval"] = 1  # past the last ego, where nobody's is copied: no division by zero
    padded = np.zeros(blocks * LANES, np.uint32)
    padded[: address.size] = address
    draws["address"] = padded.reshape(blocks, LANES)
    return draws


@inlined
def draw_week(w, week, key):
    """Fill the scratch with this week's draws."""
    when = week + WEEK_OFFSET
    for b in range(w.draws.size):
        drawn = w.draws[b]
        for lane in range(LANES):
            a, c, d, g = philox(CASELOAD, drawn.address[lane], when, 0, key)
            drawn.death[lane], drawn.discharge[lane] = uniform(a), uniform(c)
            drawn.referral[lane], drawn.change[lane] = uniform(d), uniform(g)
        for lane in range(LANES):
            a, c, d, g = philox(ILLNESS, drawn.address[lane], when, 0, key)
            drawn.onset[lane], drawn.severity_1[lane] = uniform(a), uniform(c)
            drawn.severity_2[lane], drawn.severity_3[lane] = uniform(d), uniform(g)
        for lane in range(LANES):
            a, c, d, g = philox(WELLBEING, drawn.address[lane], when, 0, key)
            drawn.wellbeing_0[lane], drawn.wellbeing_1[lane] = uniform(a), uniform(c)
            drawn.wellbeing_2[lane], drawn.wellbeing_3[lane] = uniform(d), uniform(g)
        for lane in range(LANES):
            a, c, d, g = philox(FORMATION, drawn.address[lane], when, 0, key)
            drawn.partner[lane], drawn.kin[lane] = uniform(a), uniform(c)
            drawn.friend[lane], drawn.weak[lane] = uniform(d), uniform(g)
        for lane in range(LANES):
            a, c, d, g = philox(OTHER_FORMATION, drawn.address[lane], when, 0, key)
            drawn.outside[lane], drawn.object[lane] = uniform(a), uniform(c)
            drawn.young[lane], drawn.severity_0[lane] = uniform(d), uniform(g)
        for lane in range(LANES):
            a, c, d, g = philox(CARE, drawn.address[lane], when, 0, key)
            drawn.keep[lane], drawn.crisis[lane] = uniform(a), uniform(c)
            drawn.notice[lane], drawn.act[lane] = uniform(d), uniform(g)
        for lane in range(LANES):
            a, c, _, _ = philox(LIFE, drawn.address[lane], when, OF_THE_EGO, key)
            drawn.befalls[lane], drawn.what[lane] = uniform(a), uniform(c)
