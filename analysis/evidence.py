"""Does the world show what was published? Every target beside the simulated mean, its interval and a verdict.

Three kinds of target, judged in three ways:

- a *mean* set by calibration must lie within 5 % of its target (retention within .01);
- a published *count* of one study of 29 must lie inside the 95 % predictive interval of such studies;
- a *rate* must lie inside the bounds that the evidence gives.

The first proves the calibration, the second that the founding study is an ordinary one of ours, the
third that the rest of the world did not go wrong in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from analysis.founding_paper import founding_paper
from analysis.rows import EvidenceRow, count_row, mean_row, rate_row

__all__ = ["evidence", "of_studies", "of_the_world"]

STUDY_CLASS = np.array([0, 1, 1, 2, 2, 3, 3, 3, 3, 4])
NOT_INTERESTED = 1
LOST_IN_A_YEAR = {
    "partner": (0.02, 0.04), "kin": (0.03, 0.06), "friend": (0.15, 0.21), "object": (0.05, 0.10),
}  # fmt: skip
"""Bounds of B16, the friends' as narrowed by what else must hold."""
CLASSES = ("partner", "other_kin", "friend", "professional", "object")


def _study_figures(study: Any, scenario: Any, seed: int, replicate: int) -> dict[str, float]:
    """The figures of one simulated founding study that the paper printed."""
    from sim.study.simulate import simulate_study

    done = simulate_study(scenario, study, seed=seed, replicate=replicate)
    first, group = done.maps.recorded[:, 0], done.sample.members["group"][:, 0]
    classes = np.where(first, STUDY_CLASS[np.maximum(group, 0)], -1)
    sizes = first.sum(1)
    attended = done.visits.attended.mean(0)
    egos = done.sample.egos[:, 0]
    figures = {
        "size": float(sizes.mean()),
        "sd": float(sizes.std(ddof=1)),
        "smallest": float(sizes.min()),
        "largest": float(sizes.max()),
        "all": float(sizes.sum()),
        "n": float(done.n),
        "male": float((egos["male"] == 1).sum()),
        "non_white": float((egos["non_white"] == 1).sum()),
        "telephone": float(done.telephone.sum()),
        "control": float((done.sample.arm == 0).sum()),
        "interested": float(sum((site.fate != NOT_INTERESTED).sum() for site in done.flow)),
        "retained_2": float(attended[1]),
        "retained_3": float(attended[2]),
        "interviews": float(done.visits.attended.sum()),
    }
    for number, name in enumerate(CLASSES):
        figures[name] = float((classes == number).sum())
    return figures


def of_studies(
    studies: int = 1000,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[EvidenceRow]:
    """What the founding paper printed, against so many simulated founding studies."""
    from sim.study.spec import read_study
    from sim.world.scenario import read_scenario

    study = read_study("founding-study")
    scenario = read_scenario(study.scenario)
    done = 0

    def one(replicate: int) -> dict[str, float]:
        return _study_figures(study, scenario, seed, replicate)

    with ThreadPoolExecutor(threads) as pool:
        found = []
        for figures in pool.map(one, range(studies)):
            found.append(figures)
            done += 1
            if progress:
                progress(done, studies)
    return list(_study_rows({key: np.array([f[key] for f in found]) for key in found[0]}))


def _study_rows(seen: dict[str, np.ndarray]) -> Iterable[EvidenceRow]:
    paper = founding_paper()
    n = paper.participants.count
    target = paper.members["all"].count / n
    yield mean_row("members on a first map", "N24", target, seen["size"], 0.05 * target)
    for name in CLASSES:
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
    for name in ("all", *CLASSES):
        figure = paper.members[name]
        yield count_row(figure.label, figure.source, figure.count, seen[name])
    for name in ("smallest", "largest"):
        yield count_row(f"members, {name} map", "N24", paper.size[name].count, seen[name])


def of_the_world(teams: int = 200, *, seed: int = 1, threads: int = 2) -> list[EvidenceRow]:
    """What other publications say of ties, illness and services, against the world itself."""
    from analysis.calibrate import CLASSES as LOST
    from analysis.calibrate import measure
    from analysis.illness import illness_course
    from analysis.ledger import service_ledger
    from analysis.staffing import staffing
    from sim.world.scenario import read_scenario

    usual, some = read_scenario("usual-care"), max(teams // 4, 10)
    seen = measure(teams=teams, seed=seed, threads=threads)
    rows = []
    for name, bounds in LOST_IN_A_YEAR.items():
        number = LOST.index(name)
        share, at_risk = float(seen.lost[number]), int(seen.egos * seen.on_map[number])
        mcse = float(np.sqrt(share * (1 - share) / at_risk))
        what = f"{name} lost from the error-free map in a year"
        rows.append(rate_row(what, "B16", bounds, share, mcse, at_risk))
    rows += illness_course(some, seed=seed, threads=threads)
    rows += staffing(some, seed=seed, threads=threads)
    for line in service_ledger(usual, some, seed=seed, threads=threads):
        what = f"demand over net capacity, {line.line}"
        rows.append(rate_row(what, "B23 B26", (0.6, 0.95), line.load, 0.0, some))
    share, mcse = line.cancelled_share, line.mcse
    rows.append(rate_row("visits cancelled by the service", "B31", (0.05, 0.10), share, mcse, some))
    return rows


def evidence(
    studies: int = 1000,
    teams: int = 200,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[EvidenceRow]:
    """Every target, first those of the founding paper, then the rest."""
    return [
        *of_studies(studies, seed=seed, threads=threads, progress=progress),
        *of_the_world(teams, seed=seed, threads=threads),
    ]
