"""The least of the REML likelihood of `covariance`, by Newton's method with safeguards.

Parameters theta are the gammas themselves (LINEAR), or, for an intercept and a slope, the factor
(l1, l2, l3) of their covariance D = [[l1^2, l1 l2], [l1 l2, l2^2 + l3^2]] and the variance within
(FACTOR): D then cannot leave the positive definite matrices, and a fit on their boundary is one
with l3 = 0, or with all three zero, held there.
"""

import math

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.covariance import (
    GRADIENT,
    HESSIAN,
    INFORMATION,
    derive,
    value,
)
from analysis.estimators.kernels.registers import apply, cholesky, dot, invert

LINEAR, FACTOR = 0, 1

JACOBIAN, REDUCED, REDUCED_FACTOR, REDUCED_INVERSE = 2, 3, 4, 5
"""Registers of h."""
GAMMA, THETA, STEP, TRIED, DOWNHILL, FREE = 2, 3, 4, 5, 6, 7
"""Registers of g; FREE is 1 for a parameter that may move, 0 for one that is held."""

MOST_STEPS, MOST_HALVINGS, MOST_ESCAPES = 100, 30, 4
CLOSE = 1e-10
"""A Newton step that promises as small a fall of -2 log L is the last: the next would promise less
than its square, which is below rounding."""
NOISE = 1e-11
"""Share of L by which two equal values may differ."""
SMALL = 1e-7
"""Share of the variance within below which a variance of D counts as zero while searching."""

FAILED, FOUND, ON_BOUNDARY = 0, 1, 2


@compiled
def set_gamma(kind, at, h, g):
    """Gammas of the parameters in register `at`, and their derivatives."""
    k = g.shape[1]
    for r in range(k):
        g[GAMMA, r] = g[at, r]
        for i in range(k):
            h[JACOBIAN, r, i] = 1.0 if r == i else 0.0
    if kind == FACTOR:
        l1, l2, l3 = g[at, 0], g[at, 1], g[at, 2]
        g[GAMMA, 0], g[GAMMA, 1], g[GAMMA, 2] = l1 * l1, l1 * l2, l2 * l2 + l3 * l3
        h[JACOBIAN, 0, 0], h[JACOBIAN, 1, 0] = 2.0 * l1, l2
        h[JACOBIAN, 1, 1], h[JACOBIAN, 2, 1], h[JACOBIAN, 2, 2] = l1, 2.0 * l2, 2.0 * l3


@compiled
def reduce(kind, which, h, g):
    """Hessian or information, and downhill direction, in theta; held parameters keep apart."""
    k = g.shape[1]
    if kind == LINEAR:
        for i in range(k):
            g[DOWNHILL, i] = -g[GRADIENT, i]
            for j in range(k):
                h[REDUCED, i, j] = h[which, i, j]
        return
    for i in range(k):
        g[DOWNHILL, i] = 0.0
        for r in range(k):
            g[DOWNHILL, i] -= h[JACOBIAN, r, i] * g[GRADIENT, r] * g[FREE, i]
        for j in range(k):
            total = 0.0
            for r in range(k):
                for s in range(k):
                    total += h[JACOBIAN, r, i] * h[which, r, s] * h[JACOBIAN, s, j]
            h[REDUCED, i, j] = total
    if which == HESSIAN:
        h[REDUCED, 0, 0] += 2.0 * g[GRADIENT, 0]
        h[REDUCED, 0, 1] += g[GRADIENT, 1]
        h[REDUCED, 1, 0] += g[GRADIENT, 1]
        h[REDUCED, 1, 1] += 2.0 * g[GRADIENT, 2]
        h[REDUCED, 2, 2] += 2.0 * g[GRADIENT, 2]
    for i in range(k):
        for j in range(k):
            if g[FREE, i] * g[FREE, j] == 0.0:
                h[REDUCED, i, j] = 1.0 if i == j else 0.0


@compiled
def direct(kind, met, work):
    """Write a step down; whether it is Newton's. The information stands in for a bad Hessian."""
    h, g = work.h, work.g
    k = g.shape[1]
    derive(HESSIAN, met, work)
    reduce(kind, HESSIAN, h, g)
    is_newton = not math.isnan(cholesky(h, REDUCED, REDUCED_FACTOR))
    if not is_newton:
        derive(INFORMATION, met, work)
        reduce(kind, INFORMATION, h, g)
        largest, ridge = 0.0, 0.0
        for i in range(k):
            largest = max(largest, h[REDUCED, i, i])
        while math.isnan(cholesky(h, REDUCED, REDUCED_FACTOR)):
            ridge = max(10.0 * ridge, 1e-6 * largest)
            if not ridge < 1e6 * largest:
                return False
            for i in range(k):
                h[REDUCED, i, i] += ridge
    invert(h, REDUCED_FACTOR, REDUCED_INVERSE)
    apply(h, REDUCED_INVERSE, g, DOWNHILL, STEP)
    return is_newton


