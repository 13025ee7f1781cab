"""Fits of models whose covariance is linear in its parameters, with their degrees of freedom."""

import math

import numpy as np

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.covariance import (
    ALPHA,
    BETA,
    BETWEEN,
    CONTRAST,
    GRADIENT,
    HESSIAN,
    INFORMATION,
    INVERSE,
    OMEGA,
    OUTER,
    SLOPES,
    B,
    C,
    D,
    P,
    U,
    derive,
    put_between,
    room_for,
    sum_columns,
    trace_with,
    value,
)
from analysis.estimators.kernels.descent import (
    FACTOR,
    FAILED,
    FREE,
    GAMMA,
    JACOBIAN,
    LINEAR,
    ON_BOUNDARY,
    REDUCED,
    REDUCED_FACTOR,
    REDUCED_INVERSE,
    STEP,
    THETA,
    TRIED,
    descend_slopes,
    newton,
    reduce,
    set_gamma,
)
from analysis.estimators.kernels.ego_sums import mean_of
from analysis.estimators.kernels.pattern_sums import sum_patterns
from analysis.estimators.kernels.registers import (
    apply,
    cholesky,
    dot,
    form,
    invert,
    times,
)
from analysis.estimators.kernels.results import (
    COMPONENTS,
    CONVERGED,
    DF,
    ESTIMATE,
    KENWARD_ROGER_MAR,
    SATTERTHWAITE,
    SINGULAR,
    VARIANCE,
)


@compiled
def mixed_least_squares(identity, freedom, met, work):
    """Covariance s2 I, in GAMMA; whether L is defined there."""
    g, v, packed = work.g, work.v, work.packed
    g[GAMMA] = identity
    if not math.isfinite(value(g[GAMMA], met, work)):
        return False
    s2 = (packed[g.shape[1], packed.shape[1] - 1] - dot(v, B, BETA)) / freedom
    g[GAMMA] = s2 * identity
    return True


@compiled
def minimise(kind, identity, freedom, met, work):
    """Fit the covariance, from a step of Fisher's scoring at s2 I; FOUND, ON_BOUNDARY or FAILED."""
    h, g = work.h, work.g
    if not mixed_least_squares(identity, freedom, met, work):
        return FAILED
    g[THETA], g[FREE] = g[GAMMA], 1.0
    if kind == LINEAR:
        return newton(LINEAR, True, met, work)
    if not math.isfinite(value(g[GAMMA], met, work)):
        return FAILED
    derive(INFORMATION, met, work)
    if math.isnan(cholesky(h, INFORMATION, REDUCED_FACTOR)):
        return FAILED
    invert(h, REDUCED_FACTOR, REDUCED_INVERSE)
    apply(h, REDUCED_INVERSE, g, GRADIENT, STEP)
    for r in range(g.shape[1]):
        g[GAMMA, r] -= g[STEP, r]
    g[GAMMA, 3] = max(g[GAMMA, 3], 0.1 * g[THETA, 3])
    outcome = descend_slopes(met, work)
    set_gamma(FACTOR, THETA, h, g)
    return outcome


@compiled
def mixed_satterthwaite(kind, unit, h, g):
    """Degrees of freedom 2 x^2 / (s' 2 H^-1 s), from the Hessian over what is free to move."""
    k = g.shape[1]
    reduce(kind, HESSIAN, h, g)
    if math.isnan(cholesky(h, REDUCED, REDUCED_FACTOR)):
        return math.nan
    invert(h, REDUCED_FACTOR, REDUCED_INVERSE)
    for i in range(k):
        g[STEP, i] = 0.0
        for r in range(k):
            g[STEP, i] += h[JACOBIAN, r, i] * g[SLOPES, r] * g[FREE, i]
    return unit * unit / form(g, STEP, h, REDUCED_INVERSE, STEP)


@compiled
def weigh_contrast(v, weights):
    """Weights of pairs of columns that make the sum of X a a' X', a = F times the contrast."""
    p, at = v.shape[1], 0
    for a in range(p):
        for c in range(a + 1):
            weights[0, at] = (0.5 if a == c else 1.0) * v[ALPHA, a] * v[ALPHA, c]
            at += 1
    weights[0, at:] = 0.0


