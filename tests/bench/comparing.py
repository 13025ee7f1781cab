"""`make bench`: a comparison of two scenarios from end to end, and under sets of assumptions.

100 replicates of 5 whole teams with tables, pictures and page, on two threads; one replicate of one
team, once everything is compiled; and what 200 sets of assumptions would take, from some of them.
Processor time is told beside the clock's, which depends on who else uses the machine.
"""

import json
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import egocohort as ec

WORLDS = ["usual-care", "service-cutback"]
REPLICATES, TEAMS, THREADS, SETS, SOME = 100, 5, 2, 200, 20


def took(work: Callable[[], object], times: int = 1) -> tuple[float, float]:
    """Seconds of the clock and of processors, of the quickest of several calls."""
    found = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_SELF)
        start = time.perf_counter()
        work()
        clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((clock, used))
    return min(found)


def measure(folder: Path) -> dict[str, float]:
    """Seconds of each."""
    one = {"replicates": 1, "teams": 1, "seed": 1, "threads": 1}
    ec.compare(WORLDS, **one).summary()
    warm = took(lambda: ec.compare(WORLDS, **one).summary(), 9)
    whole = took(
        lambda: ec.compare(
            WORLDS, replicates=REPLICATES, teams=TEAMS, seed=1, threads=THREADS, out=folder
        ).summary()
    )
    few = {"replicates": 2, "teams": TEAMS, "seed": 1, "threads": THREADS}
    none = took(lambda: ec.compare(WORLDS, **few))
    some = took(lambda: ec.compare(WORLDS, **few, draws=SOME))
    sets = [SETS / SOME * (more - less) for more, less in zip(some, none, strict=True)]
    named = {
        "one team, one replicate, warm": warm,
        f"{REPLICATES} replicates of {TEAMS} teams, with page": whole,
        f"{SETS} sets of assumptions": tuple(sets),
    }
    return {
        f"{name}, {what}": value
        for name, pair in named.items()
        for what, value in zip(("s", "s of processors"), pair, strict=True)
    }


def main() -> None:
    """Measure and print; the figures also go to results/bench-comparing.json."""
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder))
    for name, value in figures.items():
        print(f"{name:64s} {value:10.2f}")
    place = Path("results") / "bench-comparing.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
