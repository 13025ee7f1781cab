"""REML fits of random-intercept models, from sums over egos.

V = s2 (I + lam 1 1') within an ego. With c = lam / (1 + m lam), A = xx - sum c ss, and b and q
alike, the coefficients are A^-1 b, r = q - b' A^-1 b, and s2 = r / (N - p) whatever lam is, which
leaves one function of lam to minimise: D = sum count log(1 + m lam) + log|A| + (N - p) log r.
"""

import math
from typing import NamedTuple

import numpy as np

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.ego_sums import room_for_sums, sum_egos, sum_groups
from analysis.estimators.kernels.matrices import (
    apply,
    bilinear,
    cholesky,
    dot,
    inverse_of_factor,
    times,
    trace_of_general_product,
    trace_of_product,
)

MOST_STEPS = 60
LONGEST_STEP = 2.0
CLOSE = 1e-5
"""A Newton step in log lam as short as this leaves an error of its square."""
FARTHEST = 25.0
"""log lam at which nothing of the variance is left within egos."""
SINGULAR = 1e-8
"""lme4 calls a fit singular below this, the square of its 1e-4 on the scale of the SD."""

SATTERTHWAITE, KENWARD_ROGER = 0, 1

ESTIMATE, VARIANCE, DF, CONVERGED, SINGULAR_FIT, RATIO, RESIDUAL = range(7)
"""Columns of the result: variance of the estimate, lam, s2."""


class Room(NamedTuple):
    """Scratch of one chunk, and what the last evaluation left.

    inverse (p, p): A^-1; first, second (p, p): derivatives of A; beta (p,); values (6,): r, its
    two derivatives, the two of sum count log(1 + m lam) + log|A|, and that sum itself.
    """

    a: np.ndarray
    factor: np.ndarray
    inverse: np.ndarray
    first: np.ndarray
    second: np.ndarray
    product: np.ndarray
    other: np.ndarray
    b: np.ndarray
    b1: np.ndarray
    b2: np.ndarray
    beta: np.ndarray
    u: np.ndarray
    values: np.ndarray


@compiled
def room_for_fit(p):
    """Scratch for p columns."""
    return Room(
        np.zeros((p, p)), np.zeros((p, p)), np.zeros((p, p)), np.zeros((p, p)), np.zeros((p, p)),
        np.zeros((p, p)), np.zeros((p, p)), np.zeros(p), np.zeros(p), np.zeros(p), np.zeros(p),
        np.zeros(p), np.zeros(6),
    )  # fmt: skip


@compiled
def profile(lam, sums, room):
    """D at lam and its two derivatives; NaN where A is not positive definite."""
    a, first, second, b, b1, b2 = room.a, room.first, room.second, room.b, room.b1, room.b2
    p = b.size
    a[:, :], b[:] = sums.xx, sums.xz
    first[:, :], second[:, :], b1[:], b2[:] = 0.0, 0.0, 0.0, 0.0
    q, q1, q2 = sums.rows[1], 0.0, 0.0
    h, h1, h2 = 0.0, 0.0, 0.0
    for m in range(1, sums.count.size):
        egos = sums.count[m]
        if egos == 0:
            continue
        k = 1.0 / (1.0 + m * lam)
        c, c1, c2 = lam * k, k * k, -2.0 * m * k * k * k
        h += egos * math.log(1.0 + m * lam)
        h1 += egos * m * k
        h2 -= egos * m * m * k * k
        q -= c * sums.tt[m]
        q1 -= c1 * sums.tt[m]
        q2 -= c2 * sums.tt[m]
        for i in range(p):
            b[i] -= c * sums.st[m, i]
            b1[i] -= c1 * sums.st[m, i]
            b2[i] -= c2 * sums.st[m, i]
            for j in range(i + 1):
                a[i, j] -= c * sums.ss[m, i, j]
                first[i, j] -= c1 * sums.ss[m, i, j]
                second[i, j] -= c2 * sums.ss[m, i, j]
    h += cholesky(a, room.factor)
    if h != h:
        return math.nan, math.nan, math.nan
    mirror(first), mirror(second)
    return solved(h, h1, h2, q, q1, q2, sums.rows[0] - p, room)


@compiled
def mirror(a):
    """Copy the lower triangle into the upper."""
    for i in range(a.shape[0]):
        for j in range(i):
            a[j, i] = a[i, j]


