"""REML fits of random-intercept models, from sums over egos.

V = s2 (I + lam 1 1') within an ego. With c = lam / (1 + k lam), A = XX - sum c SS, and b and q
alike, the coefficients are A^-1 b, r = q - b' A^-1 b, and s2 = r / (N - p) whatever lam is, which
leaves one function of lam to minimise: D = sum count log(1 + k lam) + log|A| + (N - p) log r.
"""

import math

import numpy as np

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.ego_sums import (
    ROWS,
    SHIFT,
    SS,
    ST,
    XX,
    XZ,
    ZZ,
    clear,
    sum_complete,
    sum_egos,
    sum_groups,
)
from analysis.estimators.kernels.registers import (
    apply,
    cholesky,
    cross_trace,
    dot,
    form,
    invert,
    lower_form,
    mirror,
    times,
    trace,
)
from analysis.estimators.kernels.results import (
    COMPONENTS,
    CONVERGED,
    DF,
    ESTIMATE,
    SATTERTHWAITE,
    SINGULAR,
    VARIANCE,
)

MOST_STEPS = 60
LONGEST_STEP = 2.0
CLOSE = 1e-5
"""A Newton step in log lam as short as this leaves an error of its square."""
FARTHEST = 25.0
"""log lam at which nothing of the variance is left within egos."""
NONE_BETWEEN = 1e-8
"""lme4 calls a fit singular below this, the square of its 1e-4 on the scale of the SD."""

A, FACTOR, INVERSE, FIRST, SECOND, PRODUCT, OTHER = range(1, 8)
"""Registers of matrices: A^-1, and the derivatives of A in lam, as last evaluated."""
B, B1, B2, BETA, ALPHA, CONTRAST, U = range(1, 8)
"""Registers of vectors; ALPHA is A^-1 times the contrast."""
R, R1, R2, H, H1, H2 = range(3, 9)
"""Totals: r and its derivatives; sum count log(1 + k lam) + log|A| and its."""


@compiled
def profile(lam, m, v, totals, by_count):
    """D at lam and its two derivatives; NaN where A is not positive definite."""
    p = v.shape[1]
    for i in range(p):
        v[B, i], v[B1, i], v[B2, i] = v[XZ, i], 0.0, 0.0
        for j in range(i + 1):
            m[A, i, j], m[FIRST, i, j], m[SECOND, i, j] = m[XX, i, j], 0.0, 0.0
    q, q1, q2 = totals[ZZ], 0.0, 0.0
    h, h1, h2 = 0.0, 0.0, 0.0
    for k in range(1, by_count.shape[1]):
        egos, tt = by_count[0, k], by_count[1, k]
        if egos == 0:
            continue
        share = 1.0 / (1.0 + k * lam)
        c, c1, c2 = lam * share, share * share, -2.0 * k * share * share * share
        h += egos * math.log(1.0 + k * lam)
        h1 += egos * k * share
        h2 -= egos * k * k * share * share
        q, q1, q2 = q - c * tt, q1 - c1 * tt, q2 - c2 * tt
        for i in range(p):
            st = v[ST + k, i]
            v[B, i] -= c * st
            v[B1, i] -= c1 * st
            v[B2, i] -= c2 * st
            for j in range(i + 1):
                ss = m[SS + k, i, j]
                m[A, i, j] -= c * ss
                m[FIRST, i, j] -= c1 * ss
                m[SECOND, i, j] -= c2 * ss
    h += cholesky(m, A, FACTOR)
    if h != h:
        return math.nan, math.nan, math.nan
    return solved(h, h1, h2, q, q1, q2, m, v, totals)


@compiled
def solved(h, h1, h2, q, q1, q2, m, v, totals):
    """Coefficients and r, then D and its derivatives."""
    mirror(m, FIRST)
    mirror(m, SECOND)
    invert(m, FACTOR, INVERSE)
    apply(m, INVERSE, v, B, BETA)
    r = q - dot(v, B, BETA)
    if not r > 0:
        return math.nan, math.nan, math.nan
    apply(m, FIRST, v, BETA, U)
    r1 = q1 - 2.0 * dot(v, B1, BETA) + dot(v, BETA, U)
    for i in range(v.shape[1]):
        v[U, i] = v[B1, i] - v[U, i]
    r2 = q2 - 2.0 * dot(v, B2, BETA) + form(v, BETA, m, SECOND, BETA)
    r2 -= 2.0 * form(v, U, m, INVERSE, U)
    times(m, INVERSE, FIRST, PRODUCT)
    h1 += trace(m, INVERSE, FIRST)
    h2 += trace(m, INVERSE, SECOND) - cross_trace(m, PRODUCT, PRODUCT)
    totals[R], totals[R1], totals[R2] = r, r1, r2
    totals[H], totals[H1], totals[H2] = h, h1, h2
    freedom, ratio = totals[ROWS] - v.shape[1], r1 / r
    d2 = h2 + freedom * (r2 / r - ratio * ratio)
    return h + freedom * math.log(r), h1 + freedom * ratio, d2


