"""Worlds that serve several studies, of other people each; what is lived once need not be again.

The studies 0 to 99 have a world each; the next hundred are the second studies of these worlds, and
so on, as many as a world has people for; then come new worlds. Studies of a world are alike in what
its people share, so verdicts take worlds for clusters (`analysis.stress.criteria`). Where arms are
teams, sites or caseloads, a world has one study: both would allocate the same.
"""

from __future__ import annotations

from threading import Lock

import numpy as np

from analysis.stress.lived import LivedStudy
from sim.study.recruit import site_weights, unequal_sizes
from sim.study.spec import Study
from sim.world.scenario import Scenario

__all__ = [
    "FEWEST_WORLDS",
    "MOST_STUDIES",
    "KeptLives",
    "studies_a_world",
    "world_and_turn",
]

FEWEST_WORLDS = 100
"""Studies in a row that have a world each: no run that says much has fewer worlds."""
MOST_STUDIES = 4
ELIGIBLE, LOWEST_CEILING = 0.75, 0.5
"""Share of a caseload who are well enough to be asked, at the least, where those above the latter
severity may be too unwell; where less is too much, nothing is known of how many there are."""
SURE = 4.0
"""Standard deviations by which more would consent than a study wants of a site."""
KEPT_BYTES = 2**29
"""Of samples that wait for their study; those beyond are lived again."""


def studies_a_world(study: Study, lived: Scenario, *, compares: bool) -> int:
    """How many studies of other people each a world has people for, at every site.

    Parameters
    ----------
    study
        With any effect that is planted in it.
    lived
        The world it is held in.
    compares
        Whether arms are compared.
    """
    arms, asked, world = study.arms, study.recruitment, lived.world
    in_units = arms is not None and arms.unit != "ego"
    if (in_units and (compares or study.arms_act)) or asked.severity_ceiling < LOWEST_CEILING:
        return 1
    people = np.array(world.teams_per_site) * world.caseload * ELIGIBLE
    people = people - np.sum(asked.earlier or np.zeros((1, people.size)), axis=0)
    sites = unequal_sizes(people.size)  # which a condition may make of them
    weights = np.array([site_weights(study, lived), sites])
    wanted = (asked.n * weights / weights.sum(axis=1, keepdims=True)).max(axis=0)
    takes_part = asked.interest * asked.consent
    for studies in range(MOST_STUDIES, 1, -1):
        left = np.maximum(people - (studies - 1) * wanted, 0) * takes_part
        if (left - SURE * np.sqrt(left * (1 - takes_part)) >= wanted).all():
            return studies
    return 1


def world_and_turn(replicate: int, studies: int) -> tuple[int, int]:
    """The world of a study, and which of its studies it is from 0, where a world has so many."""
    block, within = divmod(replicate, FEWEST_WORLDS * studies)
    turn, world = divmod(within, FEWEST_WORLDS)
    return block * FEWEST_WORLDS + world, turn


class KeptLives:
    """Samples of worlds that were lived already and wait for their study.

    Parameters
    ----------
    replicates : int
        So many studies will be made at most.

    Attributes
    ----------
    studies : int
        Of a world that can be made of so many, whatever it has people for.
    """

    def __init__(self, replicates: int) -> None:
        self.studies = -(-replicates // FEWEST_WORLDS)
        self._waiting: dict[tuple[int, int, str], LivedStudy] = {}
        self._bytes, self._lock = 0, Lock()

    def take(self, world: int, turn: int, lives: str) -> LivedStudy | None:
        """What waits for a study, which it leaves; None if it must be lived."""
        with self._lock:
            found = self._waiting.pop((world, turn, lives), None)
            self._bytes -= 0 if found is None else found.size
        return found

    def put(self, world: int, turn: int, lives: str, one: LivedStudy) -> None:
        """Keep a sample for its study, if there is room."""
        with self._lock:
            if self._bytes + one.size <= KEPT_BYTES:
                self._waiting[world, turn, lives] = one
                self._bytes += one.size
