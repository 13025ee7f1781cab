"""float32 arithmetic with the same bytes on every processor and in plain Python.

Library exponentials differ in the last bit between processors and versions; sums, products,
quotients and square roots do not (IEEE 754). Everything here is built from those.
"""

import numpy as np
from numba.extending import overload, register_jitable

f4 = np.float32
ZERO, HALF, ONE = f4(0), f4(0.5), f4(1)
WEEK = f4(1 / 52)
"""One week in years: rates are stated per year."""

TINY = f4(1e-6)
"""What decays is set to zero below this: denormal numbers are several times slower."""


@register_jitable
def clip(x, low, high):
    """The nearest value to x in [low, high]: min(max(x, low), high)."""
    return min(max(x, low), high)


@register_jitable
def unit(x):
    """The nearest value to x in [0, 1]: min(max(x, 0), 1)."""
    return min(max(x, ZERO), ONE)


@register_jitable
def flushed(x):
    """Zero for a magnitude of at most TINY, else x."""
    return x if abs(x) > TINY else ZERO


@register_jitable
def exponential(x):
    """exp(x), with x first cut to [-8, 8]: Taylor of degree 6 at x/16, squared four times.

    Relative error 2e-6 for |x| <= 4 and 4e-5 at 8.
    """
    y = min(max(x, f4(-8)), f4(8)) * f4(0.0625)
    y = ONE + y * (
        ONE
        + y * (f4(1 / 2) + y * (f4(1 / 6) + y * (f4(1 / 24) + y * (f4(1 / 120) + y * f4(1 / 720)))))
    )
    y = y * y
    y = y * y
    y = y * y
    return y * y


@register_jitable
def survival(x):
    """exp(-x) for 0 <= x <= 32: the fourth power of exponential(-x/4)."""
    y = exponential(f4(-0.25) * x)
    y = y * y
    return y * y


def square_root(x):
    """The correctly rounded float32 square root."""
    return np.sqrt(x)


@overload(square_root)
def _compiled_square_root(x):
    def implementation(x):
        return f4(np.sqrt(x))

    return implementation


@register_jitable
def logarithm(x):
    """ln(x) for 1e-8 <= x <= 1e8: five square roots, then the series of 2 artanh((y-1)/(y+1)).

    Absolute error 1e-5.
    """
    y = square_root(square_root(square_root(square_root(square_root(x)))))
    t = (y - ONE) / (y + ONE)
    q = t * t
    series = ONE + q * (f4(1 / 3) + q * (f4(1 / 5) + q * (f4(1 / 7) + q * f4(1 / 9))))
    return f4(64) * t * series


@register_jitable
def chance(hazard):
    """The probability of an event in a week of this hazard: h - h^2/2, with h = min(hazard, 1).

    That is 1 - exp(-h) to within h^3/6, for the small hazards of a week; never more than 1/2.
    """
    h = min(hazard, ONE)
    return h - HALF * h * h


@register_jitable
def normal(u):
    """The standard normal quantile of u in (0, 1), error below 5e-4 (Acklam's rational form).

    Source: P. J. Acklam's published coefficients, to float32.
    """
    low = min(u, ONE - u)
    if low > f4(0.02425):
        q = u - HALF
        r = q * q
        top = f4(-39.696830) * r + f4(220.94610)
        top = (top * r + f4(-275.92851)) * r + f4(138.35775)
        top = (top * r + f4(-30.664798)) * r + f4(2.5066283)
        bottom = f4(-54.476099) * r + f4(161.58584)
        bottom = (bottom * r + f4(-155.69898)) * r + f4(66.801312)
        bottom = (bottom * r + f4(-13.280682)) * r + ONE
        return q * top / bottom
    q = square_root(f4(-2) * logarithm(low))
    top = f4(-0.0077848940) * q + f4(-0.32239646)
    top = (top * q + f4(-2.4007583)) * q + f4(-2.5497325)
    top = (top * q + f4(4.3746641)) * q + f4(2.9381640)
    bottom = f4(0.0077846957) * q + f4(0.32246713)
    bottom = (bottom * q + f4(2.4451341)) * q + f4(3.7544087)
    z = top / (bottom * q + ONE)
    return z if u < HALF else -z


@register_jitable
def probability(z):
    """The standard normal probability below z, error below 2e-6: the inverse of `normal`.

    Source: Abramowitz and Stegun 1964, 26.2.17, to float32.
    """
    t = ONE / (ONE + f4(0.2316419) * abs(z))
    tail = f4(1.3302744) * t + f4(-1.8212560)
    tail = (tail * t + f4(1.7814779)) * t + f4(-0.35656378)
    tail = (tail * t + f4(0.31938153)) * t
    above = tail * f4(0.39894228) * survival(min(HALF * z * z, f4(30)))
    return above if z < ZERO else ONE - above


@register_jitable
def soft_normal(a, b, c, d):
    """A cheap, smooth, nearly normal variate from four uniforms: (a + b + c + d - 2) sqrt(3).

    Mean 0, variance 1, excess kurtosis -.3, range +-3.5.
    """
    return (a + b + c + d - f4(2)) * f4(1.7320508)


@register_jitable
def whole(x, u):
    """x >= 0 rounded to a whole number by the uniform u, without bias: floor(x + u)."""
    return int(x + u)


NO_LANES = (ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)
"""A sum over slots before the first block."""


@register_jitable
def add_lanes(lanes, row):
    """Add a block of eight slots to a sum over slots, lane by lane."""
    return (
        lanes[0] + row[0],
        lanes[1] + row[1],
        lanes[2] + row[2],
        lanes[3] + row[3],
        lanes[4] + row[4],
        lanes[5] + row[5],
        lanes[6] + row[6],
        lanes[7] + row[7],
    )


@register_jitable
def across(lanes):
    """The sum over slots.

    Lanes fold by 4, 2, 1. Empty blocks add zeros, so their number changes no byte.
    """
    a, b = lanes[0] + lanes[4], lanes[1] + lanes[5]
    c, d = lanes[2] + lanes[6], lanes[3] + lanes[7]
    return (a + c) + (b + d)


@register_jitable
def highest_lanes(lanes, row):
    """The larger of a block of eight slots and what was largest before, lane by lane."""
    return (
        max(lanes[0], row[0]),
        max(lanes[1], row[1]),
        max(lanes[2], row[2]),
        max(lanes[3], row[3]),
        max(lanes[4], row[4]),
        max(lanes[5], row[5]),
        max(lanes[6], row[6]),
        max(lanes[7], row[7]),
    )


@register_jitable
def highest(lanes):
    """The largest of eight lanes."""
    a = max(max(lanes[0], lanes[1]), max(lanes[2], lanes[3]))
    b = max(max(lanes[4], lanes[5]), max(lanes[6], lanes[7]))
    return max(a, b)
