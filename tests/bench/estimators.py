"""`make bench`: microseconds per fit of the mixed models, and how long power curves take.

Beside them, in the same run on the same machine: statsmodels' MixedLM and GEE on the same data,
and MCPower on the nearest design it takes. Every figure is the least of many short runs on one
thread unless it says otherwise, by the processor's time and by the clock, as what else the machine
does stretches the latter; the load is written beside. Ratios are of processor times.
"""

import json
import os
import time
import tomllib
import warnings
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.gee import gee
from analysis.estimators.mmrm import mmrm
from analysis.estimators.random_intercept import random_intercept
from analysis.estimators.random_slope import random_slope
from analysis.planning.planner import AROUND
from analysis.planning.processes import process_of
from analysis.questions.of_study import plan_of
from analysis.trials.trial import Trial
from sim.study.spec import Study, parse_study

REPLICATES, WAVES, SEEN = 250, 3, 0.83
MODELS = {
    "random slope": partial(random_slope, times=np.arange(WAVES)),
    "compound symmetry": partial(mmrm, covariance="compound symmetry"),
    "unstructured": mmrm,
}
METHODS = ("satterthwaite", "kenward-roger")
TRIAL = "network-intervention-trial"
CURVE, THREADS = 1000, 2
FIVE = {"weeks": [0, 13, 26, 39, 52], "retention": [0.95, 0.9, 0.85, 0.8]}
"""MCPower takes no fewer than five rows a cluster."""


