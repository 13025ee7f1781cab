"""What joint draws of the parameters say together, of the truths and of the chance of success.

A draw's truth has a Monte Carlo error of its own, so truths scatter more than the parameters make
them. Draws are drawn together about their mean until their variance is what is left after the mean
error variance is taken off; quantiles are of these. The share with the shipped world's sign is
corrected as in the ignorance band.

Success averaged over draws is the chance with the parameters unknown, "assurance" (O'Hagan et al.
2005, doi 10.1002/pst.175), here over ranges somebody chose. How far the chance differs from draw to
draw follows from how alike studies of one draw are: a beta-binomial distribution, by moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from analysis.measures.study import wilson
from analysis.runs.parameter_draws import corrected_share
from analysis.worlds.census import Truth

__all__ = ["ChanceBand", "Over", "Share", "TruthBand", "chance_band", "over", "truth_band"]

RESAMPLES = 1000
RESAMPLING = 7
"""Purpose of the generator that draws the draws again."""
OUTER = (0.025, 0.975)

Quantiles = tuple[float, float, float]
QUANTILES = (OUTER[0], 0.5, OUTER[1])
OF_CHANCE = (OUTER[0], 0.25, 0.75, OUTER[1])


class Share(NamedTuple):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class TruthBand:
    """The truth of one question over D draws.

    Attributes
    ----------
    values : tuple of float
        Of the draws in which the truth exists, corrected for Monte Carlo error.
    undefined : int
        Draws in which it does not exist.
    mcse : float
        Monte Carlo standard error of the truth of a draw, root mean square.
    low, middle, high : tuple of float
        Quantiles .025, .5 and .975, each with the ends of a 95 % bootstrap interval over draws.
    agree, agree_corrected : Share or None
        Draws with the sign of the shipped world, as counted (Wilson) and corrected for Monte Carlo
        error (bootstrap); None where the sign says nothing.
    """

    values: tuple[float, ...]
    undefined: int
    mcse: float
    low: Quantiles
    middle: Quantiles
    high: Quantiles
    agree: Share | None
    agree_corrected: Share | None


@dataclass(frozen=True)
class ChanceBand:
    """The chance of success of studies of n people over draws.

    Attributes
    ----------
    n : int
    mean, mcse : float
        Averaged over draws, with the Monte Carlo standard error of that many draws.
    sd, sd_low, sd_high : float
        Standard deviation of the chance between draws, with a 95 % bootstrap interval.
    low, quarter, three_quarters, high : float
        Quantiles .025, .25, .75 and .975 of the chance over draws, if it follows a beta
        distribution.
    reaches : float
        Share of draws in which it reaches the plan's target, if so.
    studies : int
    """

    n: int
    mean: float
    mcse: float
    sd: float
    sd_low: float
    sd_high: float
    low: float
    quarter: float
    three_quarters: float
    high: float
    reaches: float
    studies: int


@dataclass(frozen=True)
class Over:
    """What so many draws say together.

    Attributes
    ----------
    draws : int
    truths : tuple of TruthBand
        By question.
    chances : tuple of ChanceBand
        By size.
    """

    draws: int
    truths: tuple[TruthBand, ...]
    chances: tuple[ChanceBand, ...]

    def at(self, n: float | None) -> ChanceBand | None:
        """The chance of studies of n people."""
        return next((one for one in self.chances if one.n == n), None)


def over(
    truths: Sequence[Sequence[Truth]],
    won: np.ndarray,
    *,
    sizes: Sequence[int],
    signs: Sequence[float | None],
    target: float,
    seed: int,
) -> Over:
    """What D draws say together.

    Parameters
    ----------
    truths : sequence of sequence of Truth
        By draw and question.
    won : ndarray, (D, N, K)
        Whether each of K studies succeeded, by draw and size.
    signs : sequence of (float or None)
        The truths as shipped, whose signs are looked for; None where a sign says nothing.
    """
    bands = tuple(
        truth_band([one[q] for one in truths], sign, np.random.default_rng([seed, RESAMPLING, q]))
        for q, sign in enumerate(signs)
    )
    rng = np.random.default_rng([seed, RESAMPLING])
    chances = tuple(chance_band(n, won[:, s], target, rng) for s, n in enumerate(sizes))
    return Over(len(truths), bands, chances)


def truth_band(
    truths: Sequence[Truth], shipped: float | None, rng: np.random.Generator
) -> TruthBand:
    """The truth of one question over draws.

    Parameters
    ----------
    truths : sequence of Truth
        By draw, each with its Monte Carlo error.
    shipped : float or None
        The truth as shipped, whose sign is looked for; None where the sign says nothing.
    """
    found = np.array([(one.value, one.mcse) for one in truths])
    found = found[np.isfinite(found).all(axis=1)]
    value, n = found[:, 0], len(found)
    undefined = len(truths) - n
    if n < 2:
        nothing = (float("nan"),) * 3
        return TruthBand((), undefined, float("nan"), nothing, nothing, nothing, None, None)
    error = float(np.sqrt((found[:, 1] ** 2).mean()))
    again = rng.integers(0, n, (RESAMPLES, n))
    corrected = _corrected(value, error)
    quantiles = np.quantile(corrected, QUANTILES)
    resampled = [np.quantile(_corrected(value[i], error), QUANTILES) for i in again]
    ends = np.quantile(resampled, OUTER, axis=0)
    low, middle, high = (
        (float(at), float(a), float(b)) for at, a, b in zip(quantiles, *ends, strict=True)
    )
    agree = best = None
    if shipped is not None:
        signed, errors = np.sign(shipped) * value, np.full(n, error)
        won = int((signed > 0).sum())
        agree = Share(won / n, *wilson(won, n))
        shares = [corrected_share(signed[i], errors) for i in again]
        ends = np.quantile(shares, OUTER)
        best = Share(corrected_share(signed, errors), float(ends[0]), float(ends[1]))
    return TruthBand(tuple(corrected.tolist()), undefined, error, low, middle, high, agree, best)


def _corrected(value: np.ndarray, error: float) -> np.ndarray:
    """Values drawn together about their mean, so that their variance is without that of errors."""
    spread = value.var(ddof=1)
    kept = np.sqrt(max(1 - error**2 / spread, 0.0)) if spread > 0 else 0.0
    return np.asarray(value.mean() + kept * (value - value.mean()))


def chance_band(n: int, won: np.ndarray, target: float, rng: np.random.Generator) -> ChanceBand:
    """The chance of success at one size over draws.

    Parameters
    ----------
    n : int
        The size.
    won : ndarray, (D, K)
        Whether each of the K studies of a draw succeeded, K at least 2.
    target : float
        The chance that is wanted.
    """
    draws, studies = won.shape
    mean = won.mean(axis=1)
    mcse = float(mean.std(ddof=1) / np.sqrt(draws))
    sd = _between(won)
    again = [_between(won[rng.integers(0, draws, draws)]) for _ in range(RESAMPLES)]
    sd_low, sd_high = (float(at) for at in np.quantile(again, OUTER))
    average = float(mean.mean())
    (low, quarter, three_quarters, high), below = _beta(average, sd, target)
    return ChanceBand(
        n, average, mcse, sd, sd_low, sd_high, low, quarter, three_quarters, high, 1 - below,
        draws * studies,
    )  # fmt: skip


def _between(won: np.ndarray) -> float:
    """Standard deviation of the chance between draws: what studies of one draw do not explain."""
    studies = won.shape[1]
    mean = won.mean(axis=1)
    within = (mean * (1 - mean)).mean() * studies / (studies - 1)
    return float(np.sqrt(max(mean.var(ddof=1) - within / studies, 0.0)))


def _beta(mean: float, sd: float, target: float) -> tuple[tuple[float, ...], float]:
    """Quantiles of the beta distribution with these moments, and its share below a target."""
    most = mean * (1 - mean)
    if sd**2 <= 1e-12 or most <= 0:
        return (mean,) * len(OF_CHANCE), float(mean < target)
    weight = max(most / sd**2 - 1, 1e-3)  # all draws at 0 or 1, nearly, where the sd is that large
    a, b = mean * weight, (1 - mean) * weight
    return (
        tuple(float(special.betaincinv(a, b, at)) for at in OF_CHANCE),
        float(special.betainc(a, b, target)),
    )
