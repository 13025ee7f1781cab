"""REML likelihood of a covariance that is linear in its parameters, and its two derivatives.

V = sum gamma_r G_r over the waves of an ego; an ego seen at some waves has that part of it. Random
intercepts and slopes, compound symmetry and an unstructured covariance are all of this kind. With
O = V^-1, A = X'OX, F = A^-1, e = y - X b:

    L      = sum log|V| + log|A| + e'Oe                       (-2 log REML but for a constant)
    L_r    = tr O G_r - tr F P_r - e' O G_r O e               P_r  = X' O G_r O X
    I_rs   = tr O G_r O G_s - 2 tr F Q_rs + tr F P_r F P_s    Q_rs = X' O G_r O G_s O X
    L_rs   = -I_rs + 2 (e' O G_r O G_s O e - u_r' F u_s) + 2 tr F (..)  as written out below

I is the expected value of the Hessian. Traces over egos are taken wave by wave, from C, the sum of
X F X' over the egos of a pattern, and E, that of e e'.
"""

import math
from typing import NamedTuple

import numpy as np

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.registers import (
    apply,
    cholesky,
    dot,
    invert,
    times,
    whiten,
)

A, FACTOR, INVERSE, WHITE, P = range(5)
"""Registers of m: FACTOR is L^-1 of A = LL', WHITE is scratch, P + r holds P_r."""
B, BETA, CONTRAST, ALPHA, SCRATCH, U = range(6)
"""Registers of v: ALPHA is F times the contrast, U + r holds u_r."""
V, V_FACTOR, C, OUTER, BETWEEN, D, OMEGA = range(7)
"""Registers of w: OMEGA + place is O of a pattern, OUTER the like of O C O."""
HESSIAN, INFORMATION = 0, 1
"""Registers of h."""
GRADIENT, SLOPES = 0, 1
"""Registers of g: the gradient of L, and of the variance of the estimate."""


class Work(NamedTuple):
    """Sums and scratch for one replicate at a time.

    G (k, T, T); what of each G_r is not zero, from bounds[r] to bounds[r + 1]: its row and column
    in cells (z, 2), its value in values (z,); W, patterns (S,), egos (S,) as in `pattern_sums`;
    packed (k+1, pairs of columns); weights (2, pairs of columns); m, v, w, h, g registers of p, p,
    T, k and k rows.
    """

    G: np.ndarray
    bounds: np.ndarray
    cells: np.ndarray
    values: np.ndarray
    W: np.ndarray
    patterns: np.ndarray
    egos: np.ndarray
    packed: np.ndarray
    weights: np.ndarray
    m: np.ndarray
    v: np.ndarray
    w: np.ndarray
    h: np.ndarray
    g: np.ndarray