@compiled
def mixed_kenward_roger(unit, met, work):
    """Adjusted variance of the estimate and degrees of freedom (expected information)."""
    _, bounds, cells, values, W, _, _, _, weights, m, v, w, h, g = work
    k = g.shape[1]
    if math.isnan(cholesky(h, INFORMATION, REDUCED_FACTOR)):
        return math.nan, math.nan
    invert(h, REDUCED_FACTOR, REDUCED_INVERSE)
    adjusted = unit
    weigh_contrast(v, weights)
    for place in range(met):
        omega = OMEGA + place
        sum_columns(weights, 0, W, place, w, C)
        times(w, omega, C, D)
        times(w, D, omega, OUTER)
        for r in range(k):
            put_between(omega, r, OUTER, bounds, cells, values, w, BETWEEN)
            for s in range(k):
                q = trace_with(s, BETWEEN, bounds, cells, values, w)
                adjusted += 4.0 * h[REDUCED_INVERSE, r, s] * q
    for r in range(k):
        apply(m, P + r, v, ALPHA, U + r)
    for r in range(k):
        for s in range(k):
            q = form(v, U + r, m, INVERSE, U + s)
            adjusted -= 4.0 * h[REDUCED_INVERSE, r, s] * q
    return adjusted, unit * unit / form(g, SLOPES, h, REDUCED_INVERSE, SLOPES)


@compiled
def from_observed(kind, met, work):
    """What the variance of the estimate gains from its covariance with that of the parameters.

    The observed information of coefficients and gammas has X' O G_r O e = u_r between them; its
    inverse adds 2 (F u)' H^-1 (F u), H the Hessian of L. The u_r have expectation zero only where
    people are missed completely at random (Kenward and Molenberghs 1998).
    """
    v, h, g = work.v, work.h, work.g
    derive(HESSIAN, met, work)
    reduce(kind, HESSIAN, h, g)
    if math.isnan(cholesky(h, REDUCED, REDUCED_FACTOR)):
        return math.nan
    invert(h, REDUCED_FACTOR, REDUCED_INVERSE)
    for r in range(g.shape[1]):
        g[TRIED, r] = dot(v, ALPHA, U + r)
    for i in range(g.shape[1]):
        g[STEP, i] = 0.0
        for r in range(g.shape[1]):
            g[STEP, i] += h[JACOBIAN, r, i] * g[TRIED, r] * g[FREE, i]
    return 2.0 * form(g, STEP, h, REDUCED_INVERSE, STEP)


@compiled
def fit_mixed(kind, method, identity, rows_seen, met, work, row):
    """Fit one replicate from its sums and fill its row of results."""
    m, v, h, g = work.m, work.v, work.h, work.g
    k, freedom = g.shape[1], rows_seen - v.shape[1]
    for column in range(row.size):
        row[column] = math.nan
    row[CONVERGED], row[SINGULAR] = 0.0, 0.0
    if freedom <= 0:
        return
    outcome = minimise(kind, identity, freedom, met, work)
    if outcome == FAILED:
        return
    apply(m, INVERSE, v, CONTRAST, ALPHA)
    more = from_observed(kind, met, work) if method == KENWARD_ROGER_MAR else 0.0
    derive(HESSIAN if method == SATTERTHWAITE else INFORMATION, met, work)
    unit = dot(v, CONTRAST, ALPHA)
    for r in range(k):
        g[SLOPES, r] = form(v, ALPHA, m, P + r, ALPHA)
        row[COMPONENTS + r] = g[GAMMA, r]
    row[ESTIMATE], row[CONVERGED] = dot(v, CONTRAST, BETA), 1.0
    row[SINGULAR] = outcome == ON_BOUNDARY
    if method == SATTERTHWAITE:
        row[VARIANCE], row[DF] = unit, mixed_satterthwaite(kind, unit, h, g)
    else:
        row[VARIANCE], row[DF] = mixed_kenward_roger(unit, met, work)
        row[VARIANCE] += more


@compiled
def fit_mixed_chunk(y, X, group, pooled, contrast, per_unit, G, identity, kind, method, rows):
    """Fit replicates y (C, n, T); X (1, G, T, p) shared or (C, n, T, p); results in rows."""
    waves, p = y.shape[2], contrast.size
    places = min(y.shape[1], (1 << waves) - 1)
    work = room_for(G, places, p)
    groups = X.shape[1] if pooled else 0
    cells = np.zeros((groups, places, 1 + waves + waves * (waves + 1) // 2))
    z = np.zeros(waves)
    work.v[CONTRAST] = contrast
    for b in range(y.shape[0]):
        shift = mean_of(y[b]) if per_unit == per_unit else 0.0
        own = X[b if X.shape[0] > 1 else 0]
        met = sum_patterns(
            y[b], own, group, pooled, shift, work.patterns, work.egos, cells, z, work.W
        )
        seen = 0.0
        for place in range(met):
            for t in range(waves):
                seen += work.egos[place] * (work.patterns[place] >> t & 1)
        fit_mixed(kind, method, identity, seen, met, work, rows[b])
        if per_unit == per_unit:
            rows[b, ESTIMATE] += per_unit * shift
