"""People and their maps in a usual-care world: what hangs together, beside what is published.

Everybody eligible is interviewed at week 0, a year later, and three years later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.evidence.interviewed import everybody_interviewed
from analysis.evidence.rows import EvidenceRow, rate_row, share_row
from analysis.worlds.moments import still_active
from sim.side_by_side import side_by_side
from sim.study.simulated import SimulatedStudy
from sim.world.kinds import Diagnosis, Group, Household, Kind
from sim.world.run import Place, run_in
from sim.world.scenario import Scenario, read_scenario
from sim.world.streams import key_of

__all__ = ["circumstances", "network_rows", "rows_of_networks"]

WAVES = (0, 52, 156)
INNER, OUTER = 1, 3
OWN_CHILD = int(Group.YOUNG_KIN)
"""Identity of the first of the young kin at the start, who is the ego's own child if it has one."""

KEPT_MORE = 0.08
"""By which friends of the inner circle are kept more than those of the outer, over three years."""

NETWORK_BOUNDS: Mapping[str, tuple[str, tuple[float, float]]] = {
    "people on a map with severity": ("degnan2018", (-0.35, -0.10)),
    "size of a revisited map with itself a year later": ("N32 B16", (0.85, 0.95)),
    "weak ties among people named": ("rogers2014", (0.06, 0.12)),
    "maps with a pet": ("brooks2016", (0.35, 0.55)),
    "pets in the inner circle": ("brooks2016", (0.45, 0.70)),
    "friends proper lost from the error-free map in a year": ("B16", (0.12, 0.25)),
    "weak ties lost from the error-free map in a year": ("B16", (0.10, 0.25)),
    "people with a child": ("radley2022", (0.34, 0.43)),
    "people who live alone": ("morgan2011", (0.21, 0.41)),
    "people in employment": ("cpa2011", (0.06, 0.15)),
    "people in settled housing": ("cpa2011", (0.60, 0.80)),
    "people with psychosis who met a friend proper in the week": ("giacco2012", (0.0, 0.577)),
    "people with psychosis who met a friend or weak tie then": ("giacco2012", (0.525, 1.0)),
    "people with psychosis with a friend proper": ("giacco2012", (0.632, 1.0)),
}
"""Source and bounds by quantity.

Whom people call a friend is their own affair: friends proper are among those, and most of those are
friends proper or weak ties; who has a close friend has a friend. So a published share bounds one
side of each, at the end of its 95 % interval. These figures were found when the world was done.
"""

CIRCUMSTANCES = tuple(NETWORK_BOUNDS)[-7:]


def network_rows(teams: int = 50, *, seed: int = 1, threads: int = 2) -> list[EvidenceRow]:
    """Rows on people and maps in usual care as shipped.

    Parameters
    ----------
    teams : int
        Whole teams.
    seed, threads : int
        As of `sim.study.simulate.simulate_study`.
    """
    usual = read_scenario("usual-care")
    found = everybody_interviewed(usual, WAVES, teams, seed=seed, threads=threads)
    return [*rows_of_networks(found), *circumstances(usual, teams, seed=seed, threads=threads)]


def rows_of_networks(found: SimulatedStudy) -> Iterator[EvidenceRow]:
    """The same of a study already simulated."""
    first, recorded = found.sample.members[:, 0], found.maps.recorded
    named = recorded[:, 0]
    people = named & (first["human"] > 0)
    egos = found.sample.egos
    yield _together("people on a map with severity", people.sum(axis=1), egos["severity"][:, 0])
    both = found.visits.attended[:, 1]
    sizes = (recorded[both, wave].sum(axis=1) for wave in (0, 1))
    yield _together("size of a revisited map with itself a year later", *sizes)
    weak = people & (first["group"] == Group.WEAK)
    yield _share("weak ties among people named", weak.sum(), people.sum())
    pets = named & (first["kind"] == Kind.PET)
    yield _share("maps with a pet", pets.any(axis=1).sum(), pets.shape[0])
    inner = pets & (found.maps.circle[:, 0] == INNER)
    yield _share("pets in the inner circle", inner.sum(), pets.sum())
    yield from _lost(found)
    yield _kept_by_circle(found)


