"""Sums over egos by the pattern of waves seen, enough for any covariance between waves.

Let w = (x, z) be a row of an ego, z = y - shift its outcome. For each pattern met, and for each
pair of waves t >= u and of columns a >= c, W holds the sum over egos of w_ta w_uc + w_ua w_tc (of
w_ta w_tc where t = u). For symmetric weights K, sum over t >= u of K_tu W is then the packed lower
triangle of sum of w' K w, and nothing else of the data is needed.
"""

from analysis.estimators.compiled import compiled


@compiled
def pattern_place(pattern, patterns, met):
    """Number of a pattern among those met so far; `met` for a new one."""
    for place in range(met):
        if patterns[place] == pattern:
            return place
    return met


@compiled
def add_squares(z, pattern, W, place):
    """Add the products of one ego's outcomes z (T,)."""
    last, pair = W.shape[2] - 1, 0
    for t in range(z.size):
        for u in range(t + 1):
            if pattern >> t & pattern >> u & 1:
                W[place, pair, last] += z[t] * z[u] * (1.0 if t == u else 2.0)
            pair += 1


@compiled
def add_rows(X, number, egos, z, pattern, W, place):
    """Add egos that share a pattern and the rows X[number], (T, p); z (T,) sums their outcomes."""
    p, pair = X.shape[2], 0
    to_z = p * (p + 1) // 2
    for t in range(X.shape[1]):
        for u in range(t + 1):
            if pattern >> t & pattern >> u & 1:
                at, half = 0, 0.5 if t == u else 1.0
                for a in range(p):
                    x_t, x_u = half * X[number, t, a], half * X[number, u, a]
                    for c in range(a + 1):
                        both = x_t * X[number, u, c] + x_u * X[number, t, c]
                        W[place, pair, at + c] += egos * both
                    at += a + 1
                    W[place, pair, to_z + a] += x_t * z[u] + x_u * z[t]
            pair += 1


@compiled
def add_pattern_cell(g, place, z, cells):
    """Add one ego to those of its group and pattern: outcomes z, 1, and products of outcomes."""
    waves = z.size
    at = waves + 1
    cells[g, place, waves] += 1.0
    for t in range(waves):
        cells[g, place, t] += z[t]
        for u in range(t + 1):
            cells[g, place, at] += z[t] * z[u]
            at += 1


@compiled
def add_cells(X, cells, met, patterns, z, W):
    """Add groups of egos that share X[g], (T, p), pattern by pattern."""
    waves, last = z.size, W.shape[2] - 1
    for g in range(cells.shape[0]):
        for place in range(met):
            if cells[g, place, waves] == 0:
                continue
            pair = 0
            for t in range(waves):
                z[t] = cells[g, place, t]
                for u in range(t + 1):
                    both = cells[g, place, waves + 1 + pair]
                    W[place, pair, last] += both if t == u else 2.0 * both
                    pair += 1
            add_rows(X, g, cells[g, place, waves], z, patterns[place], W, place)


@compiled
def sum_patterns(y, X, group, pooled, shift, patterns, egos, cells, z, W):
    """Sums of one replicate; returns how many patterns were met.

    Parameters are y (n, T), X (G, T, p), group (n,); written are patterns (S,) as bits, egos (S,),
    cells (G, S, 1 + T + pairs of waves) when pooled, z (T,) as scratch, W.
    """
    waves, met = y.shape[1], 0
    if pooled:
        cells[:, :, :] = 0.0
    for i in range(y.shape[0]):
        pattern = 0
        for t in range(waves):
            z[t] = 0.0
            if y[i, t] == y[i, t]:
                pattern |= 1 << t
                z[t] = y[i, t] - shift
        if pattern == 0:
            continue
        place = pattern_place(pattern, patterns, met)
        if place == met:
            patterns[place], egos[place] = pattern, 0.0
            W[place] = 0.0
            met += 1
        egos[place] += 1.0
        if pooled:
            add_pattern_cell(group[i], place, z, cells)
        else:
            add_squares(z, pattern, W, place)
            add_rows(X, group[i], 1.0, z, pattern, W, place)
    if pooled:
        add_cells(X, cells, met, patterns, z, W)
    return met
