"""`make bench`: how fast it is, as ratios of things measured in one run on one machine.

Absolute times depend on the machine and on who else uses it; every figure is the least of several
runs, and what is promised is promised as a ratio or as a bound that a quiet machine keeps.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.world import run
from sim.world.compiled import compiled
from sim.world.kinds import Event
from sim.world.phases.draws import room_for_draws
from sim.world.scenario import parse_scenario, read_scenario
from sim.world.state import EVENT, LANES, LEDGER, TIES
from sim.world.streams import key_of, key_pair, philox, uniform
from sim.world.week import live_weeks

WEEKS = 52
PLACE = run.Place(1, 1)


@compiled
def draws_only(egos, ties, draws, weeks, scalar_draws, key):
    """The floor: the uniforms of a year at the same addresses, stored, and nothing else."""
    last = np.float32(0)
    for week in range(weeks):
        for b in range(draws.size):
            x = draws[b]
            for k in range(LANES):
                a, c, d, g = philox(1, x.address[k], week, 0, key)
                x.death[k], x.discharge[k] = uniform(a), uniform(c)
                x.referral[k], x.change[k] = uniform(d), uniform(g)
            for k in range(LANES):
                a, c, d, g = philox(2, x.address[k], week, 0, key)
                x.onset[k], x.severity_1[k] = uniform(a), uniform(c)
                x.severity_2[k], x.severity_3[k] = uniform(d), uniform(g)
            for k in range(LANES):
                a, c, d, g = philox(3, x.address[k], week, 0, key)
                x.wellbeing_0[k], x.wellbeing_1[k] = uniform(a), uniform(c)
                x.wellbeing_2[k], x.wellbeing_3[k] = uniform(d), uniform(g)
            for k in range(LANES):
                a, c, d, g = philox(4, x.address[k], week, 0, key)
                x.partner[k], x.kin[k] = uniform(a), uniform(c)
                x.friend[k], x.weak[k] = uniform(d), uniform(g)
            for k in range(LANES):
                a, c, d, g = philox(5, x.address[k], week, 0, key)
                x.outside[k], x.object[k] = uniform(a), uniform(c)
                x.young[k], x.severity_0[k] = uniform(d), uniform(g)
            for k in range(LANES):
                a, c, d, g = philox(6, x.address[k], week, 0, key)
                x.keep[k], x.crisis[k] = uniform(a), uniform(c)
                x.notice[k], x.act[k] = uniform(d), uniform(g)
            for k in range(LANES):
                a, c, _, _ = philox(7, x.address[k], week, 0, key)
                x.befalls[k], x.what[k] = uniform(a), uniform(c)
        for e in range(egos.size):
            who = egos[e].address
            for b in range(egos[e].blocks):
                x = ties[e, b]
                for k in range(LANES):
                    a, c, d, g = philox(8, who, week, x.identity[k], key)
                    x.u0[k], x.u1[k] = uniform(a), uniform(c)
                    x.u2[k], x.worth[k] = uniform(d), uniform(g)
                for k in range(LANES):
                    a, c, d, g = philox(9, who, week, x.identity[k], key)
                    x.row[k], x.outside[k] = uniform(a), uniform(c)
                    x.offered[k], x.asked[k] = uniform(d), uniform(g)
        for n in range(scalar_draws):
            a, _, _, _ = philox(12, n, week, 0, key)
            last += uniform(a)
    return last


def best(work: Callable[[], object], times: int = 9) -> float:
    """Seconds of the quickest of several calls."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def scalar_draws(year: run.History, posts: int) -> int:
    """Draws a week that no loop over slots or egos makes: posts, visits and births of ties.

    A visit that is due draws its place in the order and its outcome, a booking whether it is
    forgone, a date of the schedule the step to the next; a birth seven addresses of traits.
    """
    units = np.array([1, 1, 2])
    visits = {name: (year.team.ledger[:, n] / units).sum() for name, n in LEDGER.items()}
    served = visits["kept"] + visits["missed"]
    calls = visits["wanted"] + served + visits["booked"] + served + visits["forgone"]
    births = (year.events["event"] == Event.TIE_BEGAN).sum()
    return round((calls + 7 * births) / WEEKS) + 3 * posts