@compiled
def solved(h, h1, h2, q, q1, q2, freedom, room):
    """Coefficients and r, then D and its derivatives."""
    inverse, beta, u = room.inverse, room.beta, room.u
    inverse_of_factor(room.factor, inverse)
    apply(inverse, room.b, beta)
    r = q - dot(room.b, beta)
    apply(room.first, beta, u)
    r1 = q1 - 2.0 * dot(room.b1, beta) + dot(beta, u)
    for i in range(beta.size):
        u[i] = room.b1[i] - u[i]
    r2 = q2 - 2.0 * dot(room.b2, beta) + bilinear(beta, room.second, beta)
    r2 -= 2.0 * bilinear(u, inverse, u)
    times(inverse, room.first, room.product)
    h1 += trace_of_product(inverse, room.first)
    h2 += trace_of_product(inverse, room.second)
    h2 -= trace_of_general_product(room.product, room.product)
    values = room.values
    values[0], values[1], values[2], values[3], values[4], values[5] = r, r1, r2, h1, h2, h
    ratio = r1 / r
    if not r > 0:
        return math.nan, math.nan, math.nan
    d = h + freedom * math.log(r)
    return d, h1 + freedom * ratio, h2 + freedom * (r2 / r - ratio * ratio)


@compiled
def first_guess(sums, room):
    """lam by moments, from the residuals of least squares (an evaluation at lam = 0)."""
    n, squares, between = sums.rows[0], 0.0, 0.0
    for m in range(1, sums.count.size):
        squares += m * m * sums.count[m]
        between += sums.tt[m] - 2.0 * dot(sums.st[m], room.beta)
        between += lower_form(room.beta, sums.ss[m])
    share = between / room.values[0]
    most = squares / n
    if share >= most:
        return 100.0
    return min(max((share - 1.0) / (most - share), 0.02), 100.0)


@compiled
def lower_form(vector, a):
    """vector' a vector of a symmetric matrix given by its lower triangle."""
    total = 0.0
    for i in range(vector.size):
        row = 0.5 * a[i, i] * vector[i]
        for j in range(i):
            row += a[i, j] * vector[j]
        total += 2.0 * vector[i] * row
    return total


@compiled
def minimum(sums, room):
    """lam at the least of D, the room left as evaluated there; NaN if there is none.

    Newton's method in log lam, kept between points where the slope is known to fall and to rise.
    The boundary lam = 0 is always compared.
    """
    at_zero, slope_at_zero, _ = profile(0.0, sums, room)
    if at_zero != at_zero:
        return math.nan
    theta, low, high = math.log(first_guess(sums, room)), -math.inf, math.inf
    close = False
    for _ in range(MOST_STEPS):
        lam = math.exp(theta)
        d, d1, d2 = profile(lam, sums, room)
        if d != d or theta > FARTHEST:
            return math.nan
        if close or (slope_at_zero >= 0 and d1 > 0 and d >= at_zero):
            break
        slope, bend = lam * d1, lam * d1 + lam * lam * d2
        if slope > 0:
            high = theta
        else:
            low = theta
        step = -slope / bend if bend > 0 else -math.copysign(LONGEST_STEP, slope)
        step = min(max(step, -LONGEST_STEP), LONGEST_STEP)
        if not low < theta + step < high:
            step = 0.5 * (low + high) - theta
        close = abs(step) < CLOSE
        theta += step
    else:
        return math.nan
    if at_zero <= d:
        lam = 0.0
        profile(lam, sums, room)
    return lam


@compiled
def satterthwaite(lam, s2, v, contrast, freedom, room):
    """Degrees of freedom 2 v^2 / (g' C g): C from the Hessian of -2 log L in lam and s2."""
    if lam == 0.0:
        return freedom
    apply(room.inverse, contrast, room.u)
    g_lam, g_s2 = -s2 * bilinear(room.u, room.first, room.u), v / s2
    _, r1, r2, _, h2, _ = room.values
    h_ll, h_ls, h_ss = h2 + r2 / s2, -r1 / (s2 * s2), freedom / (s2 * s2)
    spread = h_ss * g_lam * g_lam - 2.0 * h_ls * g_lam * g_s2 + h_ll * g_s2 * g_s2
    return v * v * (h_ll * h_ss - h_ls * h_ls) / spread


