"""`make bench`: the tables of a study of 29 people and of one of 6,000, beside their world.

Thread time, the least of several runs: arrays become columns, columns tables; then digests, keys
and the text of the CSV files. Memory is what making all tables adds to the world's, at the most.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

from sim.data import codebook, serialise, tables
from sim.study.simulate import simulate_study
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study, parse_study, read_study
from sim.study.tables import study_tables
from sim.study.truth import truth_tables
from sim.world.scenario import read_scenario

MANY = {
    "id": "many",
    "title": "6,000 people of five trusts, their maps at 0, 6 and 12 months",
    "frame": {"teams_per_site": [18] * 5},
    "recruitment": {"n": 6000, "entry": "staggered", "entry_weeks": 87},
    "arms": {"unit": "team", "share": {"control": 11, "intervention": 18}},
    "waves": {"weeks": [0, 26, 52], "window": 2},
    "participation": {"retention": [0.9, 0.83], "mechanism": "MAR"},
}
CODED = ("persons", "egos", "items", "alters")


def seen(study: SimulatedStudy) -> dict:
    """The seven tables, and the lists of missing cells, from arrays anew."""
    for kept in ("lives", "ties"):
        study.__dict__.pop(kept, None)
    found = study_tables(study)
    made = {name: tables.build(name, found[name]) for name in found}
    return made | {f"{name}_miss": tables.missing_cells(name, found[name]) for name in CODED}


def true(study: SimulatedStudy) -> dict:
    """The truth tables."""
    return {name: tables.build(name, columns) for name, columns in truth_tables(study).items()}


def texts(made: dict) -> list[bytes]:
    """Every table that is written as CSV."""
    in_csv = [name for name in made if "csv" in codebook.table(name).formats]
    return [serialise.csv_bytes(name, made[name]) for name in in_csv]


def best(work: Callable[[], object], times: int) -> float:
    """Milliseconds of the quickest of several calls, of this thread."""
    found = []
    for _ in range(times):
        start = time.thread_time()
        work()
        found.append(time.thread_time() - start)
    return min(found) * 1e3


def peak_memory(work: Callable[[], object]) -> float:
    """Gigabytes that a call adds at the most; nan where the system does not tell."""
    status, marks = Path("/proc/self/status"), Path("/proc/self/clear_refs")

    def said(what: str) -> float:
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1e6

    try:
        before = said("VmRSS")
        marks.write_text("5")  # the highest mark starts anew
    except OSError:
        return float("nan")
    work()
    return said("VmHWM") - before


def measure(study: Study, times: int) -> dict[str, float]:
    """Milliseconds of each step for one study, and memory."""
    done = simulate_study(read_scenario("usual-care"), study, seed=1, threads=2)
    memory = peak_memory(lambda: (seen(done), true(done)))
    made = seen(done) | true(done)
    people = f"{done.n:,} people: "
    return {
        people + "tables and missing cells, ms": best(lambda: seen(done), times),
        people + "truth, ms": best(lambda: true(done), times),
        people + "digests, ms": best(lambda: [tables.digest(t) for t in made.values()], times),
        people + "keys, ms": best(lambda: tables.check_keys(made), times),
        people + "text of CSV files, ms": best(lambda: texts(made), times),
        people + "memory beside the world, GB": memory,
    }


def main() -> None:
    """Measure and print; the figures also go to results/bench-tables.json."""
    figures = measure(read_study("founding-study"), 100) | measure(parse_study(MANY), 5)
    for name, value in figures.items():
        print(f"{name:52s} {value:10,.3f}")
    place = Path("results") / "bench-tables.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
