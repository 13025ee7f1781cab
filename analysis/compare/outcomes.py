"""Everything about a person's life that two worlds are compared by, read from the state of a team.

A *level* is what holds at the end of a week; a *total* has been counted since a person's start and
is differenced between weeks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.world.compiled import compiled
from sim.world.kinds import Event, Group, TieClass
from sim.world.run import History
from sim.world.state import LANES, Team

__all__ = [
    "DIED", "LIFE_OUTCOMES", "WEEKS_LIVED", "LifeOutcome", "has_no_other", "life_table",
    "life_tables", "outcome_at",
]  # fmt: skip


class LifeOutcome(NamedTuple):
    """One outcome of a life.

    Attributes
    ----------
    name, label, unit : str
        `label` is what a page calls it.
    total : bool
        Counted since the start, not a level.
    per : float
        By which it is multiplied where it is shown: 100 for shares and for events of 100 people.
    dead : str
        What becomes of it where deaths count: "none" of it is left, death counts as it does
        ("same"), or it is "undefined".
    """

    name: str
    label: str
    unit: str
    total: bool = False
    per: float = 1.0
    dead: str = "none"


SUMS = (
    LifeOutcome("partners", "partners", "ties"),
    LifeOutcome("kin", "kin", "ties"),
    LifeOutcome("friends", "friends", "ties"),
    LifeOutcome("weak_ties", "weak ties", "ties"),
    LifeOutcome("professionals", "professionals", "ties"),
    LifeOutcome("objects", "objects", "ties"),
    LifeOutcome("help_partner", "help of the partner", "acts a week"),
    LifeOutcome("help_kin", "help of kin", "acts a week"),
    LifeOutcome("help_friends", "help of friends and weak ties", "acts a week"),
    LifeOutcome("help_professionals", "help of professionals", "acts a week"),
    LifeOutcome("anticipated", "support counted on", "acts a week"),
    LifeOutcome("family_load", "load of partner and kin", "0-1, summed", dead="undefined"),
    LifeOutcome("isolated", "nobody in touch but professionals", "%", per=100, dead="same"),
    LifeOutcome("formal_sparse", "formal and sparse network", "%", per=100, dead="same"),
)
"""Summed over a person's ties, in the order in which `_sums` fills them."""

STATES = (
    LifeOutcome("enough", "visits come often enough", "kept over needed, lately"),
    LifeOutcome("worker_trust", "trust in psychiatrist or co-ordinator", "0-1"),
    LifeOutcome("insecurity", "nobody to count on", "0-1", dead="undefined"),
    LifeOutcome("unmet", "unmet need for help", "0-1", dead="undefined"),
    LifeOutcome("guilt", "guilt", "0-1", dead="undefined"),
    LifeOutcome("treated", "on treatment", "%", per=100),
    LifeOutcome("acute", "in an episode", "%", per=100, dead="same"),
    LifeOutcome("severity", "severity of illness", "0-1", dead="undefined"),
    LifeOutcome("wellbeing", "wellbeing", "SD", dead="undefined"),
    LifeOutcome("on_caseload", "on the caseload", "%", per=100),
)
"""Columns of state.EGO as they stand."""

TOTALS = (
    LifeOutcome("needed", "visits needed", "a person", total=True),
    LifeOutcome("kept", "visits kept", "a person", total=True),
    LifeOutcome("cancelled", "visits cancelled by the service", "a person", total=True),
    LifeOutcome("missed", "visits missed", "a person", total=True),
    LifeOutcome("forgone", "visits forgone to spare staff", "a person", total=True),
    LifeOutcome("episode", "episodes", "per 100 people", total=True, per=100, dead="same"),
    LifeOutcome("crises", "crises", "per 100 people", total=True, per=100, dead="same"),
    LifeOutcome("admissions", "admissions", "per 100 people", total=True, per=100, dead="same"),
    LifeOutcome("hospital_days", "days in hospital", "a person", total=True, dead="same"),
)
"""Running totals of state.EGO."""

UNMET_VISITS = LifeOutcome("unmet_visits", "visits needed and not had", "a person", total=True)
"""Need is what usual care would bring, whatever is offered."""

UNVISITED = LifeOutcome("unvisited", "no visit kept for a quarter", "%", per=100, dead="same")
"""Nobody of the team visits regularly any more; people who are discharged count as well."""

DIED = LifeOutcome("died", "died", "%", per=100)
"""Of those who were alive when worlds parted; the one level that the dead do not have as zero."""

WEEKS_LIVED = LifeOutcome("weeks_lived", "weeks lived", "a person", total=True)
"""Whole weeks from week 0 on; known of those who were alive when what is looked at began."""

LIFE_OUTCOMES: tuple[LifeOutcome, ...] = (
    *SUMS, *STATES, *TOTALS, UNMET_VISITS, UNVISITED, DIED, WEEKS_LIVED,
)  # fmt: skip
_AT = {one.name: number for number, one in enumerate(LIFE_OUTCOMES)}
_PARTNERS, _KIN, _FRIENDS, _WEAK_TIES, _PROFESSIONALS, _OBJECTS = range(6)
_OF_CLASS = {
    TieClass.KIN: _KIN, TieClass.FRIEND: _FRIENDS, TieClass.PROFESSIONAL: _PROFESSIONALS,
    TieClass.OBJECT: _OBJECTS,
}  # fmt: skip
_OF_GROUP = np.array([
    {Group.PARTNER: _PARTNERS, Group.WEAK: _WEAK_TIES}.get(one, _OF_CLASS[one.tie_class])
    for one in Group
])  # fmt: skip
"""By group, the column that counts its ties."""