@compiled
def newton(kind, met, work):
    """Go from THETA to the nearest minimum, where L is then evaluated last."""
    h, g = work.h, work.g
    k = g.shape[1]
    set_gamma(kind, THETA, h, g)
    best = value(g[GAMMA], met, work)
    if not math.isfinite(best):
        return FAILED
    for _ in range(MOST_STEPS):
        if kind == FACTOR and g[FREE, 0] > 0 and smallest_variance(g) < SMALL * g[THETA, 3]:
            return ON_BOUNDARY
        is_newton = direct(kind, met, work)
        fall = dot(g, DOWNHILL, STEP)
        if not (math.isfinite(fall) and fall >= 0):
            return FAILED
        length = 1.0
        for _ in range(MOST_HALVINGS):
            for r in range(k):
                g[TRIED, r] = g[THETA, r] + length * g[STEP, r]
            set_gamma(kind, TRIED, h, g)
            found = value(g[GAMMA], met, work)
            if found <= best - 1e-4 * length * fall + NOISE * (1.0 + abs(best)):
                break
            length *= 0.5
        else:
            return FAILED
        for r in range(k):
            g[THETA, r] = g[TRIED, r]
        best = found
        if is_newton and fall < CLOSE:
            return FOUND
    return FAILED


@compiled
def variances(g, at):
    """Larger and smaller eigenvalue of D, and the direction (cosine, sine) of the larger."""
    a, b, c = g[at, 0], g[at, 1], g[at, 2]
    middle, spread = 0.5 * (a + c), math.hypot(0.5 * (a - c), b)
    angle = 0.5 * math.atan2(2.0 * b, a - c)
    return middle + spread, middle - spread, math.cos(angle), math.sin(angle)


@compiled
def smallest_variance(g):
    """The variance of D that would be zero on the boundary next to the parameters in THETA."""
    l1, l2, l3 = g[THETA, 0], g[THETA, 1], g[THETA, 2]
    largest = l1 * l1 + l2 * l2 + l3 * l3
    if g[FREE, 2] == 0.0:
        return largest
    return (l1 * l3) * (l1 * l3) / largest if largest > 0 else 0.0


@compiled
def set_factor(g, larger, smaller, cosine, sine, free_to_turn):
    """Write into THETA the factor of D with these eigenvalues; all of it, or one line, is free."""
    a = larger * cosine * cosine + smaller * sine * sine
    b = (larger - smaller) * cosine * sine
    c = larger * sine * sine + smaller * cosine * cosine
    if smaller > 0:
        g[THETA, 0], g[THETA, 1] = math.sqrt(a), b / math.sqrt(a)
        g[THETA, 2] = math.sqrt(max(c - b * b / a, 0.0))
    else:
        root = math.sqrt(larger)
        g[THETA, 0], g[THETA, 1], g[THETA, 2] = root * cosine, root * sine, 0.0
    g[FREE, 0] = g[FREE, 1] = 1.0 if larger > 0 and free_to_turn else 0.0
    g[FREE, 2], g[FREE, 3] = 1.0 if smaller > 0 else 0.0, 1.0


@compiled
def descend_slopes(met, work):
    """Minimise over intercept, slope and variance within, from a first guess in GAMMA.

    On the boundary the slope of L must not point back inside: if it does, the search goes on from
    a little inside. Returns FOUND, ON_BOUNDARY or FAILED.
    """
    h, g = work.h, work.g
    within = g[GAMMA, 3]
    larger, smaller, cosine, sine = variances(g, GAMMA)
    least = 0.02 * within
    set_factor(g, max(larger, least), max(smaller, least), cosine, sine, True)
    g[THETA, 3] = within
    escapes, rank = 0, 2
    for _ in range(3 * MOST_ESCAPES):
        outcome = newton(FACTOR, met, work)
        within = g[THETA, 3]
        if outcome == FAILED:
            return FAILED
        set_gamma(FACTOR, THETA, h, g)
        larger, smaller, cosine, sine = variances(g, GAMMA)
        if outcome == ON_BOUNDARY:
            rank -= 1
            kept = larger if rank == 1 and larger > SMALL * within else 0.0
            rank = 1 if kept > 0 else 0
            set_factor(g, kept, 0.0, cosine, sine, True)
            continue
        if rank == 2:
            return FOUND
        derive(HESSIAN, met, work)
        g[STEP, 0], g[STEP, 1], g[STEP, 2] = g[GRADIENT, 0], 0.5 * g[GRADIENT, 1], g[GRADIENT, 2]
        _, lowest, across, along = variances(g, STEP)
        if lowest >= -1e-6 * abs(g[GRADIENT, 0] + g[GRADIENT, 2]) or escapes == MOST_ESCAPES:
            return ON_BOUNDARY
        escapes, rank = escapes + 1, 2
        step, floor = 0.05 * within, 1e-3 * within  # inside along (-along, across)
        g[GAMMA, 0] += step * along * along + floor
        g[GAMMA, 1] -= step * along * across
        g[GAMMA, 2] += step * across * across + floor
        larger, smaller, cosine, sine = variances(g, GAMMA)
        set_factor(g, larger, smaller, cosine, sine, True)
    return FAILED
