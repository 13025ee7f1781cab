"""Setting treatment, visits, crises and onsets to the evidence, after the fixed point of ties.

With treatment in the world an episode's hazard is that of people on it; what cohorts publish is of
people on and off. So hazards are solved such that the mixture relapses as published, and the share
on treatment, what treatment does, visits, days in hospital and returns to acute care lie in the
middle of their bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from analysis.evidence.care import care_shares, middle_of
from analysis.evidence.forced import forced_ratio
from analysis.evidence.illness import illness_course
from analysis.evidence.instruments import instrument_rows
from analysis.evidence.rows import EvidenceRow
from analysis.evidence.staffing import VISITS, staffing
from sim.side_by_side import side_by_side
from sim.world.parameters import catalogue
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario, read_scenario
from sim.world.streams import key_of

__all__ = ["care_paths", "care_step", "settled_care", "severity_step"]

ONSETS, AGAIN = "schizophrenia-like onsets per week well", "bipolar: next episode within a year"
LATE, DAY = "on treatment, two years later", "a day in hospital within a year"
BACK = "acute care again within half a year"
EPISODES_A_YEAR = 0.312
"""Of schizophrenia on medication: .006 a week (B17)."""
IN_HOSPITAL = 0.14
"""Of 17,000 users of community teams 86 % had spent no time in hospital in a year (cqc2011)."""


def care_paths() -> list[str]:
    """Parameters that `care_step` sets."""
    return [
        "treatment.stop", "treatment.ratio", "start.off_treatment", "illness.onset_rate",
        "illness.bipolar_scale", "illness.past_episodes", "service.coordinator.interval_weeks",
        "crisis.hazard", "crisis.again", "treatment.trust_usual", "treatment.trust_sd",
        "service.usual_severity", "service.recent_acute", *(f"start.{name}" for name in STARTS),
    ]  # fmt: skip


def care_step(
    now: Mapping[str, float], teams: int = 60, *, seed: int = 1, threads: int = 2
) -> dict[str, float]:
    """One pass: each parameter moved to where its own figure would be right.

    Parameters
    ----------
    now : mapping of str to float
        Path to value of `care_paths`, and of any others that differ from the catalogue.
    """
    scenario = read_scenario("usual-care").with_parameters(now)
    care = care_shares(scenario, teams, seed=seed, threads=threads)
    course = illness_course(teams, seed=seed, threads=threads, of=scenario)
    on, goal = care.share(LATE)[0], middle_of(LATE)
    new = dict(now)
    new["treatment.stop"] *= _limited((1 - goal) / goal * on / max(1 - on, 1e-9))
    new["start.off_treatment"] = 1 - on
    onsets, again = _row(course, ONSETS), _row(course, AGAIN)
    new["illness.onset_rate"] *= _limited(onsets.target / onsets.simulated)
    new["illness.bipolar_scale"] *= _limited(np.log1p(-again.target) / np.log1p(-again.simulated))
    forced = forced_ratio(scenario, teams, seed=seed, threads=threads)
    new["treatment.ratio"] = 1 + (new["treatment.ratio"] - 1) * _limited(
        (forced.target - 1) / (forced.simulated - 1)
    )
    visits = _row(staffing(teams, seed=seed, threads=threads, of=scenario), VISITS)
    new["service.coordinator.interval_weeks"] *= _limited(visits.simulated / visits.target)
    new["illness.past_episodes"] *= _limited(_past_admissions(scenario, teams, seed, threads))
    new["crisis.hazard"] *= _limited(IN_HOSPITAL / care.share(DAY)[0])
    new["crisis.again"] *= _limited(middle_of(BACK) / care.share(BACK)[0])
    new["service.recent_acute"] *= _limited(_ill_later(scenario, teams, seed, threads))
    new |= settled_care(scenario, teams, seed=seed, threads=threads)
    entries = {path: catalogue()[path] for path in care_paths()}
    return {
        path: float(np.clip(new[path], entry.low, entry.high)) for path, entry in entries.items()
    }


def severity_step(teams: int = 60, *, seed: int = 1, threads: int = 2) -> dict[str, float]:
    """What severity takes from wellbeing, moved to where the two scales correlate as published.

    Starts from the shipped value.
    """
    row = _row(instrument_rows(teams, seed=seed, threads=threads), "SWEMWBS with MCSI")
    shipped = catalogue()["wellbeing.severity"].value
    return {"wellbeing.severity": shipped * _limited(row.target / row.simulated)}


def _row(rows: Iterable[EvidenceRow], quantity: str) -> EvidenceRow:
    return next(row for row in rows if row.quantity == quantity)


def _past_admissions(scenario: Scenario, teams: int, seed: int, threads: int) -> float:
    """Admissions a year of illness that episodes as published bring, over those of the past."""
    path = "illness.admission_share"
    share = scenario.parameters.get(path, catalogue()[path].value)

    def of_team(replicate: int) -> np.ndarray:
        egos = run_in(scenario, Place(1, 1), key_of(seed, replicate)).egos
        known = egos[egos["alive"] > 0]
        return np.array([known["past_admissions"].sum(), known["years_ill"].sum()], float)

    admissions, years = np.sum(list(side_by_side(of_team, range(teams), threads)), axis=0)
    return float(EPISODES_A_YEAR * share / (admissions / years))


def _ill_later(scenario: Scenario, teams: int, seed: int, threads: int) -> float:
    """Odds of being in an episode after week 52, over those at week 0."""

    def of_team(replicate: int) -> list[float]:
        key, found = key_of(seed, replicate), []
        team = run_in(scenario, Place(1, 1), key)
        for stop in (52, 78, 104):
            alive = team.egos["alive"] > 0
            found.append(team.egos["acute"][alive].mean())
            team = live(scenario, Place(1, 1), team, key, stop).team
        return found

    first, *later = np.mean(list(side_by_side(of_team, range(teams), threads)), axis=0)
    late = float(np.mean(later))
    return late / (1 - late) / (first / (1 - first))


STARTS = (
    "guilt", "unmet", "service_trust", "emotional", "practical", "illness", "advocacy",
    "distraction", "understood", "engagement", "groups",
)  # fmt: skip
"""Parameters of `[start]` that are a column of state.EGO: what people bring into the run-in."""

SETTLED = 208
"""Weeks after which what moves slowest, trust in services, is where it stays."""


def settled_care(
    scenario: Scenario, teams: int = 60, *, seed: int = 1, threads: int = 2
) -> dict[str, float]:
    """Levels at which trust, severity, and what people bring into the first week settle."""

    def of_team(replicate: int) -> tuple[np.ndarray, np.ndarray]:
        key, place = key_of(seed, replicate), Place(1, 1)
        first = run_in(scenario, place, key)
        return first.egos, live(scenario, place, first, key, SETTLED).team.egos

    parts = list(side_by_side(of_team, range(teams), threads))
    first, late = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    first, late = first[first["alive"] > 0], late[late["alive"] > 0]
    known = first["worker_trust"][first["worker_trust"] > 0].astype(float)
    return {
        "treatment.trust_usual": float(known.mean()),
        "treatment.trust_sd": float(known.std()),
        "service.usual_severity": float(first["severity"].astype(float).mean()),
        **{f"start.{name}": float(late[name].astype(float).mean()) for name in STARTS},
    }


def _limited(ratio: float) -> float:
    return float(np.clip(ratio, 0.6, 1.6))
