"""`make bench`: a power curve of the simulated world from end to end, beside the kernel alone.

Five teams of the usual size, every number of people up to 200: 500 studies with their run-in, and
100 pairs of worlds for the truth, on two threads. With `--replicates 50`, a tenth of it, and what
the whole would take.

The kernel's share is the team-years lived, run-in included, times what a team-year costs within
the same run; above one, the rest is beginning teams, recruiting, interviewing and fitting.
"""

import argparse
import json
import resource
import time
import tomllib
from pathlib import Path

import numpy as np

from analysis.planning.planner import plan_study
from analysis.questions.of_study import plan_of
from analysis.worlds.process import world_process
from sim.study.spec import Study, parse_study
from sim.world import run
from sim.world.state import EVENT
from sim.world.streams import key_of, key_pair
from sim.world.week import live_weeks

STUDIES, THREADS, YEAR = 500, 2, 52
SIZES = tuple(range(20, 201, 20))
FIVE_TEAMS = """\
id = "five-teams"
title = "Guided help with one's network against usual care, in five teams"
scenario = "usual-care"

[frame]
teams_per_site = [1, 1, 1, 1, 1]

[recruitment]
n = 200

[arms]
unit = "ego"
share = { usual_care = 1, intervention = 1 }

[arms.scenario]
intervention = "network-intervention"

[waves]
weeks = [0, 26, 52]

[participation]
retention = [0.88, 0.80]
mechanism = "MAR"

[plan]
process = "world"
chance = 0.8
people_at_least = 20
people_at_most = 200

[[plan.question]]
outcome = "swemwbs"
analysis = "ancova"
"""


def processor_seconds() -> float:
    """Seconds of processor time so far, of all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def team_year(study: Study, times: int = 12) -> float:
    """Seconds of processor time a team's year takes in the kernel, the middle of several teams'."""
    assert plan_of(study) is not None
    lived = world_process(study, plan_of(study), 1).lived
    found = []
    for replicate in range(times):
        place, key = run.places(lived)[0], key_of(2, replicate)
        team = run.run_in(lived, place, key)
        quiet = run._plain_segment(lived, team.egos.size, team.posts.size)
        arrays = run._arrays(team, quiet, np.zeros(20000, EVENT), np.zeros(2, np.int64))
        nobody = run._watch(run.NOBODY, team.slots)
        start = time.thread_time()
        live_weeks(arrays, nobody, 0, YEAR, key_pair(key))
        found.append(time.thread_time() - start)
    return float(np.median(found))


def curve(study: Study, replicates: int) -> dict[str, float]:
    """Seconds of a power curve: wall, processor, and the kernel's part of the processor's."""
    plan_study(study, seed=1, sizes=SIZES[:2], replicates=10, threads=1)
    before = team_year(study)
    wall, processor = time.perf_counter(), processor_seconds()
    plan_study(study, seed=2, sizes=SIZES, replicates=replicates, threads=THREADS)
    wall, processor = time.perf_counter() - wall, processor_seconds() - processor
    a_year = (before + team_year(study)) / 2
    assert plan_of(study) is not None
    process = world_process(study, plan_of(study), 2)
    run_in = process.lived.world.runin_weeks
    pairs = max(replicates // 5, 2)
    weeks = replicates * (run_in + study.horizon) + pairs * (run_in + 2 * study.horizon)
    kernel = weeks * process.teams / YEAR * a_year
    whole = STUDIES / replicates
    return {
        "studies lived": replicates,
        "pairs of worlds lived": pairs,
        "wall, s": wall * whole,
        "processor, s": processor * whole,
        "a team's year, ms": a_year * 1e3,
        "kernel, processor s": kernel * whole,
        "processor over kernel": processor / kernel,
        "processor over wall": processor / wall,
    }


def main() -> None:
    """Measure and print; the figures also go to results/bench-planning.json."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replicates", type=int, default=STUDIES)
    replicates = asked.parse_args().replicates
    figures = curve(parse_study(tomllib.loads(FIVE_TEAMS), "five-teams.toml"), replicates)
    scaled = "" if replicates == STUDIES else f", for {STUDIES} from {replicates}"
    print(f"power curve of the world, {len(SIZES)} sizes, {THREADS} threads{scaled}")
    for name, value in figures.items():
        print(f"  {name:46s} {value:12,.2f}".rstrip("0").rstrip("."))
    place = Path("results") / "bench-planning.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
