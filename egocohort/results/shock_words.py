"""Shocks in words: when, whom, what each makes of what it finds, and what it overrides."""

from __future__ import annotations

from collections.abc import Sequence

from egocohort.results.shocks_met import Met, shocks_met
from sim.errors import counted
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario
from sim.world.shock import CLOSURE, EVENTS, Shock

__all__ = ["numbered", "shocks_in_words"]


def shocks_in_words(scenario: Scenario) -> list[str]:
    """Each shock as a sentence, with the value that it finds in this scenario when it begins."""
    owned = scenario.parameters
    return [
        f"{_when(shock)}, {_whom(shock)}: "
        f"{_happens(shock) if met is None else _changes(shock, met, shock.acts_on in owned)}"
        f"{_kept_to(shock)}"
        for shock, met in zip(scenario.shocks, shocks_met(scenario), strict=True)
    ]


def numbered(numbers: Sequence[int]) -> str:
    """Shocks by their numbers, in order: `shock 2`, `shocks 1 and 3`, `shocks 1 to 8`."""
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return f"shock {first}"
    if len(numbers) > 2 and last - first == len(numbers) - 1:
        return f"shocks {first} to {last}"
    return f"shocks {', '.join(map(str, numbers[:-1]))} and {last}"


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


def _happens(shock: Shock) -> str:
    share = f" ({shock.value * 100:g} % of them)" if shock.acts_on == CLOSURE else ""
    return f"{shock.acts_on} {EVENTS[shock.acts_on].partition(';')[0]}{share}"


def _changes(shock: Shock, met: Met, owned: bool) -> str:
    """What becomes of a parameter, which the scenario may have a value of its own for."""
    done = {"set": "is set to", "multiply": "is multiplied by", "add": "has added to it"}[shock.how]
    unit = catalogue()[shock.acts_on].unit
    since = "from the scenario's own value" if owned else "from the catalogue's value"
    if met.through:
        since = f"after {numbered(met.through)}"
    elsewhere = [one for one in met.perhaps if one not in met.overrides]
    said = (
        f"{shock.acts_on} {done} {shock.value:g} ({met.before:g} -> {met.after:g} {unit}, {since})"
    )
    if elsewhere:
        said += f"; another value where {numbered(elsewhere)} reaches too"
    if met.overrides:
        said += f"; this overrides {numbered(met.overrides)} wherever both act"
    return said
