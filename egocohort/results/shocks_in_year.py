"""When the shocks of a scenario act within the first year of one team, in words."""

from __future__ import annotations

from collections.abc import Sequence

from egocohort.results.shock_words import numbered
from sim.errors import counted
from sim.world.run import Place
from sim.world.shock import Shock

__all__ = ["shocks_in_year"]


def shocks_in_year(shocks: Sequence[Shock], place: Place, weeks: int) -> list[str]:
    """A sentence for all shocks that act at one time.

    Parameters
    ----------
    shocks
        Of a scenario, in order.
    place
        The team that is looked at.
    weeks
        Of the year, from week 0 on.
    """
    found: dict[str, list[int]] = {}
    for number, shock in enumerate(shocks, start=1):
        found.setdefault(_acts(shock, place, weeks), []).append(number)
    said = (f"{numbered(numbers)}: {acts}" for acts, numbers in found.items())
    return [one[0].upper() + one[1:] for one in said]


def _acts(shock: Shock, place: Place, weeks: int) -> str:
    who = shock.who
    if shock.from_week is None:
        return "not seen here, for nobody is interviewed in this year"
    if place.site not in (who.site or [place.site]) or place.team not in (who.team or [place.team]):
        return f"not seen here, for this is team {place.team} at site {place.site}"
    first = shock.from_week
    if first >= weeks:
        return f"not seen here, for it begins in week {first}, after this year"
    if shock.how == "force":
        return f"in week {first}"
    last = weeks if shock.weeks is None else min(first + shock.weeks, weeks)
    untouched = weeks - (last - first)
    when = "to the end" if last == weeks else f"to week {last - 1}"
    if not untouched:
        return f"from week {first} {when}, the whole of this year"
    without = f"{counted(untouched, 'week')} without"
    return f"from week {first} {when}; the averages are of {without} and {last - first} with it"
