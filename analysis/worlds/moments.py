"""What a world of usual care shows: ties, births, maps, losses and levels, from whole teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.side_by_side import side_by_side
from sim.study.interview import ERROR_FREE, REVISITED, draw_maps
from sim.study.seen import members_of
from sim.world.kinds import GROUP_OF_KIND, Event, Group
from sim.world.parameters import catalogue
from sim.world.run import Place, Watched, live, run_in
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.streams import key_of

__all__ = [
    "FORMED",
    "MOMENT_CLASSES",
    "MOMENT_GROUPS",
    "Moments",
    "lost_by_class",
    "measure",
    "settled_levels",
    "still_active",
]

MOMENT_GROUPS = tuple(group.name.lower() for group in Group)
N_GROUPS = len(MOMENT_GROUPS)
MOMENT_CLASSES = ("partner", "kin", "friend", "professional", "object")
CLASS_OF = np.array([0, 1, 1, 2, 2, 3, 3, 3, 3, 4])
FORMED = ("partner", "kin", "young_kin", "friend", "weak", "outside", "object")
YEARS = 3
SCALE = 1 / 3
SEVERITY_CEILING = 0.6


@dataclass(frozen=True)
class Moments:
    """Moments of a usual-care world.

    Attributes
    ----------
    egos : int
    latent : ndarray, (YEARS + 1, 10)
        Active ties per living ego by group, at each year's end.
    asleep : ndarray, (10,)
        Dormant ties for each active one at the end.
    births : ndarray, (10,)
        Births per ego-year.
    on_map : ndarray, (5,)
        Members of a first elicited map by class.
    size_sd : float
    lost : ndarray, (5,)
        Share of the error-free map lost in a year, by class.
    trust, support, contact, importance, importance_sd : ndarray, (10,)
    giving, wellbeing, median_episode : float
    """

    egos: int
    latent: np.ndarray
    asleep: np.ndarray
    births: np.ndarray
    on_map: np.ndarray
    size_sd: float
    lost: np.ndarray
    trust: np.ndarray
    support: np.ndarray
    contact: np.ndarray
    importance: np.ndarray
    importance_sd: np.ndarray
    giving: float
    wellbeing: float
    median_episode: float


def _one_team(scenario: Scenario, key: np.ndarray, telephone_share: float) -> dict[str, Any]:
    place = Place(1, 1)
    team = run_in(scenario, place, key)
    n, groups = team.egos.size, np.arange(N_GROUPS)[:, None, None]
    everyone = Watched(np.arange(n, dtype=np.int32), np.tile(np.array([0, 51], np.int32), (n, 1)))
    latent, found, asleep = [], {}, np.zeros(N_GROUPS)
    births, events = np.zeros(N_GROUPS), []
    for year in range(YEARS + 1):
        active, group = team.column("active") > 0, team.column("group")
        alive = team.egos["alive"] > 0
        held = (group == groups) & active & alive[:, None]
        latent.append([held.sum((1, 2)), alive.sum()])
        if year == 0:
            found = settled_levels(team, held)
        if year == YEARS:
            asleep = ((group == groups) & (team.column("dormant") > 0) & alive[:, None]).sum((1, 2))
            break
        watched = everyone if year == 0 else Watched(everyone.egos[:0], everyone.weeks[:0])
        history = live(scenario, place, team, key, team.week + 52, watched=watched)
        began = history.events[history.events["event"] == Event.TIE_BEGAN]["kind"]
        births += np.bincount(np.array(GROUP_OF_KIND)[began], minlength=N_GROUPS)
        events.append(history.events)
        if year == 0:
            found |= _maps(history, scenario, key, telephone_share)
        team = history.team
    return found | {
        "latent": latent,
        "births": births,
        "lengths": _episodes(np.concatenate(events)),
        "asleep": asleep,
    }


def settled_levels(team: Any, held: np.ndarray) -> dict[str, Any]:
    """Sums of what ties and egos settle at, by group."""
    found: dict[str, Any] = {"held": held.sum((1, 2))}
    for name in ("trust", "support", "recent"):
        values = team.column(name).astype(np.float64)
        found[name] = (held * values).sum((1, 2))
    found["giving"] = team.egos["care"].astype(np.float64).sum()
    found["wellbeing"] = team.egos["wellbeing"].astype(np.float64).sum()
    return found


def _episodes(events: np.ndarray) -> np.ndarray:
    """Weeks of the episodes begun in the first year; infinite if still running at the end."""
    begun = events[events["event"] == Event.EPISODE_START]
    ended = events[events["event"] == Event.EPISODE_END]
    lengths = []
    for start in begun[begun["week"] < 52]:
        later = ended[(ended["ego"] == start["ego"]) & (ended["week"] >= start["week"])]["week"]
        lengths.append(later.min() - start["week"] if later.size else np.inf)
    return np.array(lengths, np.float64)


def _continuous_median(lengths: np.ndarray) -> float:
    """The median of times known by the week in which they ended, interpolated within that week."""
    weeks = np.arange(1, 105)
    return float(np.interp(0.5, (lengths[:, None] <= weeks).mean(0), weeks))


def _maps(
    history: Any, scenario: Scenario, key: np.ndarray, telephone_share: float
) -> dict[str, Any]:
    """First maps of those who could be recruited, and what error-free maps lose in a year."""
    params = catalogue().record(scenario.parameters)
    members = members_of(history)
    n, waves = history.egos.shape
    attended = np.ones((n, waves), bool)
    telephone = np.arange(n) < round(telephone_share * n)
    first = history.egos[:, 0]
    fit = (first["on_caseload"] > 0) & (first["severity"] < SEVERITY_CEILING)
    classes = np.where(members["group"] >= 0, CLASS_OF[members["group"]], -1)
    elicited = draw_maps(history.egos, members, attended, telephone, params, key, REVISITED)
    counts = np.stack([(elicited.recorded[:, 0] & (classes[:, 0] == c)).sum(1) for c in range(5)])
    named = elicited.recorded[:, 0] & fit[:, None]
    group = np.where(named, members["group"][:, 0], 0)
    weight = [
        None,
        members["importance"][:, 0],
        members["importance"][:, 0].astype(np.float64) ** 2,
    ]
    on_maps = [
        np.bincount(group[named], None if w is None else w[named], minlength=N_GROUPS)
        for w in weight
    ]
    at_risk, lost = lost_by_class(history.egos, members, fit, params, key)
    return {
        "counts": counts[:, fit],
        "on_maps": np.array(on_maps, np.float64),
        "at_risk": at_risk.sum(1),
        "lost": lost.sum(1),
    }


def lost_by_class(
    egos: np.ndarray, members: np.ndarray, who: np.ndarray, params: np.ndarray, key: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Ties on the error-free map of the first of two weeks, and those gone by the second.

    Parameters
    ----------
    egos, members : ndarray, (n, 2) and (n, 2, S)
    who : ndarray of bool, (n,)
        Whose maps count; the dead at the second week are left out besides.

    Returns
    -------
    at_risk, lost : ndarray of int, (5, n)
        By class of Table 1.
    """
    there = np.ones(egos.shape, bool)
    maps = draw_maps(egos, members, there, ~there[:, 0], params, key, ERROR_FREE)
    group, stayed = members["group"][:, 0], still_active(members, 1)
    here = maps.ideal[:, 0] & (who & (egos["alive"][:, 1] > 0))[:, None]
    classes = np.where(group >= 0, CLASS_OF[group], -1)
    of_class = [here & (classes == c) for c in range(len(MOMENT_CLASSES))]
    return (
        np.stack([mine.sum(axis=1) for mine in of_class]),
        np.stack([(mine & ~stayed).sum(axis=1) for mine in of_class]),
    )


