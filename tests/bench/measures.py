"""`make bench`: measures of networks, over all interviews of 600 people at once.

Thread time, the least of several runs, of each set of measures and of reading the tables into
arrays.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import egocohort as ec
from analysis.measures.networks import tables
from analysis.measures.networks.layout import networks_of
from analysis.measures.networks.waves import steps_between

STUDY = """\
id = "six-hundred"
title = "600 people of five trusts, their maps at 0, 6 and 12 months"
[frame]
teams_per_site = [2, 2, 2, 2, 2]
[recruitment]
n = 600
[waves]
weeks = [0, 26, 52]
[participation]
retention = [0.9, 0.83]
"""
TIMES = 20


def best(work: Callable[[], object], interviews: int) -> float:
    """Milliseconds an interview of the quickest of several calls, of this thread."""
    work()  # which compiles
    found = []
    for _ in range(TIMES):
        start = time.thread_time()
        work()
        found.append(time.thread_time() - start)
    return min(found) * 1e3 / interviews


def measure(place: Path) -> dict[str, float]:
    """Milliseconds an interview, and how many interviews there were."""
    file = place / "six-hundred.toml"
    file.write_text(STUDY, encoding="utf-8")
    study = ec.simulate(file, seed=1, threads=2)
    study.egos  # noqa: B018  # made here, so that it is no part of what is measured
    networks, n = networks_of(study), len(study.egos)
    person = np.unique(study.egos["ego_pid"], return_inverse=True)[1]
    steps = steps_between(person, study.egos["wave"].to_numpy())
    works: dict[str, Callable[[], object]] = {
        "tables to arrays": lambda: networks_of(study),
        "of people": lambda: tables.people_measures(networks),
        "with objects": lambda: tables.member_measures(networks),
        "by class": lambda: tables.class_measures(networks),
        "change": lambda: tables.change_measures(networks, steps, networks.human),
        "ec.measures, all its tables": lambda: ec.measures(study).tables,
    }
    figures = {f"{name}, ms an interview": best(work, n) for name, work in works.items()}
    return {"interviews": n, **figures}


def main() -> None:
    """Measure and print; the figures also go to results/bench-measures.json."""
    place = Path("results")
    place.mkdir(exist_ok=True)
    figures = measure(place)
    for name, value in figures.items():
        print(f"{name:52s} {value:10,.4f}")
    text = json.dumps(figures, indent=2) + "\n"
    (place / "bench-measures.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
