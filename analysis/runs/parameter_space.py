"""Which parameters may vary, and how a point of the unit cube becomes a set of them.

Not every number of the catalogue is free. Left out are

- what is *solved* for each set of parameters so that a world stands still, and what merely says
  where it settles (`SOLVED`);
- *switches*: a value of 0 means that a rule, or a rule for that group of ties, is off, and 1/2 of
  it would be another model (`SWITCHES` names those that are not 0);
- what the output never sees: questions, scales and consent act on studies, not on the world.

Half of the cube lies below the shipped value and half above: coordinate 0 is the lowest value of
the range, 1/2 the shipped one, 1 the highest, and between them it runs straight. So the middle of
the cube is the shipped world, and a draw is as often too low as too high. Of what a cutback
multiplies, the range ends where the product would leave it; how many ties of a group people have
varies from half to twice the shipped number, for without any there is nothing to be kept or lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np

from sim.errors import InputError, meant_or_known
from sim.world.kinds import Group
from sim.world.latents import check_correlations, pair_of
from sim.world.parameters import Catalogue, Entry, catalogue
from sim.world.scenario import read_scenario
from sim.world.shock import Shock

__all__ = ["AMONG", "MIDDLE", "SOLVED", "SWITCHES", "Space", "choose_space", "screened_with"]

MIDDLE = 0.5
AMONG: Mapping[str, frozenset[str]] = {
    "assumed": frozenset({"assumed"}),
    "fitted": frozenset({"fitted"}),
    "all": frozenset({"assumed", "fitted", "derived", "reported"}),
}
"""Words for grades, and the grades they stand for."""

SOLVED = (
    "tie.*.formation", "tie.*.usual_*", "tie.*.dormant_share", "importance.*", "start.*",
    "scale.*", "exchange.usual_giving", "wellbeing.level",
)  # fmt: skip
"""Set anew for each set of parameters (`balance`), or a level from which a world starts."""

SWITCHES = (
    "constriction.switch", "illness.onset_multiplier", "illness.rally*", "illness.longest",
    "service.*.units", "illness.from_onset", "life.switch", "service.recent_floor",
    "family.switch", "acquaintance.switch", "mortality.switch",
)  # fmt: skip
"""Rules that are on or off, dials for scenarios, where an episode is cut, visits counted double."""

STUDY = ("interview", "consent", "absence", "question", "pairs")
"""Sections that act on what a study asks, and on no output here."""

ON_MAPS = ("naming", "map")
"""Sections that act on who is named, and on nothing in the world."""

CIRCLES = ("tie.*.inner_share", "map.inner_radius", "map.middle_*", "map.position_noise",
           "map.importance_share", "map.order_noise")  # fmt: skip
"""Where on a map a member is put, which no output here counts."""

NUMBERS, HALF, TWICE = ("tie.*.latent_mean",), 0.5, 2.0
"""How many ties of a group people have, and what may become of it."""

ORDERED = (
    ("illness.peak_low", "illness.peak_high"),
    *(
        (f"service.{role}.shortest_weeks", f"service.{role}.longest_weeks")
        for role in ("psychiatrist", "coordinator", "support_worker")
    ),
)
"""The first may not exceed the second: where a draw has it so, they change places."""

SHARES = (
    ("tie.kin_parent_share", "tie.kin_sibling_share", "tie.kin_child_share"),
    ("tie.weak_online_share", "tie.weak_neighbour_share"),
    ("tie.outside_gp_share", "tie.outside_therapist_share", "tie.outside_support_worker_share"),
    tuple(f"tie.object_{kind}_share" for kind in
          ("pet", "place", "hobby", "activity", "group", "media")),
    ("ego.bipolar_share", "ego.personality_disorder_share", "ego.psychosis_share"),
)  # fmt: skip
"""Shares of one whole: where a draw has them exceed 1 together, all are made smaller alike."""

CLOSER = 0.9
"""What is left of correlations, each time, where a draw has some that cannot be had together."""

_GROUPS = frozenset(group.name.lower() for group in Group)


@dataclass(frozen=True)
class Space:
    """Parameters that vary together, each over its range.

    Attributes
    ----------
    entries : tuple of sim.world.parameters.Entry
        One for each of the k dimensions.
    among : str
        How they were chosen, in words.
    left_out : int
        Parameters of the same grades that were left out as solved, switches, or unseen.
    """

    entries: tuple[Entry, ...]
    among: str
    left_out: int

    @property
    def paths(self) -> tuple[str, ...]:
        """Names of the k dimensions."""
        return tuple(entry.path for entry in self.entries)

    def subset(self, paths: Sequence[str]) -> Space:
        """Some of the dimensions, in the order of this space; the others stay as shipped."""
        kept = frozenset(paths)
        return Space(tuple(e for e in self.entries if e.path in kept), self.among, self.left_out)

    def at(self, point: np.ndarray) -> dict[str, float]:
        """The parameters at a point of the unit cube, (k,), by path."""
        low, middle, high = np.array([(e.low, e.value, e.high) for e in self.entries]).T
        below = middle - (1 - 2 * point) * (middle - low)
        above = middle + (2 * point - 1) * (high - middle)
        values = np.clip(np.where(point <= MIDDLE, below, above), low, high)
        return _admissible(dict(zip(self.paths, values.tolist(), strict=True)))


def _admissible(values: dict[str, float]) -> dict[str, float]:
    """The same values where limits are in order and shares of a whole sum to at most 1."""
    known = catalogue()

    def of(path: str) -> float:
        return values.get(path, known[path].value)

    for first, second in ORDERED:
        if (first in values or second in values) and of(first) > of(second):
            for path, value in ((first, of(second)), (second, of(first))):
                values[path] = known.check(path, _clipped(known[path], value), "a draw")
    for whole in SHARES:
        total = sum(of(path) for path in whole)
        if total > 1 and any(path in values for path in whole):
            values |= {path: _clipped(known[path], of(path) / total) for path in whole}
    return values | _together({path: x for path, x in values.items() if pair_of(path)}, of)


def _together(drawn: dict[str, float], of: Callable[[str], float]) -> dict[str, float]:
    """Correlations that people can have together: where a draw has none, all come nearer to 0."""
    others = {path: of(path) for path in catalogue() if pair_of(path) and path not in drawn}
    while drawn:
        try:
            check_correlations(others | drawn, "a draw")
            break
        except InputError:
            drawn = {path: CLOSER * value for path, value in drawn.items()}
    return drawn


def _clipped(entry: Entry, value: float) -> float:
    return min(max(value, entry.low), entry.high)


def screened_with(entry: Entry) -> str:
    """The parameters that are screened together with this one, in one word.

    One quantity over all groups of ties (`tie.*.upkeep`), or one section of the catalogue; of the
    rest of `tie`, the kinds that make up a group, and how ties differ within it.
    """
    section, *middle, name = entry.path.split(".")
    if section == "tie" and middle and middle[0] in _GROUPS:
        return f"tie.*.{name}"
    if section == "tie":
        return "tie (kinds)" if any(entry.path in whole for whole in SHARES) else "tie (spread)"
    return ".".join([section, *middle])


def choose_space(among: Sequence[str] = ("assumed",), *, on_maps: bool = False) -> Space:
    """The parameters that a user wants to vary.

    Parameters
    ----------
    among : sequence of str
        One of `AMONG`, or paths of parameters; `*` in a path stands for anything.
    on_maps : bool
        Whether the output counts members of maps, so that what decides on naming matters too.

    Raises
    ------
    InputError
        An unknown path, a path that cannot vary on its own, or nothing left to vary.
    """
    known = catalogue()
    words = [word.strip() for text in among for word in text.split(",") if word.strip()]
    words = list(dict.fromkeys(words))
    grades: frozenset[str] = frozenset().union(*(AMONG.get(word, frozenset()) for word in words))
    named = {path for word in words if word not in AMONG for path in _named(word, known, on_maps)}
    graded = [e for e in known.values() if e.grade in grades]
    chosen = [e for e in known.values() if e.path in named or (e.grade in grades)]
    cutback = read_scenario("service-cutback").shocks
    kept = tuple(_room_in(e, cutback) for e in chosen if not _why_not(e, on_maps))
    if not kept:
        raise InputError(f'--among "{", ".join(words)}": no parameter of that kind can vary')
    return Space(kept, ", ".join(words), sum(bool(_why_not(e, on_maps)) for e in graded))


def _named(word: str, known: Catalogue, on_maps: bool) -> list[str]:
    """Paths that a word of the user's stands for."""
    if "*" in word:
        found = [p for p in known if fnmatchcase(p, word) and not _why_not(known[p], on_maps)]
        if not found:
            raise InputError(f'--among: no parameter that can vary is called "{word}"')
        return found
    if word not in known:
        hint = meant_or_known(word, [*AMONG, *known], "known words:", AMONG)
        raise InputError(f'--among: there is no parameter "{word}"{hint}')
    if reason := _why_not(known[word], on_maps):
        raise InputError(f"--among: {word} cannot vary: {reason}")
    return [word]


