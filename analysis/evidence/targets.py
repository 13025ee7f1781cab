"""Does the world show what was published? Every target beside the simulated mean and a verdict.

Five kinds of target, judged in five ways:

- a *mean* set by calibration must lie within 5 % of its target (retention within .01);
- a published *count* of one study of 29 must lie inside the 95 % predictive interval of such
  studies;
- a *rate* must lie inside the bounds that the evidence gives;
- *pairing* must remove so much noise, and one event ripple no further (what the design promises);
- no mean of usual care may *drift* by more than 2 % a year.

The first proves the calibration, the second that the founding study is an ordinary one of ours, the
others that the rest of the world did not go wrong in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from analysis.evidence.rows import EvidenceRow, count_row, drift_row, mean_row, rate_row
from analysis.measures.founding_paper import founding_paper
from sim.side_by_side import Progress
from sim.study.measure import ROWS, MapCounts, measure_maps

if TYPE_CHECKING:
    from analysis.evidence.drift import Drift

__all__ = ["all_evidence", "of_pairing", "of_studies", "of_the_world"]

LOST_IN_A_YEAR = {
    "partner": (0.02, 0.04), "kin": (0.03, 0.06), "friend": (0.15, 0.21), "object": (0.05, 0.10),
}  # fmt: skip
"""Bounds of B16, a judgement; the friends' as narrowed by what else must hold."""

MAP_GROWTH = 0.02
"""A year's growth of maps of the same people that is allowed, as of any mean of the world."""


def of_studies(
    studies: int = 1000,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
) -> list[EvidenceRow]:
    """What the founding paper printed, against so many simulated founding studies."""
    from sim.study.spec import read_study
    from sim.world.scenario import read_scenario

    study = read_study("founding-study")
    scenario = read_scenario(study.scenario)
    found = measure_maps(scenario, study, studies, seed=seed, threads=threads, progress=progress)
    return [*_study_rows(_figures(found)), *_growth_rows(found)]


def _growth_rows(found: MapCounts) -> Iterable[EvidenceRow]:
    """How much maps of the same people grow in the year between their first and last interview."""
    for layer, name in (("ideal", "error-free"), ("elicited", "elicited, revisited")):
        (first, error), (last, other) = (found.means(wave, layer) for wave in (0, -1))
        growth = float(last[-1] / first[-1] - 1)
        mcse = float(np.hypot(error[-1], other[-1]) / first[-1])
        what = f"growth of maps, {name}"
        yield drift_row(what, growth, mcse, found.enrolled.size, MAP_GROWTH)


def _figures(found: MapCounts) -> dict[str, np.ndarray]:
    """The figures that the paper printed, of each simulated study, (R,)."""
    n = found.enrolled
    there = np.arange(found.arm.shape[1]) < n[:, None]
    first = found.elicited[:, :, 0].astype(np.int64)
    sizes = np.where(there, first.sum(2), 0)
    mean = sizes.sum(1) / n
    figures = {
        "size": mean,
        "sd": np.sqrt(np.where(there, (sizes - mean[:, None]) ** 2, 0).sum(1) / (n - 1)),
        "smallest": np.where(there, sizes, 10**6).min(1),
        "largest": sizes.max(1),
        "all": sizes.sum(1),
        "n": n,
        "male": found.male.sum(1),
        "non_white": found.non_white.sum(1),
        "telephone": found.telephone.sum(1),
        "control": (there & (found.arm == 0)).sum(1),
        "interested": found.interested,
        "retained_2": found.attended[:, :, 1].sum(1) / n,
        "retained_3": found.attended[:, :, 2].sum(1) / n,
        "interviews": found.attended.sum((1, 2)),
    }
    figures |= {name: first[:, :, row].sum(1) for row, name in enumerate(ROWS)}
    return {name: values.astype(np.float64) for name, values in figures.items()}


def _study_rows(seen: dict[str, np.ndarray]) -> Iterable[EvidenceRow]:
    paper = founding_paper()
    n = paper.participants.count
    target = paper.members["all"].count / n
    yield mean_row("members on a first map", "N24", target, seen["size"], 0.05 * target)
    for name in ROWS:
        figure = paper.members[name]
        each = figure.count / n
        values = seen[name] / seen["n"]
        yield mean_row(f"{figure.label}, each", figure.source, each, values, 0.05 * each)
    sd = float(seen["sd"].mean())
    mcse = float(seen["sd"].std(ddof=1) / np.sqrt(seen["sd"].size))
    yield rate_row("SD of members on a first map", "N32", (2.4, 4.6), sd, mcse, seen["sd"].size)
    for wave, source in ((2, "N5"), (3, "N6")):
        share = paper.interviewed[wave].count / n
        yield mean_row(f"interviewed at wave {wave}", source, share, seen[f"retained_{wave}"], 0.01)
    yield count_row("participants", "N1", n, seen["n"])
    yield count_row("interested", "N7", 47, seen["interested"])
    yield count_row("interviews", "N2", 79, seen["interviews"])
    yield count_row("by telephone", "N9", 4, seen["telephone"])
    yield count_row("in the control arm", "N14", 11, seen["control"])
    for name in ("male", "non_white"):
        yield count_row(
            paper.people[name].label,
            paper.people[name].source,
            paper.people[name].count,
            seen[name],
        )
    for name in ("all", *ROWS):
        figure = paper.members[name]
        yield count_row(figure.label, figure.source, figure.count, seen[name])
    for name in ("smallest", "largest"):
        yield count_row(f"members, {name} map", "N24", paper.size[name].count, seen[name])