_HELP_OF = np.array([
    _AT[f"help_{who}"] for who in ("partner", "kin", "friends", "friends", "professionals")
])  # fmt: skip
"""By column that counts ties, the one of the help they give; objects give none."""

_ANTICIPATED, _FAMILY_LOAD = _AT["anticipated"], _AT["family_load"]
_ISOLATED, _FORMAL_SPARSE = _AT["isolated"], _AT["formal_sparse"]
_SPARSE = 3
"""A network of at most so many partners, relatives, friends and weak ties is sparse; one in which
professionals are at least a third of people is formal."""


_QUARTER = 13


def outcome_at(name: str) -> int:
    """The column of an outcome in a `life_table`."""
    return _AT[name]


def life_table(team: Team) -> np.ndarray:
    """Every outcome of every person of a team as it stands; the dead have levels of zero.

    Returns
    -------
    ndarray of float64, (E, len(LIFE_OUTCOMES))
        Totals as counted since the start; weeks lived are those since week 0, and 0 of the dead.
    """
    found = _table(team.egos, team.ties)
    found[:, _AT[WEEKS_LIVED.name]] = team.week * (team.egos["alive"] > 0)
    return found


def life_tables(history: History) -> np.ndarray:
    """The same of everybody watched, at the end of each week kept, (W, n, len(LIFE_OUTCOMES))."""
    n, weeks = history.egos.shape
    found = np.zeros((weeks, n, len(LIFE_OUTCOMES)))
    for week, table in enumerate(found):
        table[:] = _table(history.egos[:, week], history.blocks[:, week])
        table[:, _AT[WEEKS_LIVED.name]] = _weeks_lived(history, week)
    return found


def _weeks_lived(history: History, look: int) -> np.ndarray:
    """Whole weeks from week 0 to the end of a week kept, (n,); 0 of who was dead before it all."""
    deaths = history.events[history.events["event"] == Event.DEATH]
    last = np.zeros(int(max(history.watched.egos.max(), deaths["ego"].max(initial=0))) + 1)
    last[deaths["ego"]] = deaths["week"]
    alive = history.egos[:, look]["alive"] > 0
    return np.where(alive, history.watched.weeks[:, look] + 1, last[history.watched.egos])


_OF_TIES = ("group", "active", "support", "anticipated", "load")
_LEVELS = [number for number, one in enumerate(LIFE_OUTCOMES) if not one.total]


def _table(egos: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Outcomes from people as they stand and the blocks of their ties, (E, S/8) of state.TIES."""
    found = np.zeros((egos.size, len(LIFE_OUTCOMES)))
    _sums(*(blocks[name] for name in _OF_TIES), egos["blocks"], found)
    for one in (*STATES, *TOTALS):
        found[:, _AT[one.name]] = egos[one.name]
    found[:, _AT[UNMET_VISITS.name]] = egos["needed"] - egos["kept"]
    found[:, _AT[UNVISITED.name]] = egos["weeks_since_kept"] >= _QUARTER
    found[np.ix_(egos["alive"] == 0, _LEVELS)] = 0
    found[:, _AT[DIED.name]] = egos["alive"] == 0
    return found


def has_no_other(team: Team, few: float) -> np.ndarray:
    """Whether each person has no partner, and at most so many adult kin and friends in touch, (E,).

    Parameters
    ----------
    few : float
        `crisis.few`.
    """
    group, active = team.column("group"), team.column("active") > 0
    close = (np.isin(group, (Group.KIN, Group.FRIEND)) & active).sum(axis=1)
    return ~((group == Group.PARTNER) & active).any(axis=1) & (close <= few)


@compiled
def _sums(
    group: np.ndarray,
    active: np.ndarray,
    support: np.ndarray,
    anticipated: np.ndarray,
    load: np.ndarray,
    used: np.ndarray,
    found: np.ndarray,
) -> None:
    """What `SUMS` names, of ties in touch: in blocks that are in use, for others mean nothing."""
    for e in range(group.shape[0]):
        for s in range(used[e] * LANES):
            b, lane = s // LANES, s % LANES
            if group[e, b, lane] < 0 or active[e, b, lane] == 0:
                continue
            kind = _OF_GROUP[group[e, b, lane]]
            found[e, kind] += 1
            if kind == _OBJECTS:
                continue
            found[e, _HELP_OF[kind]] += support[e, b, lane]
            found[e, _ANTICIPATED] += anticipated[e, b, lane]
            if kind <= _KIN:
                found[e, _FAMILY_LOAD] += load[e, b, lane]
        informal = found[e, : _WEAK_TIES + 1].sum()
        found[e, _ISOLATED] = informal == 0
        staff = found[e, _PROFESSIONALS]
        found[e, _FORMAL_SPARSE] = informal <= _SPARSE and 2 * staff >= informal and staff > 0