def kernel() -> dict[str, float]:
    """Nanoseconds per alive tie and week of the kernel and of its draws, and a team's year."""
    scenario, key = read_scenario("usual-care"), key_of(1)
    team = run.run_in(scenario, PLACE, key)
    quiet = run._plain_segment(scenario, team.egos.size, team.posts.size)
    pair, nobody = key_pair(key), run._watch(run.NOBODY, team.slots)
    draws = room_for_draws(team.egos["address"])
    year = run.live(scenario, PLACE, team, key, WEEKS)
    alive = ((team.column("group") >= 0).sum() + (year.team.column("group") >= 0).sum()) / 2
    scalar = scalar_draws(year, team.posts.size)
    scratch = team.ties.copy()
    states = iter([team.copy() for _ in range(2 * 12)])

    def live() -> None:
        arrays = run._arrays(next(states), quiet, np.zeros(20000, EVENT), np.zeros(2, np.int64))
        live_weeks(arrays, nobody, 0, WEEKS, pair)

    def floor() -> None:
        draws_only(team.egos, scratch, draws, WEEKS, scalar, pair)

    live(), floor()
    tie_weeks = alive * WEEKS
    took, least = best(live, 20), best(floor, 20)
    return {
        "egos": team.egos.size,
        "ties an ego": alive / team.egos.size,
        "kernel, ns a tie-week": took / tie_weeks * 1e9,
        "draws only, ns a tie-week": least / tie_weeks * 1e9,
        "kernel over draws": took / least,
        "a team's year, ms": took * 1e3,
        "memory, GB a million egos": (TIES.itemsize * team.ties.shape[1] + team.egos.itemsize)
        / 1e3,
    }


def twin(weeks: int = 4) -> float:
    """Nanoseconds per alive tie and week of the Mesa twin."""
    from sim.world.agents import CohortModel

    data = read_scenario("usual-care").resolved()
    data["world"]["egos_per_team"] = 24
    scenario, key = parse_scenario(data), key_of(1)
    team = run.run_in(scenario, PLACE, key)
    model = CohortModel.from_team(team, scenario, PLACE, key)
    start = time.perf_counter()
    for _ in range(weeks):
        model.live_week()
    return (time.perf_counter() - start) / weeks / (team.column("group") >= 0).sum() * 1e9


def linearity() -> dict[str, float]:
    """Cost of an ego-week at 100 teams over that at one, and of three years over one."""
    data = read_scenario("usual-care").resolved()
    data["world"]["scale"] = 1 / 3
    scenario = parse_scenario(data)
    teams = [run.Place(1, n) for n in range(1, 101)]
    begun = {place: run.run_in(scenario, place, key_of(1)) for place in teams}

    def some(n: int, weeks: int) -> float:
        def work() -> None:
            for place in teams[:n]:
                run.live(scenario, place, begun[place], key_of(1), weeks)

        return best(work, 3 if n > 10 else 40 // n) / n / weeks

    mean_one = (
        np.mean(
            [
                best(lambda p=p: run.live(scenario, p, begun[p], key_of(1), WEEKS), 5)
                for p in teams[:20]
            ]
        )
        / WEEKS
    )
    return {
        "100 teams over 1 team, per ego-week": some(100, WEEKS) / mean_one,
        "156 weeks over 52, per ego-week": some(10, 3 * WEEKS) / some(10, WEEKS),
    }


def studies(number: int = 24, threads: int = 2) -> float:
    """Seconds for 1,000 founding-study worlds on two threads, from `number` of them."""
    from concurrent.futures import ThreadPoolExecutor

    from sim.study.simulate import simulate_study
    from sim.study.spec import read_study

    study = read_study("founding-study")
    scenario = read_scenario(study.scenario)

    def work(replicate: int) -> None:
        simulate_study(scenario, study, seed=1, replicate=replicate, frame=False)

    work(0)
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(number)))
    return (time.perf_counter() - start) / number * 1000