@compiled
def kenward_roger(lam, v, contrast, sums, room):
    """Adjusted variance over s2, and degrees of freedom; v is the plain variance over s2.

    Covariances are linear in the two variances (between, within): P and Q of Kenward and Roger
    1997 are then combinations of xx and ss, as powers of V^-1 stay of the form a I + b 1 1'. The
    information is the expected one, corrected for REML, as in pbkrtest.
    """
    inverse, between, within = room.inverse, room.first, room.second
    alpha = room.u
    apply(inverse, contrast, alpha)
    mirror(sums.xx)
    between[:, :], within[:, :] = 0.0, sums.xx
    quadratic = bilinear(alpha, sums.xx, alpha)
    trace = trace_of_product(inverse, sums.xx)
    i_bb, i_bw, i_ww = 0.0, 0.0, -2.0 * trace
    q_bb, q_bw, q_ww = 0.0, 0.0, quadratic
    for m in range(1, sums.count.size):
        egos = sums.count[m]
        if egos == 0:
            continue
        ss = sums.ss[m]
        mirror(ss)
        k = 1.0 / (1.0 + m * lam)
        k2, k3 = k * k, k * k * k
        z, x = trace_of_product(inverse, ss), bilinear(alpha, ss, alpha)
        i_bb += egos * m * m * k2 - 2.0 * m * k3 * z
        i_bw += egos * m * k2 - 2.0 * k3 * z
        i_ww += egos * (m - 1 + k2) - 2.0 * (k3 - 1.0) / m * z
        q_bb += m * k3 * x
        q_bw += k3 * x
        q_ww += (k3 - 1.0) / m * x
        for i in range(alpha.size):
            for j in range(alpha.size):
                between[i, j] += k2 * ss[i, j]
                within[i, j] += (k2 - 1.0) / m * ss[i, j]
    times(inverse, between, room.product)
    times(inverse, within, room.other)
    i_bb += trace_of_general_product(room.product, room.product)
    i_bw += trace_of_general_product(room.product, room.other)
    i_ww += trace_of_general_product(room.other, room.other)
    determinant = i_bb * i_ww - i_bw * i_bw
    w_bb, w_bw, w_ww = 2 * i_ww / determinant, -2 * i_bw / determinant, 2 * i_bb / determinant
    apply(between, alpha, room.b1), apply(within, alpha, room.b2)
    f_b, f_w = dot(alpha, room.b1), dot(alpha, room.b2)
    df = 2.0 * v * v / (w_bb * f_b * f_b + 2.0 * w_bw * f_b * f_w + w_ww * f_w * f_w)
    q_bb -= bilinear(room.b1, inverse, room.b1)
    q_bw -= bilinear(room.b1, inverse, room.b2)
    q_ww -= bilinear(room.b2, inverse, room.b2)
    return v + 2.0 * (w_bb * q_bb + 2.0 * w_bw * q_bw + w_ww * q_ww), df


@compiled
def fit_one(contrast, method, sums, room, row):
    """Fit one replicate from its sums and fill its row of results."""
    row[:], row[CONVERGED], row[SINGULAR_FIT] = math.nan, 0.0, 0.0
    freedom, repeated = sums.rows[0] - contrast.size, 0.0
    for m in range(2, sums.count.size):
        repeated += sums.count[m]
    if freedom <= 0 or repeated == 0:
        return
    lam = minimum(sums, room)
    if lam != lam:
        return
    s2 = room.values[0] / freedom
    alpha = room.u
    apply(room.inverse, contrast, alpha)
    v = dot(contrast, alpha)
    row[ESTIMATE], row[CONVERGED], row[SINGULAR_FIT] = dot(contrast, room.beta), 1.0, lam < SINGULAR
    row[RATIO], row[RESIDUAL] = lam, s2
    if method == SATTERTHWAITE:
        row[VARIANCE], row[DF] = s2 * v, satterthwaite(lam, s2, s2 * v, contrast, freedom, room)
    else:
        adjusted, df = kenward_roger(lam, v, contrast, sums, room)
        row[VARIANCE], row[DF] = s2 * adjusted, df


@compiled
def fit_chunk(y, X, group, pooled, contrast, per_unit, method, rows):
    """Fit replicates y (C, n, T); X (1, G, T, p) shared or (C, n, T, p); results in rows (C, 7)."""
    waves, p = y.shape[2], contrast.size
    centred = per_unit == per_unit
    sums, room, s = room_for_sums(waves, p), room_for_fit(p), np.zeros(p)
    cells = np.zeros((X.shape[1], 1 << waves, waves + 1)) if pooled else np.zeros((0, 0, 0))
    for b in range(y.shape[0]):
        own = X[b if X.shape[0] > 1 else 0]
        if pooled:
            sum_groups(y[b], own, group, centred, s, cells, sums)
        else:
            sum_egos(y[b], own, centred, s, sums)
        fit_one(contrast, method, sums, room, rows[b])
        if centred:
            rows[b, ESTIMATE] += per_unit * sums.rows[2]
