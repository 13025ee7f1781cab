"""How often mixed models reject a true null and cover a true effect, in small trials.

Two arms, three waves; egos drop out completely at random and stay away. The estimand is the
difference between arms at the last wave. What is left between a figure and its nominal level is
what small samples do to the analysis. The table is recorded by

    python -m tests.verify.mixed_levels

in results/verification/mixed_models.csv; a minute or two.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from functools import partial
from io import StringIO
from pathlib import Path
from types import MappingProxyType

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.mmrm import mmrm
from analysis.estimators.random_intercept import random_intercept
from analysis.estimators.random_slope import random_slope
from sim.files.whole import write_whole

__all__ = ["MODELS", "RETENTION", "SIZES", "MixedLevel", "mixed_level", "mixed_levels"]

SIZES, RETENTION = (15, 29, 100), (1.0, 0.83, 0.5)
METHODS = ("satterthwaite", "kenward-roger")
WAVES, CHUNK, EFFECT, ALPHA = 3, 2000, 0.8, 0.05
RECORDED = Path("results") / "verification" / "mixed_models.csv"


@dataclass(frozen=True)
class Model:
    """A model, and the SD of slopes in the data it is right for."""

    fit: Callable[..., Fits]
    slopes: float


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "random intercept": Model(random_intercept, 0.0),
        "random slope": Model(partial(random_slope, times=np.arange(WAVES)), 0.5),
        "compound symmetry": Model(partial(mmrm, covariance="compound symmetry"), 0.0),
        "unstructured": Model(mmrm, 0.5),
    }
)


@dataclass(frozen=True)
class MixedLevel:
    """One model at one size and retention: simulated trials, not real ones.

    Attributes
    ----------
    retention : float
        Expected share of egos seen at the last wave; at the second, half-way from 1 to there.
    type_one, coverage : float
        Shares of the fits that converged: p at most .05 without an effect, and an effect of .8 SD
        in the 95 % interval.
    mcse : float
        Monte Carlo standard error of a share of .05 or .95.
    converged, singular : float
        Shares of all replicates without an effect.
    """

    model: str
    df: str
    egos: int
    retention: float
    type_one: float
    coverage: float
    mcse: float
    converged: float
    singular: float
    replicates: int
    synthetic: str = "TRUE"


def mixed_level(
    name: str, df: str, egos: int, retention: float, *, replicates: int, seed: int
) -> MixedLevel:
    """Draw trials with and without an effect and fit one of `MODELS` to each."""
    model = MODELS[name]
    null, real = (
        _fits(model, df, egos, retention, effect, replicates, seed) for effect in (0.0, EFFECT)
    )
    p = np.concatenate([fits.p[fits.converged] for fits in null])
    covered = np.concatenate(
        [((fits.lo <= EFFECT) & (fits.hi >= EFFECT))[fits.converged] for fits in real]
    )
    return MixedLevel(
        model=name,
        df=df,
        egos=egos,
        retention=retention,
        type_one=float((p <= ALPHA).mean()),
        coverage=float(covered.mean()),
        mcse=float(np.sqrt(ALPHA * (1 - ALPHA) / p.size)),
        converged=p.size / replicates,
        singular=float(np.mean(np.concatenate([fits.singular for fits in null]))),
        replicates=replicates,
    )


def mixed_levels(replicates: int = 10_000, *, seed: int = 1) -> list[MixedLevel]:
    """All models at all sizes and retentions."""
    return [
        mixed_level(name, df, egos, retention, replicates=replicates, seed=seed)
        for name in MODELS
        for df in METHODS
        for egos in SIZES
        for retention in RETENTION
    ]


def _fits(
    model: Model, df: str, egos: int, retention: float, effect: float, replicates: int, seed: int
) -> list[Fits]:
    arm = np.arange(egos) % 2
    later = np.broadcast_to(np.eye(WAVES)[:, 1:], (egos, WAVES, WAVES - 1))
    by_wave = np.concatenate([np.ones((egos, WAVES, 1)), later], axis=2)
    X = np.concatenate([by_wave, arm[:, None, None] * by_wave], axis=2)
    contrast = np.zeros(2 * WAVES)
    contrast[[WAVES, -1]] = 1.0  # the arm's difference at baseline, and its change by the last wave
    return [
        model.fit(_panel(rng, size, arm, retention, effect, model.slopes), X, contrast, df=df)
        for rng, size in _batches([seed, egos, round(100 * retention), effect > 0], replicates)
    ]


def _batches(key: Sequence[int], replicates: int) -> list[tuple[np.random.Generator, int]]:
    return [
        (np.random.default_rng([*key, first]), min(CHUNK, replicates - first))
        for first in range(0, replicates, CHUNK)
    ]


def _panel(
    rng: np.random.Generator,
    replicates: int,
    arm: np.ndarray,
    retention: float,
    effect: float,
    slopes: float,
) -> np.ndarray:
    """Intercepts and residuals of SD 1; the effect is all there at the last wave."""
    egos, wave = (replicates, arm.size, 1), np.arange(WAVES)
    y = rng.normal(size=egos) + slopes * rng.normal(size=egos) * wave
    y = y + rng.normal(size=(*egos[:2], WAVES)) + effect * arm[:, None] * (wave == WAVES - 1)
    seen = 1 - (1 - retention) * wave / (WAVES - 1)
    return np.where(rng.random(egos) < seen, y, np.nan)


def _record() -> None:
    sink = StringIO(newline="")
    out = csv.writer(sink, lineterminator="\n")
    out.writerow([field.name for field in fields(MixedLevel)])
    for level in mixed_levels():
        cells = astuple(level)
        out.writerow([f"{c:.6g}" if isinstance(c, float) else c for c in cells])
    write_whole(RECORDED, sink.getvalue().encode())


if __name__ == "__main__":
    _record()
