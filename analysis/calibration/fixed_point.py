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
one sample; `egocohort evidence` judges the result on others. In a checkout
`python -m analysis.calibration.fixed_point` solves anew and writes scenarios/parameters.toml.
`egocohort calibrate founding-paper` fits the same recipe, with intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from analysis.worlds.moments import FORMED, MOMENT_CLASSES, MOMENT_GROUPS, YEARS, Moments, measure
from sim.world.parameters import catalogue
from sim.world.scenario import read_scenario
from sim.world.toml_file import read_toml, shipped

__all__ = ["GOALS", "balance", "balanced_paths", "solve_balance", "solved_paths", "step"]

RECIPE = "founding-paper"


def _goals() -> dict[str, float]:
    """The figures of the shipped recipe that are marked for calibration, by name."""
    file = read_toml(shipped() / "targets" / f"{RECIPE}.toml")
    aims = [one for one in file.data["target"] if one["use"] == "calibration"]
    return {one["statistic"]: one["value"] for one in aims}


_FIGURES = _goals()

GOALS: Mapping[str, dict[str, float]] = {
    "on a first map": {c: _FIGURES[f"map.{c}"] for c in MOMENT_CLASSES},
    "lost in a year": {c: _FIGURES[f"lost.{c}"] for c in MOMENT_CLASSES if c != "professional"},
}
"""Founding paper, Table 1 (N25-N29), and the middle of B16 as narrowed by P7, P13, P23 and P49."""

MEDIAN_WEEKS = _FIGURES["episode.median_weeks"]
"""In the middle of the thirteenth week: lengths are counted in whole weeks begun (B19)."""


def balance(now: Mapping[str, float], seen: Moments) -> dict[str, float]:
    """Births that make up for losses, and levels where the world settles: right for any targets."""
    new = dict(now)
    for number, group in enumerate(MOMENT_GROUPS):
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


def step(now: Mapping[str, float], seen: Moments) -> dict[str, float]:
    """One pass of the fixed point: each parameter moved to where its own moment would be right."""
    new = balance(now, seen)
    for name, members in _SHARED.items():
        number = MOMENT_CLASSES.index(name)
        goal = GOALS["on a first map"][name]
        loss = GOALS["lost in a year"][name]
        for group in members:
            new[f"tie.{group}.latent_mean"] *= float(goal / seen.on_map[number])
            new[f"tie.{group}.end_rate"] *= float(np.clip(loss / seen.lost[number], 0.7, 1.4))
    missing = (
        GOALS["on a first map"]["professional"] - seen.on_map[MOMENT_CLASSES.index("professional")]
    )
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
    for group in MOMENT_GROUPS:
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


def solve_balance(
    passes: int = 4,
    teams: int = 300,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Callable[[int, Moments], None] | None = None,
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
    from analysis.calibration.care_point import care_paths, care_step, severity_step
    from analysis.calibration.parameter_file import rewrite
    from sim.study.measure import measure_scaling
    from sim.study.spec import read_study

    def say(number: int, seen: Moments) -> None:
        drift = 100 * (seen.latent[-1] / seen.latent[0] - 1) / YEARS
        print(f"pass {number}: map {seen.on_map.round(3)}, lost {seen.lost.round(3)}")  # noqa: T201
        print(f"        drift, % a year {drift.round(2)}")  # noqa: T201

    place = Path("scenarios") / "parameters.toml"

    def write(values: Mapping[str, float]) -> None:
        rewrite(place, values)
        catalogue.cache_clear()

    for passes in (2, 2, 4):
        write(solve_balance(passes, progress=say))
        write(severity_step())
        for _ in range(2):
            write(care_step({path: catalogue()[path].value for path in care_paths()}, 150))
    study = read_study("founding-study")
    found = measure_scaling(read_scenario(study.scenario), study, 150, seed=3)
    write({path: value for path, value in found.items() if path.startswith("scale.")})


if __name__ == "__main__":
    main()