def still_active(members: np.ndarray, wave: int) -> np.ndarray:
    """Which ties of the first interview are active at another, (n, S).

    Parameters
    ----------
    members : ndarray, (n, W, S) of seen.MEMBER
    """
    identity = members["identity"]
    then = np.where(members["active"][:, wave] > 0, identity[:, wave], -2)
    found: np.ndarray = (identity[:, 0, :, None] == then[:, None, :]).any(axis=2)
    return found


def _scaled(parameters: Mapping[str, float]) -> Scenario:
    data = read_scenario("usual-care").resolved()
    data["world"]["scale"] = SCALE
    data["parameters"] = dict(parameters)
    return parse_scenario(data)


def measure(
    parameters: Mapping[str, float] | None = None,
    teams: int = 200,
    *,
    seed: int = 1,
    threads: int = 2,
) -> Moments:
    """Moments of usual care with some parameters changed, from teams of a third the usual size."""
    scenario = _scaled(parameters or {})
    parts = list(
        side_by_side(lambda r: _one_team(scenario, key_of(seed, r), 0.138), range(teams), threads)
    )

    def total(name: str) -> np.ndarray:
        return np.sum([part[name] for part in parts], axis=0)

    alive = np.array([[people for _, people in part["latent"]] for part in parts])
    ties = np.array([[held for held, _ in part["latent"]] for part in parts])
    held = np.maximum(total("held"), 1)
    egos = int(alive[:, 0].sum())
    counts = np.concatenate([part["counts"] for part in parts], axis=1)
    mapped, once, twice = total("on_maps")
    importance = once / np.maximum(mapped, 1)
    spread = twice / np.maximum(mapped, 1) - importance**2
    return Moments(
        egos,
        ties.sum(0) / alive.sum(0)[:, None],
        total("asleep") / np.maximum(ties.sum(0)[-1], 1),
        total("births") / (egos * YEARS),
        counts.mean(1),
        float(counts.sum(0).std()),
        total("lost") / total("at_risk"),
        total("trust") / held,
        total("support") / held,
        total("recent") / held,
        importance,
        np.sqrt(np.maximum(spread, 1e-6)),
        float(total("giving") / egos),
        float(total("wellbeing") / egos),
        _continuous_median(np.concatenate([part["lengths"] for part in parts])),
    )
