"""Caseloads, contact and turnover in usual care, beside what services have published (B23-B27)."""

from __future__ import annotations

import numpy as np

from analysis.evidence.rows import EvidenceRow, rate_row, ratio_of_means
from sim.side_by_side import side_by_side
from sim.world.kinds import Event, Line
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario, read_scenario
from sim.world.state import LEDGER, Team
from sim.world.streams import key_of

__all__ = ["VISITS", "staffing"]

VISITS = "visits a week to people with a co-ordinator"

WEEKS = 52
WEEKS_A_MONTH = 52 / 12


def _year(scenario: Scenario, key: np.ndarray) -> dict[str, float]:
    """One team's year: leavers, changes of worker, caseloads, contacts."""
    place, line = Place(1, 1), int(Line.COORDINATOR)
    team = run_in(scenario, place, key)
    history = live(scenario, place, team, key, WEEKS)
    after, posts = history.team, team.posts
    before = team.lines[:, line]
    kept = (before["slot"] >= 0) & (after.egos["alive"] > 0) & (after.egos["on_caseload"] > 0)
    worker = _worker(team)
    changed = kept & (_worker(after) != worker)
    filled = (posts["vacant_until"] < 0).mean() + (after.posts["vacant_until"] < 0).mean()
    done = after.ledger[line, LEDGER["kept"]] + after.ledger[line, LEDGER["missed"]]
    on = team.egos["on_caseload"] > 0
    fte = posts["fte"][posts["line"] == line].sum()
    return {
        "left": float((history.events["event"] == Event.WORKER_LEFT).sum()),
        "post_years": float(posts.size * filled / 2),
        "changed": float(changed.sum()),
        "coordinated": float(kept.sum()),
        "visits": float((after.egos["kept"] - team.egos["kept"])[kept].sum()) / WEEKS,
        "caseload": float(on.sum()),
        "per_fte": float((on & (before["entitled"] == 1)).sum() / fte),
        "contacts": float(done / WEEKS * WEEKS_A_MONTH / fte),
        "team_contacts": float(
            (after.ledger[:, LEDGER["kept"]] + after.ledger[:, LEDGER["missed"]]).sum() / WEEKS
        ),
    }


def _worker(team: Team) -> np.ndarray:
    """A number for each ego's present co-ordinator; -1 for none."""
    here = team.lines[:, int(Line.COORDINATOR)]
    who = here["post"] * 1000 + team.posts["incumbent"][np.maximum(here["post"], 0)]
    return np.where(here["slot"] >= 0, who, -1)


def staffing(
    teams: int = 40, *, seed: int = 1, threads: int = 2, of: Scenario | None = None
) -> list[EvidenceRow]:
    """Rows on leavers, changes of worker, caseloads and contacts.

    Parameters
    ----------
    teams : int
        Whole teams, each followed for a year.
    seed, threads : int
        Teams are the replicates 0, 1, ... of the seed, lived side by side.
    of : Scenario, optional
        The world looked at, in place of usual care.
    """
    scenario = of or read_scenario("usual-care")
    parts = list(side_by_side(lambda r: _year(scenario, key_of(seed, r)), range(teams), threads))
    seen = {name: np.array([part[name] for part in parts]) for name in parts[0]}
    left, years = seen["left"].sum(), seen["post_years"].sum()

    def level(quantity: str, source: str, bounds: tuple[float, float], name: str) -> EvidenceRow:
        values = seen[name]
        mcse = float(values.std(ddof=1) / np.sqrt(values.size))
        return rate_row(quantity, source, bounds, float(values.mean()), mcse, values.size)

    return [
        rate_row(
            "leavers a year per filled post", "B27", (0.16, 0.24), float(left / years),
            float(np.sqrt(left) / years), int(left),
        ),
        rate_row(
            "co-ordinated people who change worker in a year", "picker2018", (0.35, 0.50),
            *ratio_of_means(seen["changed"], seen["coordinated"]), int(seen["coordinated"].sum()),
        ),
        rate_row(
            VISITS, "sood2017", (0.41, 0.51),
            *ratio_of_means(seen["visits"], seen["coordinated"]), int(seen["coordinated"].sum()),
        ),
        level("people on a team's caseload", "B23", (250, 300), "caseload"),
        level("people per FTE co-ordinator", "B23", (27, 34), "per_fte"),
        level("contacts a month per FTE co-ordinator", "B26", (30, 48), "contacts"),
        level("contacts a week per team", "B26", (80, 110), "team_contacts"),
    ]  # fmt: skip
