"""Treatment, crises and hospital in a usual-care world, beside what has been published of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from analysis.compare.ways import frequently_admitted
from analysis.evidence.course import (
    YEAR,
    back_in_acute_care,
    off_at_onset,
    three_years_of,
    weeks_away,
    weeks_ill,
)
from analysis.evidence.forced import forced_ratio
from analysis.evidence.rows import EvidenceRow, rate_row, ratio_of_means
from sim.side_by_side import side_by_side
from sim.world.kinds import Diagnosis
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario, read_scenario
from sim.world.state import Team

__all__ = ["CARE_BOUNDS", "CareShares", "care_rows", "care_shares", "less_trusted", "middle_of"]

CARE_BOUNDS: Mapping[str, tuple[str, tuple[float, float]]] = {
    "on treatment": ("B50 B53", (0.60, 0.75)),
    "on treatment, two years later": ("B50 B53", (0.60, 0.75)),
    "off treatment when an episode begins": ("B53", (0.45, 0.70)),
    "a day in hospital within a year": ("cqc2011", (0.10, 0.20)),
    "acute care again within half a year": ("lamb2021", (0.175, 0.281)),
    "days in hospital in two years where admissions repeat": ("B58 thomas2001", (55, 90)),
    "discharged people referred again within two years": ("B55", (0.45, 0.70)),
    "median weeks until they are": ("B55", (26, 52)),
    "weeks ill in a year, schizophrenia": ("B17 B19", (0.09, 0.16)),
    "weeks ill in a year, bipolar": ("B18 B19", (0.10, 0.22)),
    "less trust, as answered, a quarter after a change of worker": ("picker2018", (0.25, 0.45)),
}
"""Source and bounds by quantity, in the order of the rows."""

AWAY = ("discharged people referred again within two years", "median weeks until they are")


def middle_of(quantity: str) -> float:
    """The middle of a quantity's bounds, at which calibration aims."""
    low, high = CARE_BOUNDS[quantity][1]
    return (low + high) / 2


def _of_team(
    scenario: Scenario, replicate: int, seed: int
) -> tuple[dict[str, tuple[float, float]], list[float]]:
    """For each share how many of how many, days of how many people; weeks away if discharged."""
    course = three_years_of(scenario, replicate, seed=seed)
    first, year, late = course.first.egos, course.year.egos, course.late.egos
    here = (first["on_caseload"] > 0) & (year["alive"] > 0)
    alive = late["alive"] > 0
    days = (year["hospital_days"] - first["hospital_days"])[here]
    often = frequently_admitted(course.first) & (first["alive"] > 0)
    later_days = (late["hospital_days"] - first["hospital_days"])[often]
    found = {
        "on treatment": ((first["treated"][here] > 0).sum(), here.sum()),
        "on treatment, two years later": ((late["treated"][alive] > 0).sum(), alive.sum()),
        "off treatment when an episode begins": off_at_onset(course),
        "a day in hospital within a year": ((days > 0).sum(), here.sum()),
        "acute care again within half a year": back_in_acute_care(course),
        "days in hospital in two years where admissions repeat": (later_days.sum(), often.sum()),
        "less trust, as answered, a quarter after a change of worker": less_trusted(
            scenario, course.year
        ),
    }
    ill = np.array([weeks_ill(course, ego) for ego in range(first.size)])
    for name, diagnosis in (
        ("schizophrenia", Diagnosis.SCHIZOPHRENIA),
        ("bipolar", Diagnosis.BIPOLAR),
    ):
        who = here & (first["diagnosis"] == diagnosis)
        found[f"weeks ill in a year, {name}"] = (ill[who].sum(), who.sum() * YEAR)
    shares = {name: (float(hits), float(of)) for name, (hits, of) in found.items()}
    return shares, weeks_away(course)


