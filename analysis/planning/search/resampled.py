"""Where success crosses a target, with the error of studies that several sizes and designs share.

Sizes of one replicate are beginnings of one another, and designs share their draws, so their
successes are anything but independent. The replicates are: they are drawn again with replacement,
the same ones for every size and design, and everything is found anew (the bootstrap by replicate).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

__all__ = ["RESAMPLES", "crossings", "resample"]

RESAMPLES = 1000
PURPOSE = 0xB007


def resample(studies: int, seed: int, resamples: int = RESAMPLES) -> np.ndarray:
    """How often each study is drawn again, (resamples + 1, studies); once each in the first row."""
    draws = np.random.Generator(np.random.Philox(key=[seed % 2**64, PURPOSE]))
    counts = draws.multinomial(studies, np.full(studies, 1 / studies), resamples)
    return np.concatenate([np.ones((1, studies)), counts])


def crossings(
    sizes: Sequence[int], succeeded: np.ndarray, weights: np.ndarray, target: float
) -> np.ndarray:
    """Size at which a probit line in sqrt(size) reaches the target, (R,); infinite if it falls.

    The line is that of weighted least squares on the probits (Berkson's minimum normit chi-square),
    weighed as the studies in their own number would have it.

    Parameters
    ----------
    sizes
        K sizes.
    succeeded : ndarray of bool, (B, K)
        Studies by size.
    weights : ndarray, (R, B)
        See `resample`.
    target
        Chance of success.
    """
    studies = succeeded.shape[0]
    share = (weights @ succeeded.astype(np.float64) + 0.5) / (studies + 1)
    probit, x = special.ndtri(share), np.sqrt(np.asarray(sizes, np.float64))
    own = share[0]
    weight = np.exp(-(probit[0] ** 2)) / (own * (1 - own))
    weight = weight / weight.sum()
    middle, height = weight @ x, probit @ weight
    slope = (probit - height[:, None]) @ (weight * (x - middle)) / (weight @ (x - middle) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = middle + (special.ndtri(target) - height) / slope
    found = np.where(slope > 1e-9, np.maximum(at, 0.0) ** 2, np.inf)
    return np.asarray(found)
