"""Sums over egos that a random-intercept model needs, by the number of waves an ego was seen.

For an ego seen m times, with rows x and values z = y - shift, s is the sum of its x, t that of its
z. Everything else about the egos drops out, so a likelihood costs the same for any number of them.
"""

from typing import NamedTuple

import numpy as np

from analysis.estimators.compiled import compiled


class EgoSums(NamedTuple):
    """Sums over the egos of one replicate; index m runs from 0 to T.

    count (T+1,): egos seen m times; ss (T+1, p, p), st (T+1, p), tt (T+1,): sums of s s', s t, t t;
    xx (p, p), xz (p,): sums over all rows; rows (3,): number of rows, sum of z z, shift of y.
    Of symmetric matrices the lower triangle.
    """

    count: np.ndarray
    ss: np.ndarray
    st: np.ndarray
    tt: np.ndarray
    xx: np.ndarray
    xz: np.ndarray
    rows: np.ndarray


@compiled
def room_for_sums(waves, p):
    """An empty set of sums."""
    return EgoSums(
        np.zeros(waves + 1),
        np.zeros((waves + 1, p, p)),
        np.zeros((waves + 1, p)),
        np.zeros(waves + 1),
        np.zeros((p, p)),
        np.zeros(p),
        np.zeros(3),
    )


@compiled
def start(y, centred, sums):
    """Set all sums to zero and the shift to the mean of y, or to zero if y is not centred."""
    count, ss, st, tt, xx, xz, rows = sums
    count[:], ss[:, :, :], st[:, :], tt[:] = 0.0, 0.0, 0.0, 0.0
    xx[:, :], xz[:], rows[:] = 0.0, 0.0, 0.0
    if not centred:
        return
    total, seen = 0.0, 0.0
    for i in range(y.shape[0]):
        for w in range(y.shape[1]):
            if y[i, w] == y[i, w]:
                total += y[i, w]
                seen += 1.0
    if seen > 0:
        rows[2] = total / seen


@compiled
def sum_egos(y, X, centred, s, sums):
    """Sums of one replicate, ego by ego; y (n, T), X (n, T, p), s (p,) is scratch."""
    start(y, centred, sums)
    p, shift = s.size, sums.rows[2]
    count, ss, st, tt, xx, xz, rows = sums
    total_rows, total_zz = 0.0, 0.0
    for i in range(y.shape[0]):
        m, t = 0, 0.0
        for a in range(p):
            s[a] = 0.0
        for w in range(y.shape[1]):
            z = y[i, w] - shift
            if z == z:
                m += 1
                t += z
                total_zz += z * z
                for a in range(p):
                    x = X[i, w, a]
                    s[a] += x
                    xz[a] += x * z
                    for c in range(a + 1):
                        xx[a, c] += x * X[i, w, c]
        count[m] += 1.0
        tt[m] += t * t
        for a in range(p):
            st[m, a] += s[a] * t
            for c in range(a + 1):
                ss[m, a, c] += s[a] * s[c]
        total_rows += m
    rows[0], rows[1] = total_rows, total_zz


@compiled
def sum_groups(y, X, group, centred, s, cells, sums):
    """Sums of one replicate when the egos of a group share X, (G, T, p).

    First y alone is summed, by group and by pattern of waves seen, into `cells`, (G, 2^T, T+1):
    number of egos and sum of z at each wave. X is then looked at once for each pattern met.
    """
    start(y, centred, sums)
    cells[:, :, :] = 0.0
    waves, shift = y.shape[1], sums.rows[2]
    for i in range(y.shape[0]):
        pattern, m, t = 0, 0, 0.0
        zz = 0.0
        for w in range(waves):
            z = y[i, w] - shift
            if z == z:
                pattern |= 1 << w
                m += 1
                t += z
                zz += z * z
        cell = cells[group[i], pattern]
        cell[waves] += 1.0
        for w in range(waves):
            if pattern >> w & 1:
                cell[w] += y[i, w] - shift
        sums.tt[m] += t * t
        sums.rows[1] += zz
    for g in range(cells.shape[0]):
        for pattern in range(1, cells.shape[1]):
            if cells[g, pattern, waves] > 0:
                add_cell(cells[g, pattern], pattern, X[g], s, sums)


@compiled
def add_cell(cell, pattern, X, s, sums):
    """Add the egos of one group and pattern; X (T, p)."""
    waves, p = X.shape
    egos, m, t = cell[waves], 0, 0.0
    s[:] = 0.0
    for w in range(waves):
        if pattern >> w & 1:
            m += 1
            t += cell[w]
            for a in range(p):
                x = X[w, a]
                s[a] += x
                sums.xz[a] += x * cell[w]
                for c in range(a + 1):
                    sums.xx[a, c] += egos * x * X[w, c]
    sums.count[m] += egos
    sums.rows[0] += m * egos
    for a in range(p):
        sums.st[m, a] += s[a] * t
        for c in range(a + 1):
            sums.ss[m, a, c] += egos * s[a] * s[c]
