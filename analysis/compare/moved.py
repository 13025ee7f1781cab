"""What a scenario moves beside the first, from when and until when: what may be told of it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.compare.touched import differing
from sim.world.parameters import SERVICES
from sim.world.scenario import Scenario
from sim.world.shock import EVENTS

__all__ = ["moved", "moves_services_alone", "over_from"]


def moved(first: Scenario, other: Scenario) -> set[str]:
    """Paths of parameters and events in which two scenarios differ."""
    usual, own = first.parameters, other.parameters
    paths = {path for path in {*usual, *own} if usual.get(path) != own.get(path)}
    return paths | {shock.acts_on for _, shock in differing(first, other)}


def moves_services_alone(first: Scenario, other: Scenario) -> bool:
    """Whether two scenarios differ in nothing but staff, their time and their visits."""
    return all(path.startswith(SERVICES) for path in moved(first, other))


def over_from(scenarios: Sequence[Scenario], stop: int) -> dict[str, int]:
    """The first week in which nothing of a scenario is in force any more, if that is before `stop`.

    By id, of those scenarios alone that are over. What is forced is never over, for what it has
    done stays; nor are parameters of its own, or an effect that decays.
    """
    first, *others = scenarios
    found = {}
    for other in others:
        shocks = [shock for _, shock in differing(first, other)]
        lasting = other.changed != first.changed or any(
            one.weeks is None or one.decay is not None or one.acts_on in EVENTS for one in shocks
        )
        if shocks and not lasting:
            found[other.id] = max(one.starts + (one.weeks or 0) for one in shocks)
    return {name: week for name, week in found.items() if week < stop}
