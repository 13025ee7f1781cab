"""What every phase shares: the bundle of arrays, and where parameters lie."""

from typing import NamedTuple

import numpy as np

from sim.world.arithmetic import ONE
from sim.world.kinds import Group, Line
from sim.world.parameters import catalogue

NEVER = -9999
"""The week of what has not happened."""


class Arrays(NamedTuple):
    """A team as the phases see it; see `sim.world.state` for the columns."""

    egos: np.ndarray
    lines: np.ndarray
    posts: np.ndarray
    ties: np.ndarray
    raw: np.ndarray  # (E, S/8, columns, 8) float32: the same memory, to wipe a slot
    diary: np.ndarray
    ledger: np.ndarray
    rates: np.ndarray  # (K,) records of parameters, one per profile
    group_rates: np.ndarray  # (K, groups) GROUP_RATES, those of each group of ties
    line_rates: np.ndarray  # (K, lines) LINE_RATES, those of each line of service
    ego_profile: np.ndarray  # (E,) profile of each ego
    post_profile: np.ndarray  # (P,) profile of each post
    draws: np.ndarray  # (E/8,) state.DRAWS, scratch
    listed: np.ndarray  # (3 E,) int64, scratch: visits due in a week
    due: np.ndarray  # (3 E,) int64, scratch: the same in order
    events: np.ndarray  # (N,) state.EVENT
    counts: np.ndarray  # (2,) int64: events written, slots overflowed


class Lives(NamedTuple):
    """The part of a team that an ego's own week needs; small, because it is passed often."""

    egos: np.ndarray
    ties: np.ndarray
    rates: np.ndarray
    ego_profile: np.ndarray
    draws: np.ndarray


N_EVENTS, OVERFLOW = 0, 1
MEMORY = "_memory"


def _quantities(first: str) -> tuple[str, ...]:
    """Names of the parameters there are one of for each group, or line: those of the first."""
    return tuple(path.removeprefix(first) for path in catalogue() if path.startswith(first))


_GROUPS = tuple(f"tie.{group.name.lower()}." for group in Group)
_LINES = tuple(f"service.{line.name.lower()}." for line in Line)
GROUP_RATES = np.dtype([(name, np.float32) for name in _quantities(_GROUPS[0])])
"""The parameters of one group of ties, by name."""
LINE_RATES = np.dtype([(name, np.float32) for name in _quantities(_LINES[0])])
"""The parameters of one line of service, by name."""


def with_shares(rates: np.ndarray) -> np.ndarray:
    """K records of parameters, and beside every memory in weeks the share that a week is of it.

    Running means ask for shares; divided here, once, and not for each ego in each week.
    """
    memories = [name for name in rates.dtype.names or () if name.endswith(MEMORY)]
    shares = [name.removesuffix(MEMORY) + "_share" for name in memories]
    longer = np.empty(rates.shape, rates.dtype.descr + [(name, np.float32) for name in shares])
    for name in rates.dtype.names or ():
        longer[name] = rates[name]
    for memory, share in zip(memories, shares, strict=True):
        longer[share] = ONE / rates[memory]
    return longer


def group_rates(rates: np.ndarray) -> np.ndarray:
    """The records of the groups of each of K records of parameters, (K, groups)."""
    return _gathered(rates, _GROUPS, GROUP_RATES)


def line_rates(rates: np.ndarray) -> np.ndarray:
    """The records of the lines of each of K records of parameters, (K, lines)."""
    return _gathered(rates, _LINES, LINE_RATES)


def _gathered(rates: np.ndarray, firsts: tuple[str, ...], kind: np.dtype) -> np.ndarray:
    table = rates.view(np.float32).reshape(rates.size, -1)
    columns = [catalogue()[first + name].index for first in firsts for name in kind.names or ()]
    return np.ascontiguousarray(table[:, columns]).view(kind)
