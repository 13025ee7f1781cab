"""Maps and the people on them in a usual-care world, beside what is published (L7-L10, B16).

Everybody eligible is interviewed at week 0, a year later and three years later.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.evidence.rows import EvidenceRow, rate_row, share_row
from sim.study.seen import members_of  # noqa: F401
from sim.study.simulate import simulate_study
from sim.study.simulated import SimulatedStudy
from sim.study.spec import parse_study
from sim.world.kinds import Group, Kind
from sim.world.scenario import Scenario, read_scenario

__all__ = ["network_rows"]

PEOPLE_A_TEAM = 150
YEARS = (0, 52, 156)


class Followed(NamedTuple):
    found: SimulatedStudy
    alive: np.ndarray


def _interviewed(scenario: Scenario, teams: int, seed: int, threads: int) -> SimulatedStudy:
    study = parse_study(
        {
            "id": "networks",
            "title": "Everybody eligible, at baseline, after one year and after three",
            "frame": {"teams_per_site": [teams]},
            "recruitment": {"n": PEOPLE_A_TEAM * teams, "interest": 1.0, "consent": 1.0},
            "waves": {"weeks": list(YEARS)},
            "map": {"telephone_share": 0.138},
        }
    )
    return simulate_study(scenario, study, seed=seed, threads=threads)


def measures(found: SimulatedStudy) -> dict[str, float]:
    members, egos, maps = found.sample.members, found.sample.egos, found.maps
    group, kind = members["group"], members["kind"]
    rec = maps.recorded
    att = found.visits.attended
    human = members["human"] > 0
    out = {}
    people = (rec & human)[:, 0].sum(1)
    out["people with severity"] = np.corrcoef(people, egos["severity"][:, 0])[0, 1]
    out["friends with severity"] = np.corrcoef(
        (rec[:, 0] & np.isin(group[:, 0], (3, 4))).sum(1), egos["severity"][:, 0]
    )[0, 1]
    out["kin with severity"] = np.corrcoef(
        (rec[:, 0] & (group[:, 0] <= 2)).sum(1), egos["severity"][:, 0]
    )[0, 1]
    both = att[:, 0] & att[:, 1]
    n0, n1 = rec[both, 0].sum(1), rec[both, 1].sum(1)
    out["map size"] = rec[:, 0].sum(1).mean()
    out["sd"] = rec[:, 0].sum(1).std()
    out["map size a year later, r"] = np.corrcoef(n0, n1)[0, 1]
    out["weak share of people"] = (rec[:, 0] & (group[:, 0] == Group.WEAK)).sum() / people.sum()
    pet = rec[:, 0] & (kind[:, 0] == Kind.PET)
    out["maps with pet"] = pet.any(1).mean()
    out["pets inner"] = (maps.circle[:, 0][pet] == 1).mean()
    child = (group[:, 0] >= 0) & np.isin(kind[:, 0], (Kind.CHILD, Kind.YOUNG_KIN))
    out["has child/young kin tie"] = child.any(1).mean()
    # survival by circle
    ident = members["identity"]
    alive3 = egos["alive"][:, -1] > 0
    last = np.where((members["active"][:, -1] > 0), ident[:, -1], -2)
    stay = (ident[:, 0][:, :, None] == last[:, None, :]).any(2)
    for nm, g in (("friend", (Group.FRIEND,)), ("weak", (Group.WEAK,)), ("kin", (Group.KIN,))):
        for c in (1, 2, 3):
            sel = rec[:, 0] & np.isin(group[:, 0], g) & (maps.circle[:, 0] == c) & alive3[:, None]
            out[f"{nm} circle {c} kept 3y"] = stay[sel].mean()
            out[f"n {nm} {c}"] = sel.sum()
    last1 = np.where((members["active"][:, 1] > 0), ident[:, 1], -2)
    stay1 = (ident[:, 0][:, :, None] == last1[:, None, :]).any(2)
    for nm, g in (
        ("friends", Group.FRIEND),
        ("weak", Group.WEAK),
        ("kin", Group.KIN),
        ("partner", Group.PARTNER),
        ("object", Group.OBJECT),
    ):
        sel = maps.ideal[:, 0] & (group[:, 0] == g) & (egos["alive"][:, 1] > 0)[:, None]
        out[f"{nm} lost a year"] = 1 - stay1[sel].mean()
    for nm, g in (("partner", 0), ("friend", 3), ("weak", 4), ("outside", 8)):
        out[f"named {nm}"] = (rec[:, 0] & (group[:, 0] == g)).sum(1).mean()
    return out