@compiled
def room_for(G, places, p):
    """Scratch for covariances G, so many patterns and p columns."""
    k, waves = G.shape[0], G.shape[1]
    columns = (p + 1) * (p + 2) // 2
    bounds, cells = np.zeros(k + 1, np.int64), np.zeros((G.size, 2), np.int64)
    values, at = np.zeros(G.size), 0
    for r in range(k):
        for t in range(waves):
            for u in range(waves):
                if G[r, t, u] != 0.0:
                    cells[at, 0], cells[at, 1], values[at] = t, u, G[r, t, u]
                    at += 1
        bounds[r + 1] = at
    return Work(
        G,
        bounds,
        cells,
        values,
        np.zeros((places, waves * (waves + 1) // 2, columns)),
        np.zeros(places, np.int64),
        np.zeros(places),
        np.zeros((k + 1, columns)),
        np.zeros((2, columns)),
        np.zeros((P + k, p, p)),
        np.zeros((U + k, p)),
        np.zeros((OMEGA + places, waves, waves)),
        np.zeros((6, k, k)),
        np.zeros((8, k)),
    )


@compiled
def invert_covariance(gamma, G, w, pattern, omega):
    """Write O over the waves of a pattern, zero elsewhere; log|V|, NaN if V is not positive."""
    waves = G.shape[1]
    for t in range(waves):
        for u in range(t + 1):
            total = 0.0
            if pattern >> t & pattern >> u & 1:
                for r in range(gamma.size):
                    total += gamma[r] * G[r, t, u]
            elif t == u:
                total = 1.0
            w[V, t, u] = total
    log_determinant = cholesky(w, V, V_FACTOR)
    if log_determinant == log_determinant:
        invert(w, V_FACTOR, omega)
        for t in range(waves):
            if not pattern >> t & 1:
                w[omega, t, t] = 0.0
    return log_determinant


@compiled
def add_weighed(w, weights, W, place, packed, row):
    """Add to a row of packed sums those of one pattern, with symmetric weights between waves."""
    pair = 0
    for t in range(w.shape[1]):
        for u in range(t + 1):
            weight = w[weights, t, u]
            if weight != 0.0:
                for column in range(packed.shape[1]):
                    packed[row, column] += weight * W[place, pair, column]
            pair += 1


@compiled
def value(gamma, met, work):
    """L at gamma, O of each pattern, F and the coefficients; infinite where L is not defined."""
    G, _, _, _, W, patterns, egos, packed, _, m, v, w, _, _ = work
    k, p, total = G.shape[0], v.shape[1], 0.0
    everything = (1 << G.shape[1]) - 1
    if math.isnan(invert_covariance(gamma, G, w, everything, OMEGA)):
        return math.inf
    for column in range(packed.shape[1]):
        packed[k, column] = 0.0
    for place in range(met):
        logs = invert_covariance(gamma, G, w, patterns[place], OMEGA + place)
        if math.isnan(logs):
            return math.inf
        total += egos[place] * logs
        add_weighed(w, OMEGA + place, W, place, packed, k)
    at = 0
    for a in range(p):
        for c in range(a + 1):
            m[A, a, c] = packed[k, at]
            at += 1
    for a in range(p):
        v[B, a] = packed[k, at + a]
    logs = cholesky(m, A, FACTOR)
    if math.isnan(logs):
        return math.inf
    invert(m, FACTOR, INVERSE)
    apply(m, INVERSE, v, B, BETA)
    squares = packed[k, at + p] - dot(v, B, BETA)
    return total + logs + squares if squares > 0 else math.inf


@compiled
def weigh_columns(m, v, weights):
    """Weights of pairs of columns: row 0 that makes C of W, row 1 that makes C + E."""
    p, at = v.shape[1], 0
    for a in range(p + 1):
        for c in range(a + 1):
            half = 0.5 if a == c else 1.0
            left = 1.0 if a == p else -v[BETA, a]
            right = 1.0 if c == p else -v[BETA, c]
            weights[0, at] = half * m[INVERSE, a, c] if a < p else 0.0
            weights[1, at] = weights[0, at] + half * left * right
            at += 1


@compiled
def sum_columns(weights, row, W, place, w, out):
    """Write the sum over a pattern's egos of rows weighed between columns, (T, T)."""
    pair = 0
    for t in range(w.shape[1]):
        for u in range(t + 1):
            total = 0.0
            for column in range(weights.shape[1]):
                total += weights[row, column] * W[place, pair, column]
            w[out, t, u] = 2.0 * total if t == u else total
            w[out, u, t] = w[out, t, u]
            pair += 1


@compiled
def put_between(left, r, right, bounds, cells, values, w, out):
    """out = left G_r right, from what of G_r is not zero."""
    waves = w.shape[1]
    for t in range(waves):
        for u in range(waves):
            total = 0.0
            for at in range(bounds[r], bounds[r + 1]):
                total += values[at] * w[left, t, cells[at, 0]] * w[right, cells[at, 1], u]
            w[out, t, u] = total


@compiled
def trace_with(r, a, bounds, cells, values, w):
    """tr(G_r a), from what of G_r is not zero."""
    total = 0.0
    for at in range(bounds[r], bounds[r + 1]):
        total += values[at] * w[a, cells[at, 1], cells[at, 0]]
    return total


@compiled
def add_products(second, met, work):
    """Add to the gradient and to HESSIAN or INFORMATION what is summed wave by wave."""
    _, bounds, cells, values, W, _, egos, packed, weights, _, _, w, h, g = work
    k, waves, sign = g.shape[1], w.shape[1], 1.0 if second == HESSIAN else -1.0
    for place in range(met):
        omega, n = OMEGA + place, egos[place]
        sum_columns(weights, 1, W, place, w, C)
        times(w, omega, C, D)
        times(w, D, omega, OUTER)
        for r in range(k):
            g[GRADIENT, r] += n * trace_with(r, omega, bounds, cells, values, w)
            g[GRADIENT, r] -= trace_with(r, OUTER, bounds, cells, values, w)
            put_between(omega, r, omega, bounds, cells, values, w, D)
            add_weighed(w, D, W, place, packed, r)
        if second == INFORMATION:
            sum_columns(weights, 0, W, place, w, C)
            times(w, omega, C, D)
            times(w, D, omega, OUTER)
        for t in range(waves):
            for u in range(waves):
                w[OUTER, t, u] = sign * (2.0 * w[OUTER, t, u] - n * w[omega, t, u])
        for s in range(k):
            put_between(omega, s, OUTER, bounds, cells, values, w, BETWEEN)
            for r in range(s, k):
                h[second, r, s] += trace_with(r, BETWEEN, bounds, cells, values, w)


@compiled
def turn_rows(r, packed, m, v):
    """Into row r, what makes tr F P_r F P_s + 2 u_r' F u_s a product of two rows."""
    p, at, root = v.shape[1], 0, math.sqrt(2.0)
    for a in range(p):
        for c in range(a):
            packed[r, at] = root * m[WHITE, a, c]
            at += 1
        packed[r, at] = m[WHITE, a, a]
        at += 1
    for a in range(p):
        total = 0.0
        for c in range(a + 1):
            total += m[FACTOR, a, c] * v[U + r, c]
        packed[r, at + a] = root * total


@compiled
def dot_rows(packed, r, s, columns):
    """Product of two rows over their first columns."""
    total = 0.0
    for column in range(columns):
        total += packed[r, column] * packed[s, column]
    return total


@compiled
def derive(second, met, work):
    """Gradient, and HESSIAN or INFORMATION, of L where `value` was last asked for."""
    _, _, _, _, _, _, _, packed, weights, m, v, _, h, g = work
    k, p = g.shape[1], v.shape[1]
    weigh_columns(m, v, weights)
    packed[:k], g[GRADIENT], h[second] = 0.0, 0.0, 0.0
    add_products(second, met, work)
    for r in range(k):
        at = 0
        for a in range(p):
            for c in range(a + 1):
                m[P + r, a, c] = packed[r, at]
                m[P + r, c, a] = packed[r, at]
                at += 1
        apply(m, P + r, v, BETA, SCRATCH)
        for a in range(p):
            v[U + r, a] = packed[r, at + a] - v[SCRATCH, a]
        whiten(m, FACTOR, P + r, WHITE)
        turn_rows(r, packed, m, v)
    columns = p * (p + 1) // 2 + (p if second == HESSIAN else 0)
    sign = -1.0 if second == HESSIAN else 1.0
    for s in range(k):
        for r in range(s, k):
            h[second, r, s] += sign * dot_rows(packed, r, s, columns)
            h[second, s, r] = h[second, r, s]
