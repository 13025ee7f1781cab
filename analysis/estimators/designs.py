"""Columns put side by side, and single values an ego seen as panels of one wave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import checked
from sim.errors import InputError, nearest

__all__ = ["checked_clusters", "checked_egos", "checked_weights", "in_columns", "one_named"]


def checked_egos(
    y: object, X: object, contrast: object, columns: Sequence[str] | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `contract.checked`, for y (B, n), X (n, p) or (B, n, p); a shared X comes as (1, n, p)."""
    outcome, design = np.asarray(y, np.float64), np.asarray(X, np.float64)
    if outcome.ndim != 2 or design.ndim not in (2, 3):
        raise InputError(
            f"y has shape {outcome.shape} and X {design.shape}; "
            "right are (B, n), and (n, p) or (B, n, p)"
        )
    waves, rows, direction = checked_clusters(
        outcome[..., None], design[..., None, :], contrast, columns
    )
    return np.ascontiguousarray(waves[..., 0]), np.ascontiguousarray(rows[..., 0, :]), direction


def checked_clusters(
    y: object, X: object, contrast: object, columns: Sequence[str] | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `contract.checked`, but a shared design comes as (1, n, m, p)."""
    outcome, design, direction = checked(
        np.asarray(y), np.asarray(X), np.asarray(contrast), columns
    )
    return outcome, design.reshape(-1, *design.shape[-3:]), direction


def checked_weights(weights: object, shape: tuple[int, ...]) -> np.ndarray:
    """Weights of the rows, contiguous, of an outcome's `shape`; a single 1 if None.

    Raises
    ------
    sim.errors.InputError
        Another shape, or a weight that is negative, infinite or missing.
    """
    if weights is None:
        return np.ones((1,) * len(shape))
    w = np.ascontiguousarray(weights, np.float64)
    if w.shape != shape:
        raise InputError(f"weights have shape {w.shape}; right is that of y, {shape}")
    if not np.isfinite(w).all() or (w < 0).any():
        raise InputError("a weight is negative, infinite or missing; zero leaves a row out")
    return w


def one_named(what: str, word: str, words: Sequence[str]) -> str:
    """The word, if it is one of the words.

    Raises
    ------
    sim.errors.InputError
        If it is not.
    """
    if word not in words:
        right = ", ".join(f'"{one}"' for one in words)
        raise InputError(f'{what} = "{word}" is unknown; right are {right}{nearest(word, words)}')
    return word


def in_columns(shape: tuple[int, ...], *columns: object) -> np.ndarray:
    """A design of columns that each are of `shape` (B, ...), of shape[1:] if shared, or one number.

    Returns
    -------
    ndarray, (B, ..., p), or (..., p) if all columns are shared.

    Raises
    ------
    sim.errors.InputError
        A column of another shape.
    """
    arrays = [np.asarray(column, dtype=np.float64) for column in columns]
    for array in arrays:
        if array.shape not in (shape, shape[1:], ()):
            raise InputError(
                f"a covariate has shape {array.shape}; right are {shape} and {shape[1:]}"
            )
    shared = all(array.ndim < len(shape) for array in arrays)
    full = shape[1:] if shared else shape
    return np.stack([np.broadcast_to(array, full) for array in arrays], axis=-1)
