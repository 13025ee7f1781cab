"""Small matrices and vectors kept as numbered registers of two arrays: m (K, p, p) and v (K, p).

A view of one of them would count as a use of the array each time it is taken and dropped, which
costs more than the arithmetic on a few columns; a register's number costs nothing. Functions read
and write registers by number, in the order in which a formula names them, the result last.
Symmetric matrices are kept in full unless a function says that it reads the lower triangle.
"""

import math

from analysis.estimators.compiled import compiled

LEAST_PIVOT = 1e-10
"""Share of a diagonal element that must be left over when the columns before it are taken out."""


@compiled
def cholesky(m, a, factor):
    """Lower factor of the lower triangle of a; log|a|, NaN where a is not positive definite."""
    log_determinant = 0.0
    for j in range(m.shape[1]):
        pivot = m[a, j, j]
        for k in range(j):
            pivot -= m[factor, j, k] * m[factor, j, k]
        if not pivot > LEAST_PIVOT * m[a, j, j]:
            return math.nan
        log_determinant += math.log(pivot)
        root = math.sqrt(pivot)
        m[factor, j, j] = root
        for i in range(j + 1, m.shape[1]):
            rest = m[a, i, j]
            for k in range(j):
                rest -= m[factor, i, k] * m[factor, j, k]
            m[factor, i, j] = rest / root
    return log_determinant


@compiled
def invert(m, factor, inverse):
    """(F F')^-1 of a lower factor F, which is overwritten by its own inverse."""
    n = m.shape[1]
    for j in range(n):
        m[factor, j, j] = 1.0 / m[factor, j, j]
    for j in range(n):
        for i in range(j + 1, n):
            total = 0.0
            for k in range(j, i):
                total -= m[factor, i, k] * m[factor, k, j]
            m[factor, i, j] = total * m[factor, i, i]
    for i in range(n):
        for j in range(i + 1):
            total = 0.0
            for k in range(i, n):
                total += m[factor, k, i] * m[factor, k, j]
            m[inverse, i, j] = total
            m[inverse, j, i] = total


@compiled
def mirror(m, a):
    """Copy the lower triangle of a into the upper."""
    for i in range(m.shape[1]):
        for j in range(i):
            m[a, j, i] = m[a, i, j]


@compiled
def times(m, a, b, product):
    """product = a b."""
    n = m.shape[1]
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += m[a, i, k] * m[b, k, j]
            m[product, i, j] = total


@compiled
def whiten(m, inverse, a, product):
    """The lower triangle of product = F^-1 a F^-T, for a symmetric and the inverse of F lower."""
    n = m.shape[1]
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(i + 1):
                total += m[inverse, i, k] * m[a, k, j]
            m[product, i, j] = total
        for j in range(i, -1, -1):
            total = 0.0
            for k in range(j + 1):
                total += m[product, i, k] * m[inverse, j, k]
            m[product, i, j] = total


@compiled
def trace(m, a, b):
    """tr(a b) of two symmetric matrices."""
    total = 0.0
    for i in range(m.shape[1]):
        for j in range(m.shape[1]):
            total += m[a, i, j] * m[b, i, j]
    return total


@compiled
def cross_trace(m, a, b):
    """tr(a b) of two matrices that need not be symmetric."""
    total = 0.0
    for i in range(m.shape[1]):
        row = 0.0
        for j in range(m.shape[1]):
            row += m[a, i, j] * m[b, j, i]
        total += row
    return total


@compiled
def form(v, x, m, a, y):
    """x' a y."""
    total = 0.0
    for i in range(v.shape[1]):
        row = 0.0
        for j in range(v.shape[1]):
            row += m[a, i, j] * v[y, j]
        total += v[x, i] * row
    return total


@compiled
def lower_form(v, x, m, a):
    """x' a x, from the lower triangle of a."""
    total = 0.0
    for i in range(v.shape[1]):
        row = 0.5 * m[a, i, i] * v[x, i]
        for j in range(i):
            row += m[a, i, j] * v[x, j]
        total += 2.0 * v[x, i] * row
    return total


@compiled
def apply(m, a, v, x, product):
    """product = a x."""
    for i in range(v.shape[1]):
        total = 0.0
        for j in range(v.shape[1]):
            total += m[a, i, j] * v[x, j]
        v[product, i] = total


@compiled
def dot(v, x, y):
    """x' y."""
    total = 0.0
    for i in range(v.shape[1]):
        total += v[x, i] * v[y, i]
    return total
