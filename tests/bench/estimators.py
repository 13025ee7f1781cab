"""`make bench`: microseconds per fit of the mixed models, beside statsmodels in the same run.

Every figure is the least of many short runs on one thread, so that what else the machine does
counts little; it holds for a batch of 250 replicates, from arrays to p-values.
"""

import json
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.mmrm import mmrm
from analysis.estimators.random_intercept import random_intercept
from analysis.estimators.random_slope import random_slope

REPLICATES, WAVES, SEEN = 250, 3, 0.83
MODELS = {
    "random intercept": random_intercept,
    "random slope": partial(random_slope, times=np.arange(WAVES)),
    "compound symmetry": partial(mmrm, covariance="compound symmetry"),
    "unstructured": mmrm,
}


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


def microseconds(fit: Callable[[], Fits], times: int = 300) -> float:
    """Per replicate, the least of several batches."""
    assert fit().converged.all()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        fit()
        found.append(time.perf_counter() - start)
    return min(found) / REPLICATES * 1e6


def statsmodels_microseconds(y: np.ndarray, X: np.ndarray, times: int = 8) -> float:
    """One fit by MixedLM, the least over some replicates."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    found = []
    for values in y[:times]:
        seen = np.isfinite(values)
        groups = np.nonzero(seen)[0]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            start = time.perf_counter()
            MixedLM(values[seen], X[seen], groups).fit(reml=True)
            found.append(time.perf_counter() - start)
    return min(found) * 1e6


def mixed_models() -> dict[str, float]:
    """Microseconds per fit, and how many times MixedLM takes as long."""
    figures: dict[str, float] = {}
    for egos in (60, 200):
        for seen in (1.0, SEEN):
            for age in (False, True):
                y, X, contrast = trials(egos, seen, age)
                what = f"{egos} egos, {seen:.0%} seen{', own covariate' if age else ''}"
                for df in ("satterthwaite", "kenward-roger"):
                    took = microseconds(partial(random_intercept, y, X, contrast, df=df))
                    figures[f"random intercept, {what}, {df}, us"] = took
                slow = statsmodels_microseconds(y, X)
                figures[f"MixedLM over random intercept, {what}"] = slow / took
        y, X, contrast = trials(egos, SEEN, False)
        for name, fit in MODELS.items():
            if fit is not random_intercept:
                took = microseconds(partial(fit, y, X, contrast), 20)
                figures[f"{name}, {egos} egos, {SEEN:.0%} seen, kenward-roger, us"] = took
    return figures


def main() -> None:
    """Measure and print; the figures also go to results/bench-estimators.json."""
    figures = mixed_models()
    for name, value in figures.items():
        print(f"{name:76s} {value:12,.2f}")
    place = Path("results") / "bench-estimators.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
