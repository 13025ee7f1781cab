"""How often each analysis rejects a true null and covers a true effect, on data made for it.

Small studies are drawn from a model in which the estimand that an analysis declares is known
exactly; egos are then lost at random (MCAR). What is left over from the nominal level is what small
samples do to the analysis itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy import special

from analysis.estimators.catalogue import analysis
from analysis.estimators.contract import Fits

__all__ = ["STUDIES", "Level", "level_of"]

CHUNK = 1000
TIES, TEAMS, CORRELATION = 8, 6, 0.5

Made = tuple[tuple[object, ...], float]
"""What an analysis is called with, and the truth it is to find."""


@dataclass(frozen=True)
class Level:
    """Operating characteristics at one size, retention and effect.

    Attributes
    ----------
    rejected, covered : float
        Shares of the fits that converged with p below .05, and with the truth in the interval.
    converged : float
        Share of all replicates.
    bias, spread : float
        Mean and SD of the estimates less the truth.
    replicates : int
    """

    rejected: float
    covered: float
    converged: float
    bias: float
    spread: float
    replicates: int


def level_of(
    name: str, egos: int, retention: float, effect: float, *, replicates: int, seed: int
) -> Level:
    """Draw studies of one size, lose egos at random, analyse.

    Parameters
    ----------
    name : str
        A key of `STUDIES`.
    egos : int
    retention : float
        Expected share of egos seen after baseline.
    effect : float
        On the scale of the analysis: 0 for a null.
    replicates, seed : int

    Returns
    -------
    Level
    """
    study, entry = STUDIES[name], analysis(name.partition("/")[0])
    parts: list[tuple[Fits, float]] = []
    for first in range(0, replicates, CHUNK):
        rng = np.random.default_rng([seed, egos, round(100 * retention), first])
        size = min(CHUNK, replicates - first)
        lost = rng.random((size, egos)) >= retention
        arrays, truth = study(rng, lost, effect)
        parts.append((entry.of_arrays(*arrays), truth))
    truth = parts[0][1]
    estimate, lo, hi, p = (
        np.concatenate([getattr(fits, what) for fits, _ in parts])
        for what in ("estimate", "lo", "hi", "p")
    )
    good = np.concatenate([fits.converged for fits, _ in parts])
    return Level(
        rejected=float((p[good] < 0.05).mean()),
        covered=float(((lo <= truth) & (truth <= hi))[good].mean()),
        converged=float(good.mean()),
        bias=float(estimate[good].mean() - truth),
        spread=float(estimate[good].std(ddof=1)),
        replicates=replicates,
    )


def _arm(egos: int) -> np.ndarray:
    return (np.arange(egos) % 2).astype(np.float64)


def _normal(rng: np.random.Generator, shape: tuple[int, ...], shared: float) -> np.ndarray:
    """Standard normal values whose last axis has a common correlation."""
    common = rng.normal(size=(*shape[:-1], 1))
    return np.sqrt(shared) * common + np.sqrt(1 - shared) * rng.normal(size=shape)


def _panel(rng: np.random.Generator, lost: np.ndarray, effect: float) -> np.ndarray:
    """Three waves; the second arm gains `effect` by the last; the lost miss both later waves."""
    y = _normal(rng, (*lost.shape, 3), CORRELATION)
    y += effect * _arm(lost.shape[1])[:, None] * np.array([0.0, 0.5, 1.0])
    y[..., 1:][lost] = np.nan
    return y


def _last_and_first(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    y = _panel(rng, lost, effect)
    return (y[..., 2], _arm(lost.shape[1]), y[..., 0]), effect


def _of_arms(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    return (_panel(rng, lost, effect)[..., 2], _arm(lost.shape[1])), effect


def _within(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    y = _panel(rng, lost, 0.0)
    return (y[..., 2] + effect, y[..., 0]), effect


def _mean(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    return (_panel(rng, lost, 0.0)[..., 2] + effect,), effect


def _weighted(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    return (_panel(rng, lost, effect), _arm(lost.shape[1]), 2), effect


def _teams(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    """Six teams of about equal size, an intraclass correlation of .1."""
    team = np.arange(lost.shape[1]) % TEAMS
    arm = (team % 2).astype(np.float64)
    y = np.sqrt(0.1) * rng.normal(size=(len(lost), TEAMS))[:, team]
    y += np.sqrt(0.9) * rng.normal(size=lost.shape) + effect * arm
    y[lost] = np.nan
    return (y, arm, team), effect


def _waves(egos: int) -> tuple[np.ndarray, np.ndarray]:
    """Intercept, later waves, and the arm at each of them; the contrast is the last."""
    later = np.broadcast_to(np.eye(3)[:, 1:], (egos, 3, 2))
    X = np.concatenate([np.ones((egos, 3, 1)), later, _arm(egos)[:, None, None] * later], axis=2)
    return X, np.eye(5)[4]


def _equations(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    return (_panel(rng, lost, effect), *_waves(lost.shape[1])), effect


def _weighted_equations(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    X, contrast = _waves(lost.shape[1])
    return (_panel(rng, lost, effect), _arm(lost.shape[1]), X, contrast), effect


def _contacts(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    """Contacts in three waves, 6 on average, with a gamma frailty of each ego."""
    X, contrast = _waves(lost.shape[1])
    frailty = rng.gamma(4.0, 0.25, size=(*lost.shape, 1))
    beta = np.array([0.0, 0.0, 0.0, effect / 2, effect])
    y = rng.poisson(6 * frailty * np.exp(X @ beta)).astype(np.float64)
    y[..., 1:][lost] = np.nan
    return (y, X, contrast), effect


def _tie_design(egos: int) -> np.ndarray:
    """Intercept, the arm of the ego, and whether the tie is kin."""
    arm = np.broadcast_to(_arm(egos)[:, None], (egos, TIES))
    kin = np.broadcast_to((np.arange(TIES) % 2).astype(np.float64), (egos, TIES))
    return np.stack([np.ones((egos, TIES)), arm, kin], axis=-1)


def _sizes(rng: np.random.Generator, y: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """Networks of 4 to 8 ties; nothing of egos who are lost."""
    size = rng.integers(4, TIES + 1, size=(*lost.shape, 1))
    return np.where((np.arange(TIES) >= size) | lost[..., None], np.nan, y)


def _marginal_ties(column: int) -> Callable[..., Made]:
    def made(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
        X = _tie_design(lost.shape[1])
        eta = 0.4 + effect * X[..., column]
        cut = special.ndtri(special.expit(eta))
        y = 1.0 * (_normal(rng, (*lost.shape, TIES), 0.3) < cut)
        return (_sizes(rng, y, lost), X, np.eye(3)[column]), effect

    return made


def _conditional_ties(column: int) -> Callable[..., Made]:
    def made(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
        X = _tie_design(lost.shape[1])
        eta = 0.4 + effect * X[..., column] + rng.normal(size=(*lost.shape, 1))
        y = 1.0 * (rng.random((*lost.shape, TIES)) < special.expit(eta))
        return (_sizes(rng, y, lost), X, np.eye(3)[column]), effect

    return made


def _hazard(link: str, column: int) -> Callable[..., Made]:
    def made(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
        """Two intervals, losses of an ego's ties correlated within each; a loss ends the tie."""
        X = np.repeat(_tie_design(lost.shape[1])[..., None, 1:], 2, axis=2)
        eta = -1.0 + effect * X[..., column]
        chance = special.expit(eta) if link == "logit" else -np.expm1(-np.exp(eta))
        cut = special.ndtri(chance)
        draws = [_normal(rng, (*lost.shape, TIES), 0.2) for _ in range(2)]
        y = 1.0 * (np.stack(draws, axis=-1) < cut)
        y[..., 1][(y[..., 0] == 1) | lost[..., None]] = np.nan
        return (y, X, np.eye(2)[column]), effect

    return made


