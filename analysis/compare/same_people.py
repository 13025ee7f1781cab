"""Whether scenarios have the same people, so that one can be told beside the other."""

from __future__ import annotations

from contextlib import suppress

from sim.errors import InputError
from sim.world.parameters import catalogue
from sim.world.run import Place, begin_team, live, run_in
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = ["check_same_people"]

SEED, WEEKS = 1, 26
"""Any draws will do, and half a year: a parameter that acts in no week of it does not act."""


def check_same_people(first: Scenario, other: Scenario, place: Place) -> None:
    """Refuse a scenario with parameters that say with whom a world begins, and nothing else.

    The same people live under each scenario from week 0 on, as the parameters of the first have
    made them: such a parameter would do nothing, and it would be told that it makes no difference.
    They are found by beginning a team with each, and by living one.

    Parameters
    ----------
    first, other
        Of one [world].
    place
        A team of it.

    Raises
    ------
    sim.errors.InputError
        With the parameters.
    """
    own, usual = other.parameters, first.parameters
    paths = [path for path in sorted({*own, *usual}) if own.get(path) != usual.get(path)]
    if not paths:
        return
    first = first.but(shocks=())
    begun, lived = _begun(first, place), run_in(first, place, key_of(SEED, 0))
    later = _later(first, place, lived)
    of_people = []
    for path in paths:
        with suppress(InputError):  # alone it may be what no world can have
            changed = first.with_parameters({path: own.get(path, catalogue()[path].value)})
            if _begun(changed, place) != begun and _later(changed, place, lived) == later:
                of_people.append(path)
    if of_people:
        raise InputError(
            f"{first.id} and {other.id} differ in people: {', '.join(of_people)} says with whom a "
            "world begins and does nothing later, and here the same people live under each "
            "scenario; leave it out, or put it into both"
        )


def _begun(scenario: Scenario, place: Place) -> bytes:
    """People, without their ties: what a tie begins with, later ones of its kind begin with too."""
    week = -scenario.world.runin_weeks
    return begin_team(scenario, place, key_of(SEED, 0), week).egos.tobytes()


def _later(scenario: Scenario, place: Place, team: Team) -> str:
    return live(scenario, place, team, key_of(SEED, 0), WEEKS).team.digest()
