"""Columns for what is known of people at baseline."""

from __future__ import annotations

import numpy as np

__all__ = ["with_known"]


def with_known(
    X: np.ndarray, contrast: np.ndarray, known: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """A design and its contrast with a column more for each thing known, the same at every wave.

    Parameters
    ----------
    X : ndarray, (n, T, p) or (B, n, T, p)
    contrast : ndarray, (p,)
    known : ndarray, (n, k) or (B, n, k), or None
        Strata in which there is nobody are left out.
    """
    if known is not None:
        people = known.ndim - 2
        apart = np.ptp(known, axis=people).reshape(-1, known.shape[-1]).any(axis=0)
        known = known[..., apart]
    if known is None or not known.shape[-1]:
        return X, contrast
    ahead = np.broadcast_shapes(X.shape[:-1], (*known.shape[:-1], 1))
    columns = [
        np.broadcast_to(X, (*ahead, X.shape[-1])),
        np.broadcast_to(known[..., None, :], (*ahead, known.shape[-1])),
    ]
    return np.concatenate(columns, axis=-1), np.append(contrast, np.zeros(known.shape[-1]))