def _why_not(entry: Entry, on_maps: bool) -> str:
    """Why a parameter is not free; "" if it is."""
    section = entry.path.split(".")[0]
    if _is_any(entry.path, SOLVED):
        return "it is solved for each set of parameters, or says where a world starts"
    if _is_any(entry.path, SWITCHES) or entry.value == 0:
        return "it is a switch: the shipped value turns a rule on or off"
    if entry.low == entry.high:
        return "its range is a single value"
    if section in STUDY or _is_any(entry.path, CIRCLES):
        return "it acts on what a study asks, and on no output here"
    if section in ON_MAPS and not on_maps:
        return "it acts on maps, and this output does not count them"
    return ""


def _room_in(entry: Entry, cutback: Sequence[Shock]) -> Entry:
    """The entry with a range in which every draw is a world of the same kind.

    No shock of the cutback leaves it by multiplying, and no group of ties is gone.
    """
    low, high = entry.low, entry.high
    if _is_any(entry.path, NUMBERS):
        low, high = max(low, HALF * entry.value), min(high, TWICE * entry.value)
    factors = [1.0] + [
        shock.value for shock in cutback if shock.acts_on == entry.path and shock.how == "multiply"
    ]
    low, high = low / min(factors), high / max(factors)
    return replace(entry, low=min(low, entry.value), high=max(high, entry.value))


def _is_any(path: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)
