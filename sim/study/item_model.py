"""How people answer items: a graded response whose scores have a stated mean, SD and reliability.

Item j of k has C answers. Behind its answer stands

    z = sqrt(r (1 - o)) latent + sqrt(r o) occasion + sqrt((1 - r) q) habit + sqrt((1 - r)(1 - q)) e

with independent standard normal parts: `latent` is what the scale measures, `occasion` colours all
items of one interview, `habit` is a person's way with one item, the same at every interview, and e
is chance. The answer is the whole number nearest to middle + easiness of j + width z, cut to the
item's range: equally spaced thresholds, as in a graded response model.

Were answers not cut to whole numbers, the sum of k items would have

    alpha = k r / (1 + (k - 1) r),  retest = alpha (1 - o) + (1 - alpha) q,
    reliability = alpha (1 - o)

where reliability is the share of variance that is the latent's, so that two scales correlate as
their latents do times the root of both. With whole numbers there is no such form: middle, width,
r and o are solved by integration, so that in people whose latent is standard normal scores have
the published mean, SD, alpha and retest.

Only sums, products, quotients and square roots are used, so results are the same everywhere.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable

from sim.study.instruments import INSTRUMENTS
from sim.world.arithmetic import HALF, ONE, ZERO, f4, square_root, survival
from sim.world.compiled import compiled

__all__ = ["ItemModel", "Norm", "item_model"]

STEP, NODES = 0.3, 35
"""Points at which what items share is integrated over: from -5.1 to 5.1 SD."""

FIRST_LATENT, LATENT_STEP, LATENTS_SHOWN = -5.0, 0.125, 81
"""Latents at which the score that is expected of them is kept."""

ROUNDS, HALVINGS = 100, 24
CLOSE = 1e-5
"""Shares of the SD within which mean and SD are solved, and of alpha."""


class Norm(NamedTuple):
    """What is published of a scale, and what is assumed of its items.

    Attributes
    ----------
    mean, sd : float
        Of scores.
    alpha : float
        Cronbach's.
    retest : float
        Correlation of two scores of the same people while what is measured stays as it is.
    habit : float
        Share of what is an item's own that is the same at every interview.
    spread : float
        Answers by which the easiest item differs from the middle, and the hardest.
    """

    mean: float
    sd: float
    alpha: float
    retest: float
    habit: float
    spread: float


class ItemModel(NamedTuple):
    """How the items of one scale are answered.

    Attributes
    ----------
    start : ndarray of float32, (k,)
        Middle plus easiness, in answers from the lowest.
    width : float32
        Answers per SD of z.
    latent, occasion, habit, chance : float32
        Weights of the parts of z.
    expected : ndarray of float32, (LATENTS_SHOWN,)
        Score expected of a latent, over every error.
    reliability : float
        Square of the correlation of scores with the latent.
    """

    start: np.ndarray
    width: np.float32
    latent: np.float32
    occasion: np.float32
    habit: np.float32
    chance: np.float32
    expected: np.ndarray
    reliability: float


@cache
def item_model(name: str, norm: Norm) -> ItemModel:
    """Solve the items of an instrument for a norm.

    Parameters
    ----------
    name : str
        One of INSTRUMENTS.
    norm : Norm
        Where no items can have it (a mean at the end of the scale, an alpha of 1), the nearest.
    """
    one = INSTRUMENTS[name]
    easiness = norm.spread * np.linspace(-1, 1, one.items)
    points = one.points.astype(np.float64)
    target = np.array([norm.mean, norm.sd, norm.alpha], np.float64)
    most = one.most - one.least
    middle, width, shared, found = _solve(points, easiness, most, target)
    start, again = easiness + middle, norm.retest * found[3]
    occasion = _solve_occasion(start, width, shared, norm.habit, most, again)
    expected = np.zeros(LATENTS_SHOWN, np.float32)
    slope = _expect(points, start, width, shared, occasion, most, expected)
    latent, passing = shared * (1 - occasion), shared * occasion
    habit, chance = (1 - shared) * norm.habit, (1 - shared) * (1 - norm.habit)
    return ItemModel(
        start.astype(np.float32), np.float32(width), _root(latent), _root(passing), _root(habit),
        _root(chance), expected, float((slope / found[1]) * (slope / found[1])),
    )  # fmt: skip


def _root(share: float) -> np.float32:
    return square_root(np.float32(share))


@register_jitable
def cumulative(x):
    """The standard normal distribution function, error below 1e-6 (Abramowitz, Stegun 26.2.17)."""
    size = min(abs(x), f4(8))
    t = ONE / (ONE + f4(0.2316419) * size)
    top = f4(1.330274429) * t + f4(-1.821255978)
    top = (top * t + f4(1.781477937)) * t + f4(-0.356563782)
    top = (top * t + f4(0.319381530)) * t
    tail = survival(HALF * size * size) * f4(0.39894228) * top
    return tail if x < ZERO else ONE - tail


@register_jitable
def answered(shift, width, own, most, chances):
    """Chances of the answers 0 to `most` of an item, given what items share; into `chances`."""
    below = ZERO
    for answer in range(most + 1):
        until = ONE
        if answer < most:
            until = cumulative(f4((answer + 0.5 - shift) / (width * own)))
        chances[answer] = until - below
        below = until


@register_jitable
def score_given(common, start, width, shared, most, points, work, weight, items):
    """Mean and mean square of the score, given what its items share.

    Each item's mean and mean square, times the weight, are added to `items`; `work` is for use
    here: chances of the sums, and of the answers to an item.
    """
    sums, chances = work
    own, at = np.sqrt(1 - shared), width * np.sqrt(shared) * common
    sums[:] = 0
    sums[0] = 1
    for j in range(start.size):
        answered(start[j] + at, width, own, most, chances)
        for answer in range(most + 1):
            items[j, 0] += weight * chances[answer] * answer
            items[j, 1] += weight * chances[answer] * answer * answer
        for total in range((j + 1) * most, -1, -1):
            found = 0.0
            for answer in range(min(most, total) + 1):
                found += sums[total - answer] * chances[answer]
            sums[total] = found
    once, twice = 0.0, 0.0
    for total in range(points.size):
        once += sums[total] * points[total]
        twice += sums[total] * points[total] * points[total]
    return once, twice


@register_jitable
def moments(start, width, shared, most, points, work, items, found):
    """Mean and SD of the score, alpha, variance of the sum of answers; into `found`.

    In people whose latent is standard normal. Alpha is k / (k - 1) (1 - sum of the items' variances
    / variance of their sum).
    """
    items[:] = 0
    sums, k = work[0], start.size
    weights, once, twice, raw, raw_square = 0.0, 0.0, 0.0, 0.0, 0.0
    for node in range(NODES):
        z = STEP * (node - (NODES - 1) / 2)
        weight = np.float64(survival(f4(0.5 * z * z)))
        weights += weight
        mean, square = score_given(z, start, width, shared, most, points, work, weight, items)
        once += weight * mean
        twice += weight * square
        for total in range(points.size):
            raw += weight * sums[total] * total
            raw_square += weight * sums[total] * total * total
    found[0] = once / weights
    found[1] = np.sqrt(max(twice / weights - found[0] * found[0], 1e-9))
    apart = 0.0
    for j in range(k):
        mean = items[j, 0] / weights
        apart += items[j, 1] / weights - mean * mean
    together = max(raw_square / weights - (raw / weights) * (raw / weights), 1e-9)
    found[2], found[3] = k / (k - 1) * (1 - apart / together), together


@compiled
def _solve(points, easiness, most, target):
    """Middle, width and inter-item correlation of z, by repeated correction; and `found`."""
    k, a_step = easiness.size, (points[-1] - points[0]) / most
    work = (np.zeros(points.size), np.zeros(most + 1))
    items, found = np.zeros((k, 2)), np.zeros(4)
    middle, width = (target[0] - points[0]) / a_step, target[1] / a_step
    wanted = target[2] / (k - target[2] * (k - 1))
    shared = min(max(wanted, 0.0001), 0.98)
    for _ in range(ROUNDS):
        moments(easiness + middle, width, shared, most, points, work, items, found)
        off, ratio = (target[0] - found[0]) / target[1], target[1] / found[1]
        alpha = max(found[2], 0.0001)
        if max(abs(off), max(abs(ratio - 1), abs(target[2] - alpha))) < CLOSE:
            break
        middle = min(max(middle + off * target[1] / a_step, -2.0 * most), 3.0 * most)
        width = min(max(width * ratio, 0.05), 20.0 * most)
        shared = min(max(shared * wanted * (k - alpha * (k - 1)) / alpha, 0.0001), 0.98)
    return middle, width, shared, found


@register_jitable
def mean_answer(start, width, shared, common, most):
    """Mean answer to an item, given what it shares with another."""
    at, own = start + width * np.sqrt(shared) * common, width * np.sqrt(1 - shared)
    found = np.float64(0)  # a float of Python's would be added in single precision, uncompiled
    for answer in range(most):
        found += cumulative(f4((at - answer - 0.5) / own))
    return found


@register_jitable
def covariance_again(start, width, shared, habit, most, occasion):
    """Covariance of the sums of answers at two interviews while the latent stays as it is.

    An item and another share the latent; an item and itself share habit, too.
    """
    latent = shared * (1 - occasion)
    itself = latent + (1 - shared) * habit
    weights, mean, product = 0.0, 0.0, 0.0
    for node in range(NODES):
        z = STEP * (node - (NODES - 1) / 2)
        weight = np.float64(survival(f4(0.5 * z * z)))
        total, more = 0.0, 0.0
        for j in range(start.size):
            other = mean_answer(start[j], width, latent, z, most)
            same = mean_answer(start[j], width, itself, z, most)
            total += other
            more += same * same - other * other
        weights += weight
        mean += weight * total
        product += weight * (total * total + more)
    return product / weights - (mean / weights) * (mean / weights)


@compiled
def _solve_occasion(start, width, shared, habit, most, covariance):
    """Share of what items share that is of the interview, by bisection; 0 to 1."""
    low, high = 0.0, 1.0
    if covariance_again(start, width, shared, habit, most, low) <= covariance:
        return low
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if covariance_again(start, width, shared, habit, most, middle) > covariance:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@compiled
def _expect(points, start, width, shared, of_occasion, most, expected):
    """Score expected of each latent, over the occasion in three points (Gauss, Hermite).

    Returns the covariance of scores with the latent.
    """
    work = (np.zeros(points.size), np.zeros(most + 1))
    items = np.zeros((start.size, 2))
    lasting, passing = np.sqrt(1 - of_occasion), np.sqrt(3 * of_occasion)
    weights, product = 0.0, 0.0
    for n in range(expected.size):
        z, mean = FIRST_LATENT + n * LATENT_STEP, 0.0
        for side in range(-1, 2):
            weight = 2 / 3 if side == 0 else 1 / 6
            at = z * lasting + side * passing
            once, _ = score_given(at, start, width, shared, most, points, work, weight, items)
            mean += weight * once
        expected[n] = mean
        height = np.float64(survival(f4(0.5 * z * z)))
        weights += height
        product += height * z * mean
    return product / weights