def trials(egos: int, seen: float, age: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two arms, a slope in each; with age, no two egos have the same fixed effects."""
    rng = np.random.default_rng(egos)
    wave = np.broadcast_to(np.arange(WAVES), (egos, WAVES))
    arm = np.broadcast_to(np.arange(egos)[:, None] % 2, wave.shape)
    columns = [np.ones(wave.shape), wave, arm, arm * wave]
    if age:
        columns.append(np.broadcast_to(rng.normal(size=(egos, 1)), wave.shape))
    X = np.stack(columns, axis=-1).astype(float)
    y = 0.3 * wave + rng.normal(size=(REPLICATES, egos, 1))
    y = y + rng.normal(size=(REPLICATES, egos, WAVES))
    y[rng.random(y.shape) >= seen] = np.nan
    return y, X, np.eye(X.shape[-1])[3]


def least(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Seconds of the quickest of several calls: of all processors together, and by the clock."""
    found = []
    for _ in range(times):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        found.append((time.process_time() - processor, time.perf_counter() - clock))
    return min(one for one, _ in found), min(one for _, one in found)


def microseconds(fit: Callable[[], Fits], times: int = 300) -> tuple[float, float]:
    """Per replicate, the least of several batches."""
    assert fit().converged.all()
    processor, clock = least(fit, times)
    return processor / REPLICATES * 1e6, clock / REPLICATES * 1e6


def statsmodels_microseconds(
    y: np.ndarray, X: np.ndarray, times: int = 8
) -> dict[str, tuple[float, float]]:
    """One fit by MixedLM and one by GEE, the least over the same replicates."""
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.generalized_estimating_equations import GEE
    from statsmodels.regression.mixed_linear_model import MixedLM

    def mixed(values: np.ndarray, rows: np.ndarray, groups: np.ndarray) -> object:
        return MixedLM(values, rows, groups).fit(reml=True)

    def marginal(values: np.ndarray, rows: np.ndarray, groups: np.ndarray) -> object:
        return GEE(values, rows, groups, cov_struct=Exchangeable()).fit()

    figures = {}
    for name, fit in (("MixedLM", mixed), ("GEE", marginal)):
        found = []
        for values in y[:times]:
            seen = np.isfinite(values)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.append(
                    least(partial(fit, values[seen], X[seen], np.nonzero(seen)[0]), times=3)
                )
        figures[name] = tuple(1e6 * min(one) for one in zip(*found, strict=True))
    return figures


def mixed_models() -> dict[str, float]:
    """Microseconds per fit, and how many times as long statsmodels takes."""
    figures: dict[str, float] = {}
    for egos in (60, 200):
        for seen in (1.0, SEEN):
            for age in (False, True):
                y, X, contrast = trials(egos, seen, age)
                what = f"{egos} egos, {seen:.0%} seen{', own covariate' if age else ''}"
                slowest = 0.0
                for df in METHODS:
                    took = microseconds(partial(random_intercept, y, X, contrast, df=df))
                    figures |= both(f"random intercept, {what}, {df}, us", took)
                    slowest = max(slowest, took[0])
                ours = microseconds(partial(gee, y, X, contrast), 20)
                figures |= both(f"GEE, {what}, us", ours)
                theirs = statsmodels_microseconds(y, X)
                for name, took in theirs.items():
                    figures |= both(f"statsmodels {name}, {what}, us", took)
                    figures[f"statsmodels {name} over random intercept, {what}"] = took[0] / slowest
                figures[f"statsmodels GEE over GEE, {what}"] = theirs["GEE"][0] / ours[0]
        y, X, contrast = trials(egos, SEEN, False)
        for name, fit in MODELS.items():
            took = microseconds(partial(fit, y, X, contrast), 20)
            figures |= both(f"{name}, {egos} egos, {SEEN:.0%} seen, kenward-roger, us", took)
    return figures


def both(name: str, took: tuple[float, float]) -> dict[str, float]:
    """A figure by the processor's time and by the clock."""
    return {name: took[0], f"{name.removesuffix(' of processor')} by the clock": took[1]}


def study_with(**changes: object) -> Study:
    """The shipped trial with other entries: "table.entry", with a double underscore for the dot."""
    place = resources.files("scenarios") / "studies" / f"{TRIAL}.toml"
    data = tomllib.loads(place.read_text(encoding="utf-8"))
    for path, value in changes.items():
        *tables, entry = path.split("__")
        table = data
        for name in tables:
            table = table[name]
        table[entry] = value
    return parse_study(data)


def curves() -> dict[str, float]:
    """Seconds of a power curve, eight sizes of 1,000 studies, from draws to estimates.

    By the clock it is the processors' sum over THREADS where they are free.
    """
    figures: dict[str, float] = {}
    for analysis in ("mmrm", "random_intercept", "ancova"):
        study = study_with()
        asked = plan_of(study).question[0].model_copy(update={"analysis": analysis})
        plan = plan_of(study).model_copy(update={"question": (asked,)})
        trial = Trial(process_of(study, plan, 1), plan, THREADS)
        sizes = [round(share * study.recruitment.n) for share in AROUND]
        trial.fits(sizes, range(CURVE))
        took = least(partial(trial.fits, sizes, range(CURVE)), 9)
        what = f"power curve, {len(sizes)} x {CURVE:,}, {sizes[0]} to {sizes[-1]} egos, {analysis}"
        figures |= both(f"{what}, s of processor", took)
        figures[f"half a second over {what}"] = 0.5 / took[0]
    return figures


def beside_mcpower() -> dict[str, float]:
    """Microseconds to simulate and test once, in five waves: ours with drop-out, MCPower's without.

    Both have a random intercept, an arm of the ego, time, and test the arm's slope with Student's
    t; MCPower by maximum likelihood with degrees of freedom by counting, ours by REML.
    """
    try:
        from mcpower import MCPower, _engine
    except ImportError:
        print('MCPower is not installed and left out: pip install ".[bench]"')
        return {}
    _engine.set_n_threads(1)
    panel = {"outcome": "swemwbs", "sd": 3.92, "correlation": 0.5}
    panel["effect"] = {"intervention": [0.05, 0.1, 0.15, 0.2]}
    study = study_with(
        waves__weeks=FIVE["weeks"], participation__retention=FIVE["retention"], plan__panel=panel
    )
    process = process_of(study, plan_of(study), 1)
    years = np.array(FIVE["weeks"]) / 52
    figures: dict[str, float] = {}
    for egos in (60, 200):
        wave = np.broadcast_to(years, (egos, years.size))
        arm = np.broadcast_to(process.arm[:egos, None], wave.shape)
        X = np.stack([np.ones(wave.shape), wave, arm, arm * wave], axis=-1)

        def ours(egos: int = egos, X: np.ndarray = X) -> list[Fits]:
            batches = process.draw(egos, range(CURVE))
            return [random_intercept(one.y, X, np.eye(4)[3]) for one in batches]

        model = MCPower("y = arm + time + arm:time + (1|ego)", family="lme")
        model.set_variable_type("arm=binary")
        model.set_effects("arm=0, time=0.1, arm:time=0.2")
        model.set_cluster("ego", ICC=0.5, cluster_size=years.size, cluster_level_vars=["arm"])
        theirs = partial(
            model.find_power, sample_size=egos * years.size, target_test="arm:time",
            n_sims=CURVE, seed=1, progress_callback=False, verbose=False,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # five rows a cluster are few, it says
            ours(), theirs()
            took = [tuple(1e6 / CURVE * one for one in least(work, 9)) for work in (ours, theirs)]
        what = f"{egos} egos x {years.size} waves"
        figures |= both(f"simulate, drop out, fit, test, {what}, us", took[0])
        figures |= both(f"MCPower simulate, fit, test, {what}, us", took[1])
        figures[f"MCPower over ours, {what}"] = took[1][0] / took[0][0]
    return figures


def main() -> None:
    """Measure and print; the figures also go to results/bench-estimators.json."""
    figures = {"processors": float(os.cpu_count() or 1), "load before": os.getloadavg()[0]}
    figures |= curves() | beside_mcpower() | mixed_models()
    figures["load after"] = os.getloadavg()[0]
    for name, value in figures.items():
        print(f"{name:96s} {value:12,.2f}")
    place = Path("results") / "bench-estimators.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