def less_trusted(scenario: Scenario, team: Team) -> tuple[float, int]:
    """Of people who have had a new worker for about a quarter: trust in fewer words than the last.

    A survey asks whether care got worse; so what counts is the answer, of five, with the error that
    answers have. The expected number is summed, not drawn.

    Returns
    -------
    lower : float
        Expected number of those who answer in fewer words.
    changed : int
        All who have had a new worker for 10 to 16 weeks.
    """
    lower, changed = 0.0, 0
    trust, known = team.column("trust"), team.column("known")
    for line in range(team.lines.shape[1]):
        here = team.lines[:, line]
        ego = np.flatnonzero((here["slot"] >= 0) & (here["parted"] > 0) & (team.egos["alive"] > 0))
        slot = here["slot"][ego]
        lately = (known[ego, slot] >= 10) & (known[ego, slot] <= 16)
        now, last = (
            _answers(scenario, values[lately]) for values in (trust[ego, slot], here["parted"][ego])
        )
        below = np.cumsum(now, axis=1) - now
        lower += float((last * below).sum())
        changed += int(lately.sum())
    return lower, changed


def _answers(scenario: Scenario, trust: np.ndarray) -> np.ndarray:
    """Chance of each of the five answers on trust, (n, 5)."""
    from scipy.special import ndtr

    p = catalogue().record(scenario.parameters)[0]
    edges = np.linspace(p["question_trust_low"], p["question_trust_high"], 4)
    above = ndtr((trust[:, None].astype(float) - edges) / p["question_answer_noise"])
    padded = np.concatenate([np.ones((trust.size, 1)), above, np.zeros((trust.size, 1))], axis=1)
    return padded[:, :-1] - padded[:, 1:]


class CareShares(NamedTuple):
    """What whole teams of a world add up to.

    Attributes
    ----------
    hits, of : mapping of str to ndarray, (teams,)
        Shares by quantity: how many of how many; of days in hospital, those of how many people.
    away : ndarray
        Weeks from discharge to referral, `NEVER_AGAIN` for none in three years.
    """

    hits: Mapping[str, np.ndarray]
    of: Mapping[str, np.ndarray]
    away: np.ndarray

    def share(self, quantity: str) -> tuple[float, float]:
        """A share and its Monte Carlo standard error; of `AWAY` too."""
        if quantity not in AWAY:
            return ratio_of_means(self.hits[quantity], self.of[quantity])
        soon = self.away[self.away <= 2 * YEAR]
        n, share = max(self.away.size, 1), soon.size / max(self.away.size, 1)
        if quantity == AWAY[0]:
            return share, float(np.sqrt(share * (1 - share) / n))
        return float(np.median(soon)), float(1.2533 * soon.std() / np.sqrt(soon.size))

    def number(self, quantity: str) -> int:
        """People, weeks or events behind a share."""
        return self.away.size if quantity in AWAY else int(self.of[quantity].sum())


def care_shares(scenario: Scenario, teams: int, *, seed: int = 1, threads: int = 2) -> CareShares:
    """Live whole teams for three years and count.

    Parameters
    ----------
    teams : int
        Replicates 0, 1, ... of the seed, lived side by side.
    """
    parts = list(side_by_side(lambda r: _of_team(scenario, r, seed), range(teams), threads))
    names = parts[0][0]
    return CareShares(
        {name: np.array([shares[name][0] for shares, _ in parts]) for name in names},
        {name: np.array([shares[name][1] for shares, _ in parts]) for name in names},
        np.array([week for _, away in parts for week in away]),
    )


def care_rows(teams: int = 50, *, seed: int = 1, threads: int = 2) -> list[EvidenceRow]:
    """Rows on treatment, hospital, acute care, referral, weeks ill, and a new worker.

    Parameters
    ----------
    teams : int
        Whole teams of usual care, each followed for three years.
    """
    usual = read_scenario("usual-care")
    found = care_shares(usual, teams, seed=seed, threads=threads)
    rows = [
        rate_row(name, source, bounds, *found.share(name), found.number(name))
        for name, (source, bounds) in CARE_BOUNDS.items()
    ]
    return [*rows, forced_ratio(usual, teams, seed=seed, threads=threads)]
