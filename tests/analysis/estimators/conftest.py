"""Panels to fit: drawn ones, those that R was given, and dense matrices to judge a fit by."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "estimators"


def columns_of(design, wave, arm, age):
    """Fixed effects, (n, T, p), of a design by name; the contrast is the last column."""
    if design == "slope":
        columns = [wave * 0 + 1, wave, arm, wave * arm]
    else:
        later = range(1, wave.shape[1])
        columns = [wave * 0 + 1, *(wave == k for k in later), arm]
        columns += [age] if design == "age" else []
        columns += [(wave == k) * arm for k in later]
    return np.stack(columns, axis=-1).astype(float)


def last_column(X):
    return np.eye(X.shape[-1])[-1]


@dataclass
class Recorded:
    """What R was given and what it said."""

    panels: pd.DataFrame
    fits: pd.DataFrame

    def arrays(self, fixture, design):
        """y (1, n, T), X (n, T, p) and contrast of a recorded fit."""
        rows = self.panels[self.panels["fixture"] == fixture]
        shape = (rows["ego"].nunique(), rows["wave"].nunique())
        wave, arm, age, y = (
            rows[name].to_numpy().reshape(shape) for name in ("wave", "arm", "age", "y")
        )
        X = columns_of(design, wave, arm, age)
        return y[None].copy(), X, last_column(X)

    def of(self, model):
        """Rows of one model's fits, those of gls as it left them apart."""
        rows = self.fits[self.fits["model"] == model]
        assert len(rows) > 20
        return list(rows.itertuples())


@pytest.fixture(scope="session")
def recorded():
    """Panels and fits recorded by tests/golden/estimators/make_fixtures.R."""
    return Recorded(pd.read_csv(GOLDEN / "panels.csv"), pd.read_csv(GOLDEN / "mixed_models.csv"))


def _draw(replicates, egos, waves=3, *, seen=1.0, slopes=0.0, design="slope", seed=1):
    rng = np.random.default_rng([seed, egos, waves])
    wave = np.broadcast_to(np.arange(waves), (egos, waves))
    arm = np.broadcast_to(np.arange(egos)[:, None] % 2, (egos, waves))
    age = np.broadcast_to(rng.normal(40, 10, (egos, 1)), (egos, waves))
    X = columns_of(design, wave, arm, age)
    y = 20 + 0.3 * wave + rng.normal(size=(replicates, egos, 1))
    y = y + slopes * wave * rng.normal(size=(replicates, egos, 1))
    y = y + rng.normal(size=(replicates, egos, waves))
    lost = rng.random(y.shape) > seen
    lost[:, :, 0] = False
    y[lost] = np.nan
    return y, X, last_column(X)


@pytest.fixture(scope="session")
def draw():
    """A function that draws y (B, n, T), X and contrast: a trial of two arms."""
    return _draw


def _score(y, X, sigma, directions):
    """Slope of -2 log REML of one replicate in each direction of the covariance, dense."""
    seen = np.isfinite(y)
    ego, wave = np.nonzero(seen)
    place = (ego[:, None] == ego) * 1.0
    V = place * sigma[np.ix_(wave, wave)]
    x = X[seen]
    W = np.linalg.inv(V)
    P = W - W @ x @ np.linalg.inv(x.T @ W @ x) @ x.T @ W
    residual = P @ y[seen]
    spread = [place * one[np.ix_(wave, wave)] for one in directions]
    return np.array([(P * g).sum() - residual @ g @ residual for g in spread])


@pytest.fixture(scope="session")
def score():
    """The REML score with dense matrices, term by term another computation than the kernels'."""
    return _score
