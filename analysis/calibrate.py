"""Setting the world to the evidence: a fixed point of simulated moments with common random numbers.

What is solved, and for what (`GOALS`, which are those of scenarios/targets/founding-paper.toml
that are marked for calibration):

- births of every group of ties so that no mean drifts, whatever the other rules do to losses;
- latent means so that first maps have the composition of Table 1;
- hazards of ending so that error-free maps lose what the evidence says in a year;
- the levels at which ties and egos settle (trust, support, importance, giving), from which the
  world starts and around which instruments are scaled;
- the length of episodes so that their median, with everything that shortens them, is 13 weeks.

Every pass simulates the same people with the same draws, so the passes converge on a solution of
one sample; `egocohort evidence` judges the result on others. `python -m analysis.calibrate` in a
checkout solves anew and writes scenarios/parameters.toml. `egocohort calibrate founding-paper` fits
the same recipe, with intervals (`analysis.calibration`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.study.interview import ERROR_FREE, REVISITED, draw_maps
from sim.study.seen import members_of
from sim.world.kinds import GROUP_OF_KIND, Event, Group
from sim.world.parameters import catalogue
from sim.world.run import Place, Watched, live, run_in
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.streams import key_of
from sim.world.toml_file import read_toml, shipped

__all__ = ["GOALS", "Measured", "measure", "solve"]

GROUPS = tuple(group.name.lower() for group in Group)
N_GROUPS = len(GROUPS)
CLASSES = ("partner", "kin", "friend", "professional", "object")
CLASS_OF = np.array([0, 1, 1, 2, 2, 3, 3, 3, 3, 4])
FORMED = ("partner", "kin", "young_kin", "friend", "weak", "outside", "object")
YEARS = 3
SCALE = 1 / 3
SEVERITY_CEILING = 0.6
RECIPE = "founding-paper"


def _goals() -> dict[str, float]:
    """The figures of the shipped recipe that are marked for calibration, by name."""
    file = read_toml(shipped() / "targets" / f"{RECIPE}.toml")
    aims = [one for one in file.data["target"] if one["use"] == "calibration"]
    return {one["statistic"]: one["value"] for one in aims}


_FIGURES = _goals()

GOALS: Mapping[str, dict[str, float]] = {
    "on a first map": {c: _FIGURES[f"map.{c}"] for c in CLASSES},
    "lost in a year": {c: _FIGURES[f"lost.{c}"] for c in CLASSES if c != "professional"},
}
"""Founding paper, Table 1 (N25-N29), and the middle of B16 as narrowed by P7, P13, P23 and P49."""

MEDIAN_WEEKS = _FIGURES["episode.median_weeks"]
"""In the middle of the thirteenth week: lengths are counted in whole weeks begun (B19)."""


@dataclass(frozen=True)
class Measured:
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
            found = settled(team, held)
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


def settled(team: Any, held: np.ndarray) -> dict[str, Any]:
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
    free = draw_maps(history.egos, members, attended, telephone, params, key, ERROR_FREE)
    stayed = np.zeros_like(free.ideal[:, 0])
    last = np.where(members["active"][:, 1] > 0, members["identity"][:, 1], -2)
    for e in range(n):
        stayed[e] = np.isin(members["identity"][e, 0], last[e])
    here = free.ideal[:, 0] & (history.egos["alive"][:, 1] > 0)[:, None] & fit[:, None]
    of_class = [here & (classes[:, 0] == c) for c in range(5)]
    return {
        "counts": counts[:, fit],
        "on_maps": np.array(on_maps, np.float64),
        "at_risk": np.array([m.sum() for m in of_class]),
        "lost": np.array([(m & ~stayed).sum() for m in of_class]),
    }


def measure(
    parameters: Mapping[str, float] | None = None,
    teams: int = 200,
    *,
    seed: int = 1,
    threads: int = 2,
) -> Measured:
    """Moments of usual care with some parameters changed, from teams of a third the usual size."""
    data = read_scenario("usual-care").resolved()
    data["world"]["scale"] = SCALE
    data["parameters"] = dict(parameters or {})
    scenario = parse_scenario(data)
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda r: _one_team(scenario, key_of(seed, r), 0.138), range(teams)))

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
    return Measured(
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


def balance(now: Mapping[str, float], seen: Measured) -> dict[str, float]:
    """Births that make up for losses, and levels where the world settles: right for any targets."""
    new = dict(now)
    for number, group in enumerate(GROUPS):
        if group in FORMED:
            growth = (seen.latent[-1, number] - seen.latent[0, number]) / (len(seen.latent) - 1)
            births = max(seen.births[number], 1e-9)
            new[f"tie.{group}.formation"] *= float(np.clip(1 - growth / births, 0.5, 1.5))
        if group != "object":
            new[f"tie.{group}.usual_trust"] = float(seen.trust[number])
        new[f"tie.{group}.usual_support"] = float(seen.support[number])
        new[f"tie.{group}.dormant_share"] = float(seen.asleep[number])
        new[f"tie.{group}.usual_contact"] = float(seen.contact[number])
        new[f"importance.{group}.typical"] = float(seen.importance[number])
        new[f"importance.{group}.spread"] = float(seen.importance_sd[number])
    new["exchange.usual_giving"] = seen.giving
    new["wellbeing.level"] -= seen.wellbeing
    return _within_range(new)


def step(now: Mapping[str, float], seen: Measured) -> dict[str, float]:
    """One pass of the fixed point: each parameter moved to where its own moment would be right."""
    new = balance(now, seen)
    for name, members in _SHARED.items():
        number = CLASSES.index(name)
        goal = GOALS["on a first map"][name]
        loss = GOALS["lost in a year"][name]
        for group in members:
            new[f"tie.{group}.latent_mean"] *= float(goal / seen.on_map[number])
            new[f"tie.{group}.end_rate"] *= float(np.clip(loss / seen.lost[number], 0.7, 1.4))
    missing = GOALS["on a first map"]["professional"] - seen.on_map[CLASSES.index("professional")]
    new["tie.outside.latent_mean"] += float(missing / now["tie.outside.named"])
    new["illness.duration_log_mean"] += float(np.log(MEDIAN_WEEKS / seen.median_episode))
    return _within_range(new)


def _within_range(values: Mapping[str, float]) -> dict[str, float]:
    entries = {path: catalogue()[path] for path in values}
    return {
        path: float(np.clip(value, entries[path].low, entries[path].high))
        for path, value in values.items()
    }


_SHARED = {
    "partner": ("partner",),
    "kin": ("kin", "young_kin"),
    "friend": ("friend", "weak"),
    "object": ("object",),
}
"""Groups of a class of Table 1 that are scaled together."""


def balanced_paths() -> list[str]:
    """Parameters that `balance` sets."""
    paths = [f"tie.{group}.formation" for group in FORMED]
    for group in GROUPS:
        usual = ("usual_support", "usual_contact", "dormant_share")
        paths += [f"tie.{group}.{what}" for what in usual]
        paths += [f"tie.{group}.usual_trust"] if group != "object" else []
        paths += [f"importance.{group}.typical", f"importance.{group}.spread"]
    return [*paths, "exchange.usual_giving", "wellbeing.level"]


def solved_paths() -> list[str]:
    """Parameters the fixed point sets."""
    paths = balanced_paths()
    for members in _SHARED.values():
        paths += [
            f"tie.{group}.{what}" for group in members for what in ("latent_mean", "end_rate")
        ]
    return [*paths, "tie.outside.latent_mean", "illness.duration_log_mean"]


def solve(
    passes: int = 4,
    teams: int = 300,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Callable[[int, Measured], None] | None = None,
) -> dict[str, float]:
    """Solve for the parameters of `solved_paths`, starting from the shipped values.

    Parameters
    ----------
    progress : callable, optional
        Called after each pass with its number and what it measured.

    Returns
    -------
    dict
        Parameter path to value.
    """
    fixed = {"tie.outside.named": catalogue()["tie.outside.named"].value}
    now = {path: catalogue()[path].value for path in solved_paths()}
    for number in range(passes):
        seen = measure(now, teams, seed=seed, threads=threads)
        if progress is not None:
            progress(number, seen)
        now = {k: v for k, v in step(now | fixed, seen).items() if k not in fixed}
    return now


def main() -> None:
    """Solve anew, then centre scores on the world as it is; write scenarios/parameters.toml."""
    from analysis.parameter_file import rewrite
    from sim.study.measure import measure_scaling
    from sim.study.spec import read_study

    def say(number: int, seen: Measured) -> None:
        drift = 100 * (seen.latent[-1] / seen.latent[0] - 1) / YEARS
        print(f"pass {number}: map {seen.on_map.round(3)}, lost {seen.lost.round(3)}")  # noqa: T201
        print(f"        drift, % a year {drift.round(2)}")  # noqa: T201

    place = Path("scenarios") / "parameters.toml"
    rewrite(place, solve(progress=say))
    catalogue.cache_clear()
    study = read_study("founding-study")
    found = measure_scaling(read_scenario(study.scenario), study, 150, seed=3)
    rewrite(place, {path: value for path, value in found.items() if path.startswith("scale.")})


if __name__ == "__main__":
    main()
