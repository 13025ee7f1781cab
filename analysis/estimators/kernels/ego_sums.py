"""Sums over egos that a random-intercept model needs, by the number of waves an ego was seen.

For an ego seen k times, with rows x and values z = y - shift, let s be the sum of its x and t that
of its z. Everything else about the egos drops out, so a likelihood costs the same for any number.
The sums lie in registers (see `registers`): XX and XZ over all rows, SS + k and ST + k of s s' and
s t over egos seen k times, of matrices the lower triangle; in totals, by name; and in by_count,
(2, T+1), the number of egos seen k times and their sum of t t.
"""

from analysis.estimators.compiled import compiled

XX, SS = 0, 8
XZ, ST = 0, 8
SEEN = 1
"""Scratch: s of one ego."""

ROWS, ZZ, SHIFT = 0, 1, 2


@compiled
def mean_of(y):
    """Mean of what is not missing; zero if everything is."""
    total, seen = 0.0, 0
    for i in range(y.shape[0]):
        own = 0.0
        for w in range(y.shape[1]):
            if y[i, w] == y[i, w]:
                own += y[i, w]
                seen += 1
        total += own
    return total / max(seen, 1)


@compiled
def clear(y, centred, m, v, totals, by_count):
    """Set all sums to zero, and the shift to the mean of y where y is to be centred."""
    m[XX], v[XZ], by_count[:, :] = 0.0, 0.0, 0.0
    for k in range(by_count.shape[1]):
        m[SS + k], v[ST + k] = 0.0, 0.0
    totals[ROWS], totals[ZZ], totals[SHIFT] = 0.0, 0.0, mean_of(y) if centred else 0.0


@compiled
def sum_complete(X, xx, ss, s):
    """Sums over X (n, T, p) as if nothing were missing: xx and ss (p, p), and s (n, p)."""
    p = X.shape[2]
    xx[:, :], ss[:, :], s[:, :] = 0.0, 0.0, 0.0
    for i in range(X.shape[0]):
        for w in range(X.shape[1]):
            for a in range(p):
                s[i, a] += X[i, w, a]
                for c in range(a + 1):
                    xx[a, c] += X[i, w, a] * X[i, w, c]
        for a in range(p):
            for c in range(a + 1):
                ss[a, c] += s[i, a] * s[i, c]


@compiled
def sum_egos(y, X, xx, ss, s, m, v, totals, by_count):
    """Sums of one replicate, ego by ego, from the complete sums less what is missing.

    The registers are clear; y (n, T), X (n, T, p), the others as `sum_complete` left them.
    """
    egos, waves, p = X.shape
    shift, zz, complete = totals[SHIFT], 0.0, SS + waves
    for a in range(p):
        for c in range(a + 1):
            m[XX, a, c], m[complete, a, c] = xx[a, c], ss[a, c]
    totals[ROWS] = egos * waves
    for i in range(egos):
        k, t = 0, 0.0
        for w in range(waves):
            z = y[i, w] - shift
            if z == z:
                k += 1
                t += z
                zz += z * z
                for a in range(p):
                    v[XZ, a] += X[i, w, a] * z
        by_count[0, k] += 1
        by_count[1, k] += t * t
        if k == waves:
            for a in range(p):
                v[ST + waves, a] += s[i, a] * t
        else:
            take_out(i, y, X, s, k, t, m, v, totals)
    totals[ZZ] = zz
    for a in range(p):  # so that a column of which nothing is left is not mistaken for a small one
        if m[XX, a, a] < 1e-12 * xx[a, a]:
            m[XX, a, a] = 0.0


@compiled
def take_out(i, y, X, s, k, t, m, v, totals):
    """Move an ego seen k < T times from the complete sums to those of its kind."""
    waves, p = y.shape[1], X.shape[2]
    complete, mine = SS + waves, SS + k
    totals[ROWS] -= waves - k
    for a in range(p):
        for c in range(a + 1):
            m[complete, a, c] -= s[i, a] * s[i, c]
    for a in range(p):
        v[SEEN, a] = s[i, a]
    for w in range(waves):
        if y[i, w] != y[i, w]:
            for a in range(p):
                x = X[i, w, a]
                v[SEEN, a] -= x
                for c in range(a + 1):
                    m[XX, a, c] -= x * X[i, w, c]
    for a in range(p):
        v[ST + k, a] += v[SEEN, a] * t
        for c in range(a + 1):
            m[mine, a, c] += v[SEEN, a] * v[SEEN, c]


@compiled
def sum_groups(y, X, group, cells, m, v, totals, by_count):
    """Sums of one replicate when the egos of a group share X, (G, T, p).

    First y alone is summed, by group and by pattern of waves seen, into `cells`, (G, 2^T, T+1):
    sum of z at each wave, and number of egos. X is then looked at once for each pattern met.
    """
    waves, shift = y.shape[1], totals[SHIFT]
    cells[:, :, :] = 0.0
    zz = 0.0
    for i in range(y.shape[0]):
        pattern, k, t = 0, 0, 0.0
        for w in range(waves):
            z = y[i, w] - shift
            if z == z:
                pattern |= 1 << w
                k += 1
                t += z
                zz += z * z
        g = group[i]
        cells[g, pattern, waves] += 1.0
        for w in range(waves):
            if pattern >> w & 1:
                cells[g, pattern, w] += y[i, w] - shift
        by_count[1, k] += t * t
        by_count[0, k] += 1
        totals[ROWS] += k
    totals[ZZ] = zz
    for g in range(cells.shape[0]):
        for pattern in range(1, cells.shape[1]):
            if cells[g, pattern, waves] > 0:
                add_cell(cells, g, pattern, X, m, v)


@compiled
def add_cell(cells, g, pattern, X, m, v):
    """Add the egos of one group and pattern."""
    waves, p = X.shape[1], X.shape[2]
    egos, k, t = cells[g, pattern, waves], 0, 0.0
    for a in range(p):
        v[SEEN, a] = 0.0
    for w in range(waves):
        if pattern >> w & 1:
            k += 1
            t += cells[g, pattern, w]
            for a in range(p):
                x = X[g, w, a]
                v[SEEN, a] += x
                v[XZ, a] += x * cells[g, pattern, w]
                for c in range(a + 1):
                    m[XX, a, c] += egos * x * X[g, w, c]
    for a in range(p):
        v[ST + k, a] += v[SEEN, a] * t
        for c in range(a + 1):
            m[SS + k, a, c] += egos * v[SEEN, a] * v[SEEN, c]
