"""A scenario in words: how large its world is, who works in a team, what its shocks do."""

from __future__ import annotations

from sim.errors import counted
from sim.world.kinds import ROLES
from sim.world.parameters import catalogue
from sim.world.scenario import World
from sim.world.shock import EVENTS, Shock

__all__ = ["shock_in_words", "team_in_words", "world_size_in_words"]

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


def shock_in_words(shock: Shock) -> str:
    """A shock as a sentence."""
    return f"{_when(shock)}, {_whom(shock)}: {_what(shock)}{_kept_to(shock)}"


def _kept_to(shock: Shock) -> str:
    """Who takes it up and stays, and what is left afterwards; nothing where all do and it ends."""
    said = ""
    if shock.uptake < 1:
        said += f"; {shock.uptake * 100:g} % of them take it up"
    if shock.adherence < 1:
        said += f"; {shock.adherence * 100:g} % of those who take it up still attend after a year"
    if shock.decay is not None:
        said += f"; half of the effect is left {counted(shock.decay, 'week')} after the end"
    return said


def _when(shock: Shock) -> str:
    since = "of the study" if shock.from_week is not None else "after each ego's own baseline"
    lasts = f" for {counted(shock.weeks, 'week')}" if shock.weeks else ""
    lasts = lasts or ("" if shock.how == "force" else " to the end")
    return (
        f"from week {shock.starts} {since}{lasts}" if lasts else f"in week {shock.starts} {since}"
    )


def _whom(shock: Shock) -> str:
    who, said = shock.who, []
    if who.share is not None:
        said.append(f"{who.share * 100:g} % of them drawn by chance")
    for name, noun in (("site", "site"), ("team", "team"), ("diagnosis", ""), ("arm", "arm")):
        given = getattr(who, name)
        if given:
            words = " or ".join(str(one).replace("_", " ") for one in given)
            said.append(f"{noun} {words}".strip())
    said += [one.replace("_", " ") for one in who.role or ()]
    for name, yes, no in (
        ("has_partner", "with a partner", "without a partner"),
        ("constrictor", "who constrict in an episode", "who do not constrict in an episode"),
    ):
        given = getattr(who, name)
        if given is not None:
            said.append(yes if given else no)
    return ", ".join(said) if said else "for everybody"


def _what(shock: Shock) -> str:
    if shock.how == "force":
        share = f" ({shock.value * 100:g} % of them)" if shock.acts_on == "event.closure" else ""
        return f"{shock.acts_on} {EVENTS[shock.acts_on].partition(';')[0]}{share}"
    entry = catalogue()[shock.acts_on]
    done = {"set": "is set to", "multiply": "is multiplied by", "add": "has added to it"}[shock.how]
    after = shock.applied(entry.value)
    return (
        f"{shock.acts_on} {done} {shock.value:g} "
        f"({entry.value:g} -> {after:g} {entry.unit}, from the catalogue's value)"
    )
