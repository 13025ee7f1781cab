"""What treatment does to the hazard of an episode, where everybody is on it or off it (B17)."""

from __future__ import annotations

import numpy as np

from analysis.evidence.course import YEAR
from analysis.evidence.rows import EvidenceRow, rate_row
from sim.side_by_side import side_by_side
from sim.world.kinds import Event
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario
from sim.world.streams import key_of

__all__ = ["forced_ratio"]

KEPT_AS_THEY_ARE = {
    "treatment.stop": 0.0, "treatment.restart": 0.2, "treatment.restart_visit": 0.0,
    "treatment.restart_hospital": 0.0, "early.treated": 0.0,
}  # fmt: skip
"""Parameters under which hardly anybody starts or stops treatment."""


def forced_ratio(
    usual: Scenario, teams: int = 50, *, seed: int = 1, threads: int = 2
) -> EvidenceRow:
    """Hazard of an episode in a year in which nobody is on treatment, over one in which all are.

    Of people who do not have bipolar illness and are well at week 0, the same in both years, until
    the first episode; who takes treatment up again is followed until then.
    """
    forced = usual.with_parameters(KEPT_AS_THEY_ARE)

    def of_team(replicate: int) -> np.ndarray:
        key, place = key_of(seed, replicate), Place(1, 1)
        start = run_in(usual, place, key)
        who = (start.egos["acute"] == 0) & (start.egos["bipolar"] == 0) & (start.egos["alive"] > 0)
        found = []
        for treated in (1, 0):
            team = start.copy()
            team.egos["treated"] = treated
            team.egos["weeks_off"] = 0 if treated else YEAR
            team.egos["weeks_treated"] = YEAR if treated else 0
            events = live(forced, place, team, key, YEAR).events
            ill = _first(events, Event.EPISODE_START, who.size)
            gone = np.minimum(
                _first(events, Event.TREATMENT_RESTART, who.size),
                _first(events, Event.DEATH, who.size),
            )
            found += [(ill <= gone)[who & (ill < YEAR)].sum(), np.minimum(ill, gone)[who].sum()]
        return np.array(found, float)

    parts = np.array(list(side_by_side(of_team, range(teams), threads)))
    on, weeks_on, off, weeks_off = parts.sum(axis=0)
    ratio = float(off / weeks_off / (on / weeks_on))
    error = ratio * float(np.sqrt(1 / on + 1 / off))
    what = "hazard of an episode off treatment over on it, forced"
    return rate_row(what, "B17", (2.6, 3.8), ratio, error, int(on + off))


def _first(events: np.ndarray, event: Event, n: int) -> np.ndarray:
    """The week of the first such event of each ego, (n,); a year where there is none."""
    found = np.full(n, YEAR)
    rows = events[(events["event"] == event) & (events["ego"] >= 0)]
    np.minimum.at(found, rows["ego"], rows["week"])
    return found
