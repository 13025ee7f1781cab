"""What a study or a reader gets to keep.

Snapshots at interviews and a weekly row per watched ego.
"""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO
from sim.world.compiled import inlined
from sim.world.kinds import Group
from sim.world.state import LANES

FRIEND, WEAK = int(Group.FRIEND), int(Group.WEAK)
OBJECT, PARTNER = int(Group.OBJECT), int(Group.PARTNER)
N_PARTNER = 6
"""Column of the weekly record where counts by group begin (see state.WEEKLY_COLUMNS)."""


@inlined
def record_week(w, week, watch):
    """Copy what is watched at the end of this week."""
    for i in range(watch.egos.size):
        e = watch.egos[i]
        for k in range(watch.weeks.shape[1]):
            if watch.weeks[i, k] == week:
                watch.snap_egos[i, k] = w.egos[e]
                for b in range(w.egos[e].blocks):
                    watch.snap_ties[i, k, b] = w.ties[e, b]
        at = week - watch.first_week
        if 0 <= at < watch.weekly.shape[1]:
            write_row(w, e, watch.weekly[i, at])


@register_jitable
def write_row(w, e, row):
    """One weekly row, in the order of state.WEEKLY_COLUMNS."""
    ego = w.egos[e]
    row[0], row[1], row[2], row[3] = ego.wellbeing, ego.severity, ego.acute, ego.guilt
    row[4], row[5] = ego.capacity, ego.share
    for k in range(6, 12):
        row[k] = ZERO
    for s in range(ego.blocks * LANES):
        if w.ties[e, s >> 3].active[s & 7] > ZERO:
            row[N_PARTNER + place_of(w.ties[e, s >> 3].group[s & 7])] += ONE
    row[12], row[13], row[14], row[15] = ego.contacts, ego.kept, ego.cancelled, ego.missed


@register_jitable
def place_of(group):
    """Partner 0, kin 1, friend 2, weak 3, professional 4, object 5."""
    if group == PARTNER:
        return 0
    if group < FRIEND:
        return 1
    if group <= WEAK:
        return group - 1
    return 5 if group == OBJECT else 4