def _counts(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    """Contacts in a year, 8 on average, dispersion .5."""
    arm = _arm(lost.shape[1])
    y = rng.poisson(8 * np.exp(effect * arm) * rng.gamma(2.0, 0.5, size=lost.shape)) * 1.0
    y[lost] = np.nan
    return (y, np.stack([np.ones_like(arm), arm], axis=-1), np.array([0.0, 1.0])), effect


def _robust_counts(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    (y, X, contrast), truth = _counts(rng, lost, effect)
    return (y[..., None], X[:, None], contrast), truth


def _kept(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    """Seven ties of ten stand; there is no null, `effect` is not used."""
    y = 1.0 * (_normal(rng, (*lost.shape, TIES), 0.2) < special.ndtri(0.7))
    return (_sizes(rng, y, lost),), 0.7


def _share(rng: np.random.Generator, lost: np.ndarray, effect: float) -> Made:
    """Shares that differ between replicates would average out; this one is .35."""
    return (np.where(lost, np.nan, 1.0 * (rng.random(lost.shape) < 0.35)),), 0.35


STUDIES: Mapping[str, Callable[..., Made]] = MappingProxyType(
    {
        "ancova": _last_and_first,
        "ancova_hc2": _last_and_first,
        "ancova_hc3": _last_and_first,
        "t_test": _of_arms,
        "change_score": _last_and_first,
        "change_score_hc2": _last_and_first,
        "change_within": _within,
        "mean": _mean,
        "proportion": _share,
        "cluster_t": _teams,
        "cluster_t_by_size": _teams,
        "cluster_t_by_precision": _teams,
        "gee": _equations,
        "gee_log": _contacts,
        "gee_logit/arm": _marginal_ties(1),
        "gee_logit/kin": _marginal_ties(2),
        "gee_logit_exchangeable/arm": _marginal_ties(1),
        "gee_logit_exchangeable/kin": _marginal_ties(2),
        "mixed_logit/arm": _conditional_ties(1),
        "mixed_logit/kin": _conditional_ties(2),
        "negative_binomial": _counts,
        "negative_binomial_ml": _counts,
        "poisson_robust": _robust_counts,
        "hazard/arm": _hazard("cloglog", 0),
        "hazard/kin": _hazard("cloglog", 1),
        "hazard_logit/arm": _hazard("logit", 0),
        "kept_ties": _kept,
        "ancova_weighted": _weighted,
        "gee_weighted": _weighted_equations,
    }
)
"""A kind of study for each right analysis; after a slash, what is contrasted."""
