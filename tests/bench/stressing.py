"""`make bench`: what a study of a stress test costs, beside the user's own analysis.

Milliseconds of processor a study and condition, of this process, the keeper and the process of an
analysis that does nothing: the world, its tables, handing them over and reading them as DataFrames.
What it takes to start is left out, as the difference of two runs. The founding study under all its
usual conditions, which share their worlds; under one alone; and with errors of files. Each as in a
run of 200 studies, of which two share a world, and one condition as in a run of 400, too.
"""

import json
import resource
import tempfile
from dataclasses import replace
from pathlib import Path

from analysis.stress.code import user_code
from analysis.stress.result import spec_of_stress
from analysis.stress.run import Hands, rows_of_run
from analysis.stress.shared_worlds import FEWEST_WORLDS, KeptLives
from analysis.stress.studies import StressSpec
from sim.study.spec import read_study

NOTHING = """
def fit(study):
    return {"m": {"estimate": 1.0, "lo": 0.0, "hi": 2.0}}
"""
STUDY, ESTIMATES, SEED = "founding-study", ["m = mean swemwbs 52"], 3
CLEAN_FILES = "those without errors in files"
CASES = {  # conditions, and studies a world
    "all usual conditions": ([], 2),
    CLEAN_FILES: ([], 2),
    "one condition alone": (["clean"], 2),
    "one condition alone, of 400": (["clean"], 4),
    "one kind of error in files": (["duplicates"], 2),
    "all errors in files": (["files"], 2),
}
FEW, MANY = 2, 12
TIMES = 5
"""Of these the least: a busy machine makes every figure larger, by a fifth and more."""


def processor() -> float:
    """Seconds of processor of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def took(spec: StressSpec, worlds: int, studies: int) -> float:
    """Seconds of processor of all studies of so many worlds, their processes ended."""
    before, lives = processor(), KeptLives(studies * FEWEST_WORLDS)
    with Hands(spec) as hands:
        for turn in range(studies):
            numbers = range(turn * FEWEST_WORLDS, turn * FEWEST_WORLDS + worlds)
            rows_of_run(spec, hands, numbers, lives=lives)
    return processor() - before


def measure(folder: Path) -> dict[str, float]:
    """Milliseconds a study and condition."""
    file, figures = folder / "nothing.py", {}
    file.write_text(NOTHING, encoding="utf-8")
    for name, (conditions, studies) in CASES.items():
        spec = spec_of_stress(
            user_code(f"{file}:fit"), read_study(STUDY), estimates=ESTIMATES,
            conditions=conditions, seed=SEED,
        )  # fmt: skip
        if name == CLEAN_FILES:
            clean = tuple(case for case in spec.cases if not case.errors_of_files)
            spec = replace(spec, cases=clean)
        took(spec, 1, studies)  # which compiles
        least = [min(took(spec, worlds, studies) for _ in range(TIMES)) for worlds in (FEW, MANY)]
        made = (MANY - FEW) * studies * len(spec.cases)
        figures[f"{name} ({len(spec.cases)})"] = 1e3 * (least[1] - least[0]) / made
    return figures


def main() -> None:
    """Measure and print; the figures also go to results/bench-stressing.json."""
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder))
    for name, value in figures.items():
        print(f"{name:40s} {value:8.2f} ms of processor a study and condition")
    place = Path("results") / "bench-stressing.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