@compiled
def first_guess(m, v, totals, by_count):
    """lam by moments, from the residuals of least squares (an evaluation at lam = 0)."""
    squares, between = 0.0, 0.0
    for k in range(1, by_count.shape[1]):
        if by_count[0, k] > 0:
            squares += k * k * by_count[0, k]
            between += by_count[1, k] - 2.0 * dot(v, ST + k, BETA)
            between += lower_form(v, BETA, m, SS + k)
    share, most = between / totals[R], squares / totals[ROWS]
    if share >= most:
        return 100.0
    return min(max((share - 1.0) / (most - share), 0.02), 100.0)


@compiled
def minimum(m, v, totals, by_count):
    """lam at the least of D, the registers left as evaluated there; NaN if there is none.

    Newton's method in log lam, kept between points where the slope is known to fall and to rise.
    The boundary lam = 0 is always compared.
    """
    at_zero, slope_at_zero, _ = profile(0.0, m, v, totals, by_count)
    if at_zero != at_zero:
        return math.nan
    theta = math.log(first_guess(m, v, totals, by_count))
    low, high, close, lam, d = -math.inf, math.inf, False, 0.0, 0.0
    for _ in range(MOST_STEPS):
        lam = math.exp(theta)
        d, d1, d2 = profile(lam, m, v, totals, by_count)
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
        close = abs(step) < CLOSE
        if not (close or low < theta + step < high):
            step = 0.5 * (low + high) - theta
        theta += step
    else:
        return math.nan
    if at_zero <= d:
        lam = 0.0
        profile(lam, m, v, totals, by_count)
    return lam


@compiled
def satterthwaite(lam, m, v, totals):
    """Degrees of freedom 2 x^2 / (g' C g), x the variance of the estimate and g its gradient.

    C is from the Hessian of -2 log L in lam and s2; at lam = 0 only s2 counts.
    """
    freedom = totals[ROWS] - v.shape[1]
    if lam == 0.0:
        return freedom
    s2 = totals[R] / freedom
    unit = dot(v, CONTRAST, ALPHA)
    g_lam, g_s2 = -s2 * form(v, ALPHA, m, FIRST, ALPHA), unit
    h_ll, h_ls = totals[H2] + totals[R2] / s2, -totals[R1] / (s2 * s2)
    h_ss = freedom / (s2 * s2)
    spread = h_ss * g_lam * g_lam - 2.0 * h_ls * g_lam * g_s2 + h_ll * g_s2 * g_s2
    return s2 * s2 * unit * unit * (h_ll * h_ss - h_ls * h_ls) / spread


