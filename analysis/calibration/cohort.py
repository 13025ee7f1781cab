"""A cohort: everybody whom a study could have recruited, followed and interviewed as it would.

Teams of a third of the usual size live a run-in and a year or a little more. Whoever is eligible at
week 0 takes part, so that a second of simulation gives thousands of interviews. Fieldwork is left
out: who is approached first does not depend on how people fare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from analysis.calibration.statistics import EPISODE_WEEKS, CohortColumns
from analysis.worlds.moments import (
    CLASS_OF,
    MOMENT_CLASSES,
    N_GROUPS,
    SCALE,
    Moments,
    lost_by_class,
    settled_levels,
)
from sim.side_by_side import side_by_side
from sim.study.draws import draws
from sim.study.interview import Maps, draw_maps
from sim.study.participate import attend, solve_dial, yardstick
from sim.study.scales import LATENTS, draw_scores, latent_moments, latents
from sim.study.seen import members_of
from sim.study.settings import EVERYBODY
from sim.study.simulate import map_rules
from sim.study.spec import Study
from sim.world.kinds import GROUP_OF_KIND, Event
from sim.world.parameters import catalogue
from sim.world.run import History, Place, Watched, live, run_in
from sim.world.scenario import Scenario, parse_scenario
from sim.world.streams import Stream, key_of

__all__ = ["Cohort", "Interviewed", "interview_rows", "simulate_cohort"]

YEAR_END = 51
"""The week at whose end a year has passed since the start of week 0, as `worlds.moments` has it."""

YEAR = 52


@dataclass(frozen=True)
class Interviewed:
    """Interviews as arrays: of a cohort, or of one simulated study.

    Attributes
    ----------
    members : ndarray, (n, W, S) of seen.MEMBER
    recorded : ndarray of bool, (n, W, S)
    attended : ndarray of bool, (n, W)
    """

    members: np.ndarray
    recorded: np.ndarray
    attended: np.ndarray


@dataclass(frozen=True)
class Cohort:
    """What became of a cohort.

    Attributes
    ----------
    rows : ndarray of float64, (people, C)
        Numbers to be summed, as `Columns` names them; the ineligible bring illness alone.
    eligible : ndarray of bool, (people,)
    team : ndarray of int, (people,)
    seen : analysis.worlds.moments.Moments
        The levels at which the world settles, for balancing it.
    scaling : dict
        `scale.latent.*` as they are in this world.
    """

    rows: np.ndarray
    eligible: np.ndarray
    team: np.ndarray
    seen: Moments
    scaling: dict[str, float]

    @property
    def sums(self) -> np.ndarray:
        """Sums over everybody, (C,)."""
        return np.asarray(self.rows.sum(axis=0))

    @property
    def by_team(self) -> np.ndarray:
        """Sums over each team, (teams, C)."""
        starts = np.flatnonzero(np.diff(self.team, prepend=-1))
        return np.add.reduceat(self.rows, starts, axis=0)


def simulate_cohort(
    world: Scenario,
    study: Study,
    values: Mapping[str, float],
    teams: int,
    *,
    seed: int,
    threads: int = 1,
) -> Cohort:
    """Live some teams of a world with some parameters changed, and interview everybody eligible.

    Parameters
    ----------
    world : Scenario
    study : Study
        For waves, the rules of the map, participation, and who is too unwell; arms are left out.
    values : mapping
        Parameter path to value, over those of the world.
    teams, seed : int
        Replicates 0 to teams - 1 of the seed: the same people whatever the values.
    threads : int
        Teams side by side.
    """
    data = world.resolved()
    data["world"]["scale"] = SCALE
    data["parameters"] = data["parameters"] | dict(values)
    scenario = parse_scenario(data)
    columns = CohortColumns(len(study.waves.weeks))
    work = partial(_one_team, scenario, study, columns)
    keys = [key_of(seed, replicate) for replicate in range(teams)]
    return _joined(list(side_by_side(work, keys, threads)))


def _one_team(scenario: Scenario, study: Study, columns: CohortColumns, key: np.ndarray) -> dict:
    place = Place(1, 1)
    team = run_in(scenario, place, key)
    n = team.egos.size
    weeks = np.array([*study.waves.weeks, YEAR_END], np.int32)
    stop = max(int(weeks.max()) + 1, YEAR)
    watched = Watched(np.arange(n, dtype=np.int32), np.tile(weeks, (n, 1)))
    history = live(scenario, place, team, key, stop, watched=watched)
    params = catalogue().record(scenario.parameters)
    members = members_of(history)
    egos, waves = history.egos, slice(0, len(study.waves.weeks))
    asked = study.recruitment
    first = egos[:, 0]
    eligible = (first["alive"] > 0) & (first["on_caseload"] > 0)
    eligible &= first["severity"] <= np.float32(asked.severity_ceiling)
    rows = np.zeros((n, len(columns)))
    _episodes(rows, columns, history, stop)
    seen, maps = _interviews(egos[eligible, waves], members[eligible, waves], study, params, key)
    rows[eligible] += interview_rows(seen, columns)
    _lost(rows, columns, egos, members, eligible, params, key)
    return {
        **_settling(team, history, stop),
        **_on_maps(members[eligible, 0], maps.recorded[:, 0]),
        "rows": rows, "eligible": eligible,
        "latents": _unscaled(egos[eligible, :1], members[eligible, :1], params),
    }  # fmt: skip


def _interviews(
    egos: np.ndarray, members: np.ndarray, study: Study, params: np.ndarray, key: np.ndarray
) -> tuple[Interviewed, Maps]:
    """Interview people as the study would."""
    n = egos.shape[0]
    attended = np.ones(egos.shape, bool)
    rules = study.participation
    if rules.retention and egos.shape[1] > 1 and n:
        arm = EVERYBODY if EVERYBODY in rules.retention else next(iter(rules.retention))
        primary, nobody = study.outcomes.primary, np.zeros(n, int)
        scores = draw_scores(egos, members, params, key, study.outcomes.reliability).scores
        measure = yardstick(scores, egos, primary)
        dial = solve_dial(rules, (arm,), nobody, scores, egos, primary, measure)
        attended = attend(dial, nobody, scores, egos, primary, measure, params, key).attended
    share = np.float32(study.map.telephone_share)
    who = np.ascontiguousarray(egos["address"][:, 0])
    telephone = draws(Stream.INTERVIEW, who, key)[:, 0] < share
    maps = draw_maps(egos, members, attended, telephone, params, key, *map_rules(study))
    return Interviewed(members, maps.recorded, attended), maps


def interview_rows(seen: Interviewed, columns: CohortColumns) -> np.ndarray:
    """What each person's interviews bring to the sums, (n, C)."""
    rows = np.zeros((seen.attended.shape[0], len(columns)))
    at = columns.at
    group = seen.members["group"]
    classes = np.where(group >= 0, CLASS_OF[group], -1)
    size = seen.recorded[:, 0].sum(axis=1)
    rows[:, at["n"]], rows[:, at["size"]], rows[:, at["size_squared"]] = 1, size, size**2
    for c, name in enumerate(MOMENT_CLASSES):
        rows[:, at[f"map.{name}"]] = (seen.recorded[:, 0] & (classes[:, 0] == c)).sum(axis=1)
    for wave in range(1, seen.attended.shape[1]):
        rows[:, at[f"there.{wave + 1}"]] = seen.attended[:, wave]
        both = seen.attended[:, wave] & seen.attended[:, wave - 1]
        held = seen.recorded[:, wave - 1] & both[:, None]
        identity = seen.members["identity"]
        last = np.where(seen.recorded[:, wave], identity[:, wave], -2)
        kept = held & (identity[:, wave - 1, :, None] == last[:, None, :]).any(axis=2)
        for c, name in enumerate(MOMENT_CLASSES):
            mine = classes[:, wave - 1] == c
            rows[:, at[f"held.{name}.{wave + 1}"]] = (held & mine).sum(axis=1)
            rows[:, at[f"kept.{name}.{wave + 1}"]] = (kept & mine).sum(axis=1)
    return rows


