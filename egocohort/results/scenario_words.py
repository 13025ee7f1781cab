"""A scenario in words: how large its world is, who works in a team."""

from __future__ import annotations

from sim.errors import counted
from sim.world.kinds import ROLES
from sim.world.scenario import World

__all__ = ["team_in_words", "world_size_in_words"]

PLURALS = {
    "psychiatrist": "psychiatrists",
    "cpn": "community psychiatric nurses",
    "care_coordinator": "care co-ordinators",
    "support_worker": "support workers",
}


def world_size_in_words(world: World) -> str:
    """How large the world is."""
    teams, sites = sum(world.teams_per_site), len(world.teams_per_site)
    egos = world.caseload
    scaled = "" if world.scale == 1 else f" ({world.egos_per_team} scaled by {world.scale:g})"
    return (
        f"{counted(teams, 'team')} at {counted(sites, 'site')}, {egos} egos in each{scaled}; "
        f"{world.runin_weeks} weeks of run-in, then {world.horizon_weeks} weeks"
    )


def team_in_words(world: World) -> str:
    """Staff of every team: posts and whole-time equivalents by role."""
    by_role = world.staff.by_role()
    said = []
    for role in ROLES:
        fte = by_role[role]
        name = PLURALS[role] if len(fte) != 1 else PLURALS[role].removesuffix("s")
        said.append(f"{len(fte)} {name} ({sum(fte) * world.scale:.1f} full-time)")
    return ", ".join(said)
