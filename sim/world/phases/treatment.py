"""Treatment this week: kept, stopped or taken up again."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO
from sim.world.compiled import inlined
from sim.world.kinds import Event
from sim.world.phases.births import record
from sim.world.rules.treatment import (
    overdue,
    relative_trust,
    restart_hazard,
    restarts_treatment,
    stop_hazard,
    stops_treatment,
)
from sim.world.state import LANES

TREATMENT_STOP, TREATMENT_RESTART = int(Event.TREATMENT_STOP), int(Event.TREATMENT_RESTART)


@inlined
def keep_treatment(eight, rates):
    """How overdue visits are; who of eight egos stops treatment now, or takes it up again."""
    for lane in range(LANES):
        eight.weeks_since_kept[lane] += ONE
    for lane in range(LANES):
        eight.overdue[lane] = overdue(
            eight.weeks_since_kept[lane], eight.usual_interval[lane], eight.on_caseload[lane], rates
        )
    for lane in range(LANES):
        eight.weeks_treated[lane] += eight.treated[lane]
    for lane in range(LANES):
        eight.weeks_off[lane] += ONE - eight.treated[lane]
    for lane in range(LANES):
        u, trust = eight.keep[lane], relative_trust(eight.worker_trust[lane], rates)
        stopping = stop_hazard(
            trust, eight.overdue[lane], eight.severity[lane], eight.weeks_treated[lane], rates
        )
        restarting = restart_hazard(trust, eight.overdue[lane], rates)
        visited = eight.acute[lane] if eight.weeks_since_kept[lane] == ONE else ZERO
        stops = stops_treatment(u, stopping)
        restarts = restarts_treatment(u, restarting, visited, rates)
        eight.turns[lane] = stops if eight.treated[lane] > ZERO else restarts


@register_jitable
def turn(w, e, week):
    """Off treatment, or back on it."""
    if w.egos[e].treated == ZERO:
        take_treatment(w, e, week)
        return
    w.egos[e].treated, w.egos[e].weeks_off = ZERO, ZERO
    record(w, week, e, TREATMENT_STOP, 0, 0, 0, -1)


@register_jitable
def take_treatment(w, e, week):
    """Back on treatment."""
    w.egos[e].treated, w.egos[e].weeks_treated = ONE, ZERO
    record(w, week, e, TREATMENT_RESTART, 0, 0, 0, -1)
