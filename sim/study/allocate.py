"""Arms: who is in which, and the world with each arm's own shocks laid over it.

Arms are drawn for the whole caseload before anybody is recruited, so one world serves every sample
size.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.study.draws import draws
from sim.study.frame import units_of_arms
from sim.study.spec import Study
from sim.world.kinds import Line
from sim.world.run import Place, places
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import Stream, address

__all__ = ["Allocation", "GivenArms", "workers_of"]


class Allocation:
    """Who is in which arm.

    Parameters
    ----------
    study : Study
    scenario : Scenario
        The lived one; for the number of teams.
    key : ndarray of uint32, shape (2,)

    Raises
    ------
    InputError
        If the numbers of teams or sites asked for are not those there are.
    """

    def __init__(self, study: Study, scenario: Scenario, key: np.ndarray) -> None:
        self.names = study.arm_names
        self._arms, self._key, self._of_unit = study.arms, key, {}
        if study.arms is not None and study.arms.unit in ("team", "site"):
            teams = places(scenario)
            sites = sorted({place.site for place in teams})
            by_team = study.arms.unit == "team"
            units = [p.address for p in teams] if by_team else [_of_site(site) for site in sites]
            self._of_unit = self._whole_units(study, units)

    def _whole_units(self, study: Study, units: Sequence[int]) -> dict[int, int]:
        """Arm of each team or site: the first so many in random order, then the next."""
        numbers = units_of_arms(study, len(units))
        who = np.array(units, np.uint32)
        order = np.lexsort((who, draws(Stream.ALLOCATION, who, self._key)[:, 0]))
        arm = np.repeat(np.arange(len(numbers)), numbers)
        return {units[at]: int(a) for at, a in zip(order, arm, strict=True)}

    def of_team(self, place: Place, team: Team) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Arm of each ego, (E,), and of each post, (P,), of a team at week 0; None without arms."""
        if self._arms is None:
            return None, None
        unit, n = self._arms.unit, team.egos.size
        if unit in ("team", "site"):
            arm = self._of_unit[place.address if unit == "team" else _of_site(place.site)]
            return np.full(n, arm, np.int32), np.full(team.posts.size, arm, np.int32)
        egos = self._drawn(team.egos["address"])
        if unit == "ego":
            return egos, None
        posts = self._drawn(team.posts["address"])
        worker = workers_of(team)
        return np.where(worker >= 0, posts[worker], egos).astype(np.int32), posts

    def _drawn(self, who: np.ndarray) -> np.ndarray:
        assert self._arms is not None  # noqa: S101  # the caller has looked
        edges = np.cumsum(np.array(self._arms.parts[:-1], np.float64))
        u = draws(Stream.ALLOCATION, who, self._key)[:, 0]
        return np.searchsorted(edges, u, side="right").astype(np.int32)


class GivenArms(NamedTuple):
    """Stands in for an allocation where arms of one team's egos and posts are given, (E,), (P,)."""

    names: tuple[str, ...]
    arm: np.ndarray
    post_arm: np.ndarray | None

    @classmethod
    def everybody_in(
        cls, names: tuple[str, ...], arm: int, team: Team, with_staff: bool
    ) -> "GivenArms":
        """All egos of a team in one arm, and its posts with them or in none."""
        posts = np.full(team.posts.size, arm, np.int32) if with_staff else None
        return cls(names, np.full(team.egos.size, arm, np.int32), posts)

    def of_team(self, place: Place, team: Team) -> tuple[np.ndarray, np.ndarray | None]:
        """As `Allocation.of_team`."""
        return self.arm, self.post_arm


def workers_of(team: Team) -> np.ndarray:
    """Post by which each ego is allocated with a worker, (E,): co-ordinator, else psychiatrist.

    -1 of those who have neither.
    """
    co_ordinator = team.lines["post"][:, Line.COORDINATOR]
    return np.where(co_ordinator >= 0, co_ordinator, team.lines["post"][:, Line.PSYCHIATRIST])


def _of_site(site: int) -> int:
    """The address of a site as a whole."""
    return address(site, 0, 4095)