@compiled
def kenward_roger(lam, m, v, by_count):
    """Adjusted variance of the estimate over s2, and degrees of freedom.

    Covariances are linear in the two variances (between, within): P and Q of Kenward and Roger
    1997 are then combinations of XX and SS, as powers of V^-1 stay of the form a I + b 1 1'. The
    information is the expected one, corrected for REML, as in pbkrtest.
    """
    p = v.shape[1]
    between, within = FIRST, SECOND
    mirror(m, XX)
    for i in range(p):
        for j in range(p):
            m[between, i, j], m[within, i, j] = 0.0, m[XX, i, j]
    i_bb, i_bw, i_ww = 0.0, 0.0, -2.0 * trace(m, INVERSE, XX)
    q_bb, q_bw, q_ww = 0.0, 0.0, form(v, ALPHA, m, XX, ALPHA)
    for k in range(1, by_count.shape[1]):
        egos = by_count[0, k]
        if egos == 0:
            continue
        mirror(m, SS + k)
        z, x = trace(m, INVERSE, SS + k), form(v, ALPHA, m, SS + k, ALPHA)
        share = 1.0 / (1.0 + k * lam)
        two, three = share * share, share * share * share
        i_bb += egos * k * k * two - 2.0 * k * three * z
        i_bw += egos * k * two - 2.0 * three * z
        i_ww += egos * (k - 1 + two) - 2.0 * (three - 1.0) / k * z
        q_bb, q_bw, q_ww = q_bb + k * three * x, q_bw + three * x, q_ww + (three - 1.0) / k * x
        for i in range(p):
            for j in range(p):
                m[between, i, j] += two * m[SS + k, i, j]
                m[within, i, j] += (two - 1.0) / k * m[SS + k, i, j]
    times(m, INVERSE, between, PRODUCT)
    times(m, INVERSE, within, OTHER)
    i_bb += cross_trace(m, PRODUCT, PRODUCT)
    i_bw += cross_trace(m, PRODUCT, OTHER)
    i_ww += cross_trace(m, OTHER, OTHER)
    scale = 2.0 / (i_bb * i_ww - i_bw * i_bw)
    w_bb, w_bw, w_ww = scale * i_ww, -scale * i_bw, scale * i_bb
    apply(m, between, v, ALPHA, B1)
    apply(m, within, v, ALPHA, B2)
    f_b, f_w, unit = dot(v, ALPHA, B1), dot(v, ALPHA, B2), dot(v, CONTRAST, ALPHA)
    df = 2.0 * unit * unit / (w_bb * f_b * f_b + 2.0 * w_bw * f_b * f_w + w_ww * f_w * f_w)
    q_bb -= form(v, B1, m, INVERSE, B1)
    q_bw -= form(v, B1, m, INVERSE, B2)
    q_ww -= form(v, B2, m, INVERSE, B2)
    return unit + 2.0 * (w_bb * q_bb + 2.0 * w_bw * q_bw + w_ww * q_ww), df


@compiled
def fit_one(method, m, v, totals, by_count, row):
    """Fit one replicate from its sums and fill its row of results."""
    for column in range(row.size):
        row[column] = math.nan
    row[CONVERGED], row[SINGULAR] = 0.0, 0.0
    freedom, repeated = totals[ROWS] - v.shape[1], 0.0
    for k in range(2, by_count.shape[1]):
        repeated += by_count[0, k]
    if freedom <= 0 or repeated == 0:
        return
    lam = minimum(m, v, totals, by_count)
    if lam != lam:
        return
    s2 = totals[R] / freedom
    apply(m, INVERSE, v, CONTRAST, ALPHA)
    row[ESTIMATE], row[CONVERGED], row[SINGULAR] = dot(v, CONTRAST, BETA), 1.0, lam < NONE_BETWEEN
    row[COMPONENTS], row[COMPONENTS + 1] = lam * s2, s2
    if method == SATTERTHWAITE:
        row[VARIANCE] = s2 * dot(v, CONTRAST, ALPHA)
        row[DF] = satterthwaite(lam, m, v, totals)
    else:
        adjusted, row[DF] = kenward_roger(lam, m, v, by_count)
        row[VARIANCE] = s2 * adjusted


@compiled
def fit_chunk(y, X, group, pooled, contrast, per_unit, method, rows):
    """Fit replicates y (C, n, T); X (1, G, T, p) shared or (C, n, T, p); results in rows (C, 8)."""
    waves, p, egos = y.shape[2], contrast.size, y.shape[1]
    centred = per_unit == per_unit
    m, v = np.zeros((SS + waves + 1, p, p)), np.zeros((ST + waves + 1, p))
    totals, by_count = np.zeros(9), np.zeros((2, waves + 1))
    cells = np.zeros((X.shape[1], 1 << waves, waves + 1)) if pooled else np.zeros((0, 0, 0))
    xx, ss, s = np.zeros((p, p)), np.zeros((p, p)), np.zeros((egos, p))
    v[CONTRAST] = contrast
    if not pooled and X.shape[0] == 1:
        sum_complete(X[0], xx, ss, s)
    for b in range(y.shape[0]):
        clear(y[b], centred, m, v, totals, by_count)
        if pooled:
            sum_groups(y[b], X[0], group, cells, m, v, totals, by_count)
        else:
            if X.shape[0] > 1:
                sum_complete(X[b], xx, ss, s)
            own = X[b if X.shape[0] > 1 else 0]
            sum_egos(y[b], own, xx, ss, s, m, v, totals, by_count)
        fit_one(method, m, v, totals, by_count, rows[b])
        if centred:
            rows[b, ESTIMATE] += per_unit * totals[SHIFT]
