"""Whom the difference between scenarios acts on directly; what happens to others is knock-on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.world.compiled import compiled
from sim.world.kinds import ROLES, Group, Role
from sim.world.parameters import catalogue
from sim.world.run import Place
from sim.world.scenario import Scenario
from sim.world.shock import DIAGNOSES, Shock, roles_of
from sim.world.state import Team
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["differing", "touched"]

_SHARE = int(Stream.SHOCK_SHARE)


def differing(first: Scenario, other: Scenario) -> list[tuple[int, Shock]]:
    """Shocks that one of two scenarios has and the other has not, each with its number."""
    found = []
    for number in range(max(len(first.shocks), len(other.shocks))):
        pair = [one.shocks[number] for one in (first, other) if number < len(one.shocks)]
        if len(pair) == 1 or pair[0] != pair[1]:
            found += [(number, one) for one in pair]
    return found


def touched(scenarios: Sequence[Scenario], place: Place, team: Team, key: np.ndarray) -> np.ndarray:
    """Whom a difference from the first scenario acts on, told from the shared state, (E,) of bool.

    A shock on staff, or on visits of a role, acts on those whom staff of the role see. Who is
    offered something and declines was acted on.
    """
    found = np.zeros(team.egos.size, bool)
    for one in scenarios[1:]:
        if one.changed != scenarios[0].changed:
            return np.ones(team.egos.size, bool)
        for number, shock in differing(scenarios[0], one):
            found |= _meant(shock, number, place, team, key)
    return found


def _meant(shock: Shock, number: int, place: Place, team: Team, key: np.ndarray) -> np.ndarray:
    who, egos = shock.who, team.egos
    found = np.ones(egos.size, bool)
    if who.site is not None:
        found &= place.site in who.site
    if who.team is not None:
        found &= place.team in who.team
    if who.diagnosis is not None:
        found &= np.isin(egos["diagnosis"], [DIAGNOSES.index(one) for one in who.diagnosis])
    if who.has_partner is not None:
        found &= (team.column("group") == Group.PARTNER).any(axis=1) == who.has_partner
    if who.constrictor is not None:
        found &= (egos["constrictor"] > 0) == who.constrictor
    if who.share is not None:
        found &= _drawn(egos["address"], number, key_pair(key)) < who.share
    return np.asarray(found & _served(shock, team), bool)


@compiled
def _drawn(who: np.ndarray, shock: int, key: tuple[np.uint32, np.uint32]) -> np.ndarray:
    """The uniforms by which a shock takes its share of people."""
    found = np.empty(who.size, np.float32)
    for i in range(who.size):
        found[i] = uniforms(_SHARE, who[i], shock, 0, key)[0]
    return found


def _served(shock: Shock, team: Team) -> np.ndarray:
    """Who is entitled to a line of the roles that a shock is about; everybody if of none."""
    roles = shock.who.role or roles_of(shock.acts_on)
    if not roles:
        of_staff = shock.how != "force" and catalogue()[shock.acts_on].level == "post"
        entitled = (team.lines["entitled"] > 0).any(axis=1)
        return np.asarray(entitled) if of_staff else np.ones(team.egos.size, bool)
    served: np.ndarray = np.zeros(team.egos.size, bool)
    for role in roles:
        line, post = Role(ROLES.index(role)).line, team.lines["post"]
        entitled = team.lines["entitled"][:, line] > 0
        if shock.who.role is None:
            served |= entitled
        else:  # only those whom a post of that very role serves
            mine = team.posts["role"][np.maximum(post[:, line], 0)] == ROLES.index(role)
            served |= entitled & (post[:, line] >= 0) & mine
    return served
