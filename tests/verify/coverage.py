"""Does the truth lie in the intervals? Pilots of known worlds, each fitted as a user's would be.

The pilots share one bank of cohorts over the whole of the ranges; what a user's fit does besides, a
second round near the fit, makes the surface better and the intervals no less honest. `python -m
tests.verify.coverage` in a checkout writes the table of results/verification.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.calibration.aims import aim_at
from analysis.calibration.bank import Bank
from analysis.calibration.cohort import Interviewed, interview_rows
from analysis.calibration.fit import Effort, finish, first_round, posterior_of
from analysis.calibration.identified import judge
from analysis.calibration.pilot import targets_of
from analysis.calibration.surface import Box
from analysis.calibration.targets import Target, read_recipe
from sim.files.whole import write_whole
from sim.side_by_side import Progress, silent
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study
from sim.world.scenario import parse_scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EFFORT", "coverage_table", "covered"]

EFFORT = Effort(40, 60, 1.2, 1, 1)
SMALLEST, LARGEST = 60, 150

STUDY = {
    "id": "synthetic-pilot", "title": "A pilot of a known world",
    "frame": {"teams_per_site": [2, 2, 2, 2], "scale": 1 / 3},
    "recruitment": {"n": LARGEST},
    "waves": {"weeks": [0, 26, 52], "window": 2},
    "participation": {"retention": [0.9, 0.82], "mechanism": "MAR", "odds_ratio": 2.0},
}  # fmt: skip


def coverage_table(
    pilots: int = 48,
    *,
    seed: int,
    threads: int = 1,
    effort: Effort = EFFORT,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Fit pilots whose world is known.

    Parameters
    ----------
    pilots : int
        Each of a size between 60 and 150, in a world drawn evenly from the ranges.

    Returns
    -------
    DataFrame
        A row for each pilot and parameter: truth, best fit, interval, whether it was said to be
        identified, and whether the interval holds the truth.
    """
    import pandas as pd

    recipe = replace(read_recipe("pilot"), study=parse_study(STUDY))
    bank = Bank(recipe, effort.teams, seed, threads)
    start = bank.begin()
    people = start.rows[start.eligible]
    rng = np.random.default_rng([seed, 2])
    rows: list[dict] = []
    for number in range(pilots):
        theta = bank.prior.at(rng.random(bank.prior.low.size))
        n = int(rng.integers(SMALLEST, LARGEST + 1))
        if number == 0:  # any targets will do to fill the bank: cohorts do not depend on them
            some = _pilot(bank, bank.theta[0], n, seed=int(rng.integers(2**31)))
            first_round(bank, aim_at(some, people, bank.columns, rng), effort, rng, progress)
        targets = _pilot(bank, theta, n, seed=int(rng.integers(2**31)))
        aims = [one for one in targets if one.use == "calibration"]
        aim = aim_at(aims, people, bank.columns, rng)
        done = finish(bank, posterior_of(bank, bank.prior, aim, rng), aims, effort, rng)
        low, high = done.interval()
        known = judge([one.path for one in recipe.free], bank.prior, Box(low, high), done.now.draws)
        for k, one in enumerate(known):
            rows.append(
                {
                    "pilot": number + 1, "people": n, "parameter": one.path,
                    "truth": theta[k], "fitted": done.best[k], "lo": low[k], "hi": high[k],
                    "identified": one.identified, "width": one.width,
                    "holds": bool(low[k] <= theta[k] <= high[k]),
                }
            )  # fmt: skip
        progress("pilots of known worlds", number + 1, pilots)
    return pd.DataFrame(rows)


def _pilot(bank: Bank, theta: np.ndarray, n: int, *, seed: int) -> list[Target]:
    """Targets of a simulated study of n people in a world in balance at a point."""
    data = bank.recipe.world.resolved()
    data["parameters"] = {**data["parameters"], **bank.balanced(theta), **bank.expand(theta)}
    study = parse_study({**STUDY, "recruitment": {"n": n}})
    done = simulate_study(parse_scenario(data), study, seed=seed, interviews_only=True)
    seen = Interviewed(done.sample.members, done.maps.recorded, done.visits.attended)
    return targets_of(interview_rows(seen, bank.columns), bank.columns, seed)[0]


def covered(table: pd.DataFrame) -> pd.DataFrame:
    """Share of intervals that hold the truth: of all, and of those said to be identified.

    Parameters
    ----------
    table
        From `coverage`.
    """
    import pandas as pd

    groups = [("all parameters", table), *table.groupby("parameter", sort=False)]
    rows = []
    for name, mine in groups:
        told = mine[mine["identified"]]
        share = float(told["holds"].mean()) if len(told) else float("nan")
        rows.append(
            {
                "parameter": name, "intervals": len(mine), "identified": len(told),
                "coverage": share,
                "mcse": float(np.sqrt(share * (1 - share) / max(len(told), 1))),
                "coverage_of_all": float(mine["holds"].mean()),
                "mean_width": float(mine["width"].mean()),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def main() -> None:
    """Write results/verification/calibration_coverage.csv."""

    def say(what: str, done: int, total: int) -> None:
        if done % 10 == 0:
            print(f"{what}: {done} of {total}", flush=True)  # noqa: T201

    found = coverage_table(seed=1, threads=2, progress=say)
    table = covered(found).assign(synthetic="TRUE")
    print(table.to_string(index=False))  # noqa: T201
    file = Path("results") / "verification" / "calibration_coverage.csv"
    text = table.to_csv(index=False, float_format="%.4g", lineterminator="\n")
    write_whole(file, str(text).encode())


if __name__ == "__main__":
    main()
