"""Treatment of each ego this week: kept, stopped or taken up again."""

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

TREATMENT_STOP, TREATMENT_RESTART = int(Event.TREATMENT_STOP), int(Event.TREATMENT_RESTART)


@inlined
def turns(ego, u, rates):
    """How overdue a visit is; whether the ego now stops treatment, or takes it up again."""
    ego.weeks_since_kept += ONE
    ego.overdue = overdue(ego.weeks_since_kept, ego.usual_interval, ego.on_caseload, rates)
    trust = relative_trust(ego.worker_trust, rates)
    if ego.treated > ZERO:
        ego.weeks_treated += ONE
        hazard = stop_hazard(trust, ego.overdue, ego.severity, ego.weeks_treated, rates)
        return stops_treatment(u, hazard) > ZERO
    ego.weeks_off += ONE
    visited = ego.acute if ego.weeks_since_kept == ONE else ZERO
    return restarts_treatment(u, restart_hazard(trust, ego.overdue, rates), visited, rates) > ZERO


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