def _share(what: str, hits: int, n: int) -> EvidenceRow:
    source, bounds = NETWORK_BOUNDS[what]
    return share_row(what, source, bounds, int(hits), int(n))


def _together(what: str, one: np.ndarray, other: np.ndarray) -> EvidenceRow:
    source, bounds = NETWORK_BOUNDS[what]
    r = float(np.corrcoef(one.astype(float), other.astype(float))[0, 1])
    return rate_row(what, source, bounds, r, (1 - r * r) / np.sqrt(one.size), one.size)


def _lost(found: SimulatedStudy) -> Iterator[EvidenceRow]:
    stayed, group = still_active(found.sample.members, 1), found.sample.members["group"][:, 0]
    alive = (found.sample.egos["alive"][:, 1] > 0)[:, None]
    for name, of in (("friends proper", Group.FRIEND), ("weak ties", Group.WEAK)):
        at_risk = found.maps.ideal[:, 0] & (group == of) & alive
        what = f"{name} lost from the error-free map in a year"
        yield _share(what, (at_risk & ~stayed).sum(), at_risk.sum())


def _kept_by_circle(found: SimulatedStudy) -> EvidenceRow:
    """Friends proper there after three years: share of the inner circle less that of the outer."""
    stayed, group = still_active(found.sample.members, -1), found.sample.members["group"][:, 0]
    alive = (found.sample.egos["alive"][:, -1] > 0)[:, None]
    friends = found.maps.recorded[:, 0] & (group == Group.FRIEND) & alive
    (near, near_n), (far, far_n) = (
        (stayed[mine].mean(), mine.sum())
        for mine in (friends & (found.maps.circle[:, 0] == circle) for circle in (INNER, OUTER))
    )
    error = np.sqrt(near * (1 - near) / near_n + far * (1 - far) / far_n)
    return rate_row(
        "friends kept three years, inner less outer circle", "", (KEPT_MORE, 1.0),
        float(near - far), float(error), int(near_n + far_n),
    )  # fmt: skip


def circumstances(
    scenario: Scenario, teams: int, *, seed: int = 1, threads: int = 2
) -> list[EvidenceRow]:
    """Rows on children, home, work and friends met, of all who are on the caseload at week 0."""

    def of_team(replicate: int) -> np.ndarray:
        team = run_in(scenario, Place(1, 1), key_of(seed, replicate))
        egos, kind, group = team.egos, team.column("kind"), team.column("group")
        young = (kind == Kind.YOUNG_KIN) & (team.column("identity") == OWN_CHILD)
        own = ((kind == Kind.CHILD) | young).any(axis=1)
        alone = egos["household"] == Household.ALONE
        friends, weak = (
            (group == g) & (team.column("active") > 0) for g in (Group.FRIEND, Group.WEAK)
        )
        met = team.column("contacted") > 0
        friend, either = ((ties & met).any(axis=1) for ties in (friends, friends | weak))
        here = (egos["alive"] > 0) & (egos["on_caseload"] > 0)
        psychotic = here & (egos["diagnosis"] != Diagnosis.BIPOLAR)
        of_all = (own, alone, egos["employed"] > 0, egos["settled"] > 0)
        of_them = (friend, either, friends.any(axis=1))
        return np.array(
            [(column[here].sum(), here.sum()) for column in of_all]
            + [(column[psychotic].sum(), psychotic.sum()) for column in of_them]
        )

    found = np.sum(list(side_by_side(of_team, range(teams), threads)), axis=0)
    return [_share(what, *row) for what, row in zip(CIRCUMSTANCES, found, strict=True)]