def of_the_world(
    teams: int = 200, *, seed: int = 1, threads: int = 2, progress: Progress | None = None
) -> list[EvidenceRow]:
    """What other publications say of ties, illness, services and scales, against the world itself.

    Parameters
    ----------
    teams : int
        Teams whose maps are followed; the rest take a quarter as many full-size ones.
    progress : callable, optional
        Called with the name of the stage, the number of its steps done, and of all.
    """
    from analysis.evidence.care import care_rows
    from analysis.evidence.illness import illness_course
    from analysis.evidence.instruments import instrument_rows
    from analysis.evidence.networks import network_rows
    from analysis.evidence.staffing import staffing

    some = max(teams // 4, 10)
    steps: tuple[Callable[[], list[EvidenceRow]], ...] = (
        lambda: _losses(teams, seed, threads),
        lambda: illness_course(2 * teams, seed=seed, threads=threads),
        lambda: staffing(some, seed=seed, threads=threads),
        lambda: _services(some, seed, threads),
        lambda: instrument_rows(some, seed=seed, threads=threads),
        lambda: care_rows(some, seed=seed, threads=threads),
        lambda: network_rows(some, seed=seed, threads=threads),
    )
    rows = []
    for number, step in enumerate(steps, 1):
        rows += step()
        if progress is not None:
            progress("usual care", number, len(steps))
    return rows


def _losses(teams: int, seed: int, threads: int) -> list[EvidenceRow]:
    from analysis.worlds.moments import MOMENT_CLASSES, measure

    seen = measure(teams=teams, seed=seed, threads=threads)
    rows = []
    for name, bounds in LOST_IN_A_YEAR.items():
        number = MOMENT_CLASSES.index(name)
        share, at_risk = float(seen.lost[number]), int(seen.egos * seen.on_map[number])
        mcse = float(np.sqrt(share * (1 - share) / at_risk))
        what = f"{name} lost from the error-free map in a year"
        rows.append(rate_row(what, "B16", bounds, share, mcse, at_risk))
    return rows


def _services(teams: int, seed: int, threads: int) -> list[EvidenceRow]:
    from analysis.evidence.ledger import CLOSES, service_ledger
    from sim.world.scenario import read_scenario

    lines = service_ledger(read_scenario("usual-care"), teams, seed=seed, threads=threads)
    rows = []
    for line in lines:
        what, error = f"demand over net capacity, {line.line}", line.mcse["load"]
        rows.append(rate_row(what, "B23 B26", (0.6, CLOSES), line.load, error, teams))
    share, error = lines[-1].cancelled_share, lines[-1].mcse["cancelled_share"]
    rows.append(
        rate_row("visits cancelled by the service", "B31", (0.05, 0.10), share, error, teams)
    )
    return rows


def of_pairing(
    baselines: int = 200, *, seed: int = 1, threads: int = 2, progress: Progress | None = None
) -> list[EvidenceRow]:
    """How far one event ripples, and how much noise common draws remove (`pairing`)."""
    from analysis.evidence.pairing import pairing_rows

    return pairing_rows(baselines, seed=seed, threads=threads, progress=progress)


def all_evidence(
    studies: int = 1000,
    teams: int = 200,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
) -> tuple[list[EvidenceRow], Drift]:
    """Every target: those of the founding paper, other publications, pairing, drift.

    Parameters
    ----------
    studies, teams : int
        Simulated founding studies; teams of usual care.
    threads : int
        Studies or teams side by side; the figures do not depend on it.
    progress : callable, optional
        Called with what is being done, the number of its steps done, and of all.

    Returns
    -------
    rows : list of EvidenceRow
    drift : Drift
        Three years of usual care by quarter, for the picture.
    """
    from analysis.evidence.drift import drift_rows, three_years

    drift = three_years(teams, seed=seed, threads=threads, progress=progress)
    rows = [
        *of_studies(studies, seed=seed, threads=threads, progress=progress),
        *of_the_world(teams, seed=seed, threads=threads, progress=progress),
        *of_pairing(max(teams, 2), seed=seed, threads=threads, progress=progress),
        *drift_rows(drift),
    ]
    return rows, drift