def _lost(
    rows: np.ndarray,
    columns: CohortColumns,
    egos: np.ndarray,
    members: np.ndarray,
    eligible: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
) -> None:
    """Ties on the error-free map of week 0, and those of them gone at the year's end."""
    ends = [0, egos.shape[1] - 1]
    at_risk, lost = lost_by_class(egos[:, ends], members[:, ends], eligible, params, key)
    for c, name in enumerate(MOMENT_CLASSES):
        rows[:, columns.at[f"risk.{name}"]] = at_risk[c]
        rows[:, columns.at[f"lost.{name}"]] = lost[c]


def _episodes(rows: np.ndarray, columns: CohortColumns, history: History, stop: int) -> None:
    """Onsets, and how many episodes were running at the start of their k-th week and ended in it.

    Weeks begun are counted: an episode that ends in the week after its onset has two.
    """
    rows[:, columns.at["years"]] = stop / YEAR
    begun = history.events[history.events["event"] == Event.EPISODE_START]
    ended = history.events[history.events["event"] == Event.EPISODE_END]
    running, over = columns.at["running.1"], columns.at["ended.1"]
    for start in begun:
        ego = int(start["ego"])
        rows[ego, columns.at["onsets"]] += 1
        later = ended["week"][(ended["ego"] == ego) & (ended["week"] >= start["week"])]
        followed = int(later.min() if later.size else stop) - int(start["week"])
        weeks = min(max(followed, 1 if later.size else 0), EPISODE_WEEKS)
        rows[ego, running : running + weeks] += 1
        if later.size and followed <= EPISODE_WEEKS:
            rows[ego, over + weeks - 1] += 1


