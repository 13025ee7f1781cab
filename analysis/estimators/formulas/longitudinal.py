"""Power of models of all waves when people drop out, computed from their information.

A person seen at the waves of a pattern g adds X_g' V_g^-1 X_g; averaged over patterns and people,
that is the information of generalised least squares, and its inverse the covariance of the
estimates. With the right X and V the same sum is the published formula of

- slopes where each arm has its own mean at baseline and everybody stays: Diggle et al. 2002, pages
  28 to 30; and where arms share that mean, with random effects: Hu, Mackey and Thomas 2021
  (doi 10.1002/sim.8969);
- repeated measures with a mean for each arm and wave: Lu, Luo and Chen 2008
  (doi 10.2202/1557-4679.1098);
- estimating equations for normal outcomes of people who stay: Liu and Liang 1997
  (doi 10.2307/2533554).

What shares a mean at baseline and is no slope has no published table that we know.

All are of large samples: the variances count as known, and so the test is normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

__all__ = [
    "Seen", "contrast_variance", "has_random_effects", "monotone", "random_effects",
    "sandwich_variance",
]  # fmt: skip


class Seen(NamedTuple):
    """How often each pattern of waves is seen.

    Attributes
    ----------
    waves : ndarray of bool, (G, T)
    chance : ndarray, (G,)
    """

    waves: np.ndarray
    chance: np.ndarray


def monotone(retention: Sequence[float] | np.ndarray) -> Seen:
    """Patterns when nobody returns, from the share seen at each wave, the first included.

    Examples
    --------
    >>> monotone([1.0, 0.9, 0.8]).chance.round(3).tolist()
    [0.1, 0.1, 0.8]
    """
    share = np.array([*retention, 0.0])
    waves = np.tri(share.size - 1, dtype=bool)
    return Seen(waves, share[:-1] - share[1:])


def random_effects(
    years: Sequence[float] | np.ndarray,
    level: float,
    slope: float,
    covariance: float,
    residual: float,
) -> np.ndarray:
    """Covariance over waves of a random level and slope, all arguments variances, (T, T)."""
    t = np.asarray(years, np.float64)
    return (
        level + covariance * (t[:, None] + t[None, :]) + slope * np.outer(t, t)
        + residual * np.eye(t.size)
    )  # fmt: skip


def has_random_effects(covariance: np.ndarray, years: np.ndarray) -> bool:
    """Whether a covariance of the waves is that of a random level and slope, (T, T)."""
    t, one = np.asarray(years, np.float64), np.ones(len(years))
    parts = [np.outer(one, one), np.add.outer(t, t), np.outer(t, t), np.eye(t.size)]
    columns = np.stack([each.ravel() for each in parts], axis=1)
    fitted = columns @ np.linalg.lstsq(columns, covariance.ravel(), rcond=None)[0]
    return bool(np.allclose(fitted, covariance.ravel(), rtol=1e-5))


def contrast_variance(
    designs: Sequence[np.ndarray],
    covariances: Sequence[np.ndarray],
    seen: Sequence[Seen],
    people: Sequence[float],
    contrast: np.ndarray,
) -> float:
    """Variance of a contrast of the fixed effects; arguments by arm.

    Parameters
    ----------
    designs
        Fixed effects of a person of each arm, (T, p).
    covariances
        Of the waves, (T, T).
    seen
        Patterns of each arm.
    people
        In each arm; shares give the variance of a study of one person, n times that of n.
    contrast
        (p,)
    """
    information = _information(designs, covariances, covariances, seen, people)[0]
    return float(contrast @ np.linalg.solve(information, contrast))


def sandwich_variance(
    designs: Sequence[np.ndarray],
    working: Sequence[np.ndarray],
    covariances: Sequence[np.ndarray],
    seen: Sequence[Seen],
    people: Sequence[float],
    contrast: np.ndarray,
) -> float:
    """As `contrast_variance`, for estimating equations whose working covariance may be wrong."""
    bread, filling = _information(designs, working, covariances, seen, people)
    side = np.linalg.solve(bread, contrast)
    return float(side @ filling @ side)


def _information(
    designs: Sequence[np.ndarray],
    working: Sequence[np.ndarray],
    covariances: Sequence[np.ndarray],
    seen: Sequence[Seen],
    people: Sequence[float],
) -> tuple[np.ndarray, np.ndarray]:
    """Sums over people of X'W^-1 X and X'W^-1 V W^-1 X, (p, p) each."""
    p = designs[0].shape[1]
    bread, filling = np.zeros((p, p)), np.zeros((p, p))
    for x, w, v, patterns, n in zip(designs, working, covariances, seen, people, strict=True):
        for waves, chance in zip(patterns.waves, patterns.chance, strict=True):
            if chance <= 0 or not waves.any():
                continue
            part = np.ix_(waves, waves)
            weighed = np.linalg.solve(w[part], x[waves])
            bread += n * chance * x[waves].T @ weighed
            filling += n * chance * weighed.T @ v[part] @ weighed
    return bread, filling