def data_set(number: int = 40, threads: int = 2) -> dict[str, float]:
    """Seconds and bytes of 1,000 founding studies as one data set, from `number` of them.

    What a study costs by part is in milliseconds of thread time, the median of ten.
    """
    import egocohort as ec

    with tempfile.TemporaryDirectory() as folder:
        ec.simulate_many(replicates=2, seed=1).save(folder)
        start = time.perf_counter()
        many = ec.simulate_many(replicates=2 + number, seed=1, threads=threads)
        files = many.save(folder)
        took = time.perf_counter() - start
        size = sum(file.stat().st_size for file in files) / (2 + number)
    return {
        "1,000 founding studies as a data set, s": took / number * 1000,
        "1,000 founding studies as a data set, MB": size / 1e3,
        **{f"a study of a data set: {part}, ms": cost for part, cost in parts_of_a_study().items()},
    }


def parts_of_a_study(number: int = 10) -> dict[str, float]:
    """Milliseconds of thread time of a founding study by part, the median of some."""
    from egocohort.replicates.request import main_tables, read_many
    from egocohort.simulation_run import carry_out
    from sim.data.serialise import parquet_bytes
    from sim.data.tables import digest

    asked = read_many("founding-study", None, seed=1, replicates=number + 1, tables=None)
    names, now = main_tables(), time.thread_time
    rows = []
    for replicate in range(number + 1):
        times = [now()]
        study = carry_out(asked.one(replicate), only=names)
        times.append(now())
        tables = [study.arrow(name) for name in names]
        times.append(now())
        for table in tables:
            digest(table)
        times.append(now())
        for table in tables:
            parquet_bytes(table)
        times.append(now())
        rows.append(np.diff(times) * 1e3)
    parts = ("world and interviews", "tables", "digests", "Parquet, were it alone")
    return dict(zip(parts, np.median(rows[1:], axis=0).tolist(), strict=True))


def commands() -> dict[str, float]:
    """Seconds of the command line: help, and a warm founding study from start to end."""
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-m", "egocohort"]
        simulate = [
            *program,
            "simulate",
            "founding-study",
            "--seed",
            "1",
            "--out",
            folder,
            "--force",
        ]

        def call(words: list[str]) -> Callable[[], object]:
            return lambda: subprocess.run(words, check=True, capture_output=True)

        call(simulate)()
        return {
            "python -c pass, s": best(call([sys.executable, "-c", "pass"]), 5),
            "egocohort --help, s": best(call([*program, "--help"]), 5),
            "egocohort simulate founding-study, warm, s": best(call(simulate), 3),
        }


def vectorised() -> int:
    """Loops and straight runs that the compiler turned into vector instructions in the kernel."""
    code = (
        "import llvmlite.binding as b\n"
        "b.set_option('', '-pass-remarks=(loop|slp)-vectorize')\n"
        "from tests.bench import run\n"
        "from sim.world import run as r\n"
        "from sim.world.scenario import read_scenario\n"
        "from sim.world.streams import key_of\n"
        "r.run_in(read_scenario('usual-care'), run.PLACE, key_of(1))\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "EGOCOHORT_CACHE": folder, "PYTHONPATH": str(Path.cwd())}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            env=environment,
            capture_output=True,
            text=True,
        )
    return done.stderr.lower().count("vectorized")


def main() -> None:
    """Measure everything and print it; the figures also go to results/bench.json."""
    figures: dict[str, float] = kernel()
    figures["twin, ns a tie-week"] = twin()
    figures["twin over kernel"] = figures["twin, ns a tie-week"] / figures["kernel, ns a tie-week"]
    figures |= linearity()
    figures["1,000 founding-study worlds, s on two threads"] = studies()
    figures |= data_set()
    figures |= commands()
    figures["vectorised pieces of the kernel"] = vectorised()
    for name, value in figures.items():
        print(f"{name:48s} {value:12,.3f}".rstrip("0").rstrip("."))
    place = Path("results") / "bench.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