def _settling(team: Any, history: History, stop: int) -> dict[str, Any]:
    """Sums of ties, births and levels, from the start and from the end."""
    latent, asleep = [], np.zeros(N_GROUPS)
    groups = np.arange(N_GROUPS)[:, None, None]
    found: dict[str, Any] = {}
    for number, at in enumerate((team, history.team)):
        active, group = at.column("active") > 0, at.column("group")
        alive = at.egos["alive"] > 0
        held = (group == groups) & active & alive[:, None]
        latent.append([held.sum((1, 2)), alive.sum()])
        if number == 0:
            found = settled_levels(at, held)
        else:
            dormant = (group == groups) & (at.column("dormant") > 0) & alive[:, None]
            asleep = dormant.sum((1, 2))
    kinds = history.events[history.events["event"] == Event.TIE_BEGAN]["kind"]
    births = np.bincount(np.array(GROUP_OF_KIND)[kinds], minlength=N_GROUPS) * YEAR / stop
    people = np.array([alive for _, alive in latent], float)
    return found | {
        "ties": np.array([ties for ties, _ in latent]), "people": people,
        "births": births, "asleep": asleep, "weeks": stop,
    }  # fmt: skip


def _on_maps(members: np.ndarray, recorded: np.ndarray) -> dict[str, np.ndarray]:
    """Sums of importance among those named at a first interview, by group."""
    group, importance = members["group"][recorded], members["importance"][recorded].astype(float)
    sums = [np.bincount(group, importance**power, minlength=N_GROUPS) for power in (0, 1, 2)]
    return {"importance": np.array(sums)}


def _unscaled(egos: np.ndarray, members: np.ndarray, params: np.ndarray) -> np.ndarray:
    """What scores are made of, in its own units, (n, 4)."""
    record = params[0]
    mean, sd = (
        np.array([record[f"scale_latent_{name}_{what}"] for name in LATENTS])
        for what in ("mean", "sd")
    )
    return np.asarray(latents(egos, members, params)[:, 0] * sd + mean, float)


def _joined(parts: list[dict]) -> Cohort:
    def total(name: str) -> np.ndarray:
        return np.asarray(np.sum([part[name] for part in parts], axis=0))

    people, ties, held = total("people"), total("ties"), np.maximum(total("held"), 1)
    named, once, twice = total("importance")
    importance = once / np.maximum(named, 1)
    spread = twice / np.maximum(named, 1) - importance**2
    latent = ties / people[:, None]
    weeks = parts[0]["weeks"]
    latent[1] = latent[0] + (latent[1] - latent[0]) * YEAR / weeks
    unknown = np.full(len(MOMENT_CLASSES), np.nan)
    egos = int(people[0])
    seen = Moments(
        egos=egos, latent=latent, asleep=total("asleep") / np.maximum(ties[1], 1),
        births=total("births") / egos, on_map=unknown, size_sd=np.nan, lost=unknown,
        trust=total("trust") / held, support=total("support") / held,
        contact=total("recent") / held, importance=importance,
        importance_sd=np.sqrt(np.maximum(spread, 1e-6)), giving=float(total("giving") / egos),
        wellbeing=float(total("wellbeing") / egos), median_episode=np.nan,
    )  # fmt: skip
    scores = np.concatenate([part["latents"] for part in parts])
    scaling = latent_moments(scores)
    sizes = [len(part["rows"]) for part in parts]
    return Cohort(
        np.concatenate([part["rows"] for part in parts]),
        np.concatenate([part["eligible"] for part in parts]),
        np.repeat(np.arange(len(parts)), sizes), seen, scaling,
    )  # fmt: skip
