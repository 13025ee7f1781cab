"""Symmetric matrices of a few rows: factor, invert, multiply, without calls into a library.

Only lower triangles are read; inverses and products are written in full.
"""

import math

from analysis.estimators.compiled import compiled

LEAST_PIVOT = 1e-10
"""Share of a diagonal element that must be left over when the columns before it are taken out."""


@compiled
def cholesky(a, factor):
    """Write the lower factor of a; return log|a|, NaN where a is not clearly positive definite."""
    n = a.shape[0]
    log_determinant = 0.0
    for j in range(n):
        pivot = a[j, j]
        for k in range(j):
            pivot -= factor[j, k] * factor[j, k]
        if not pivot > LEAST_PIVOT * a[j, j]:
            return math.nan
        log_determinant += math.log(pivot)
        root = math.sqrt(pivot)
        factor[j, j] = root
        inverse_root = 1.0 / root
        for i in range(j + 1, n):
            rest = a[i, j]
            for k in range(j):
                rest -= factor[i, k] * factor[j, k]
            factor[i, j] = rest * inverse_root
    return log_determinant


@compiled
def inverse_of_factor(factor, inverse):
    """Write (F F')^-1 of a lower factor F, which is overwritten by its own inverse."""
    n = factor.shape[0]
    for j in range(n):
        factor[j, j] = 1.0 / factor[j, j]
        for i in range(j + 1, n):
            total = 0.0
            for k in range(j, i):
                total -= factor[i, k] * factor[k, j]
            factor[i, j] = total / factor[i, i]
    for i in range(n):
        for j in range(i + 1):
            total = 0.0
            for k in range(i, n):
                total += factor[k, i] * factor[k, j]
            inverse[i, j] = total
            inverse[j, i] = total


@compiled
def times(a, b, product):
    """Write a b, of square matrices in full."""
    n = a.shape[0]
    for i in range(n):
        for j in range(n):
            product[i, j] = 0.0
        for k in range(n):
            left = a[i, k]
            for j in range(n):
                product[i, j] += left * b[k, j]


@compiled
def trace_of_product(a, b):
    """tr(a b), where b is symmetric and in full."""
    total = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[0]):
            total += a[i, j] * b[i, j]
    return total


@compiled
def trace_of_general_product(a, b):
    """tr(a b) of two matrices that need not be symmetric."""
    total = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[0]):
            total += a[i, j] * b[j, i]
    return total


@compiled
def bilinear(left, a, right):
    """left' a right."""
    total = 0.0
    for i in range(left.size):
        row = 0.0
        for j in range(right.size):
            row += a[i, j] * right[j]
        total += left[i] * row
    return total


@compiled
def apply(a, vector, product):
    """Write a vector."""
    for i in range(vector.size):
        total = 0.0
        for j in range(vector.size):
            total += a[i, j] * vector[j]
        product[i] = total


@compiled
def dot(left, right):
    """left' right."""
    total = 0.0
    for i in range(left.size):
        total += left[i] * right[i]
    return total
