"""Loss of ties from interview to interview: the discrete-time hazard.

A tie is at risk in the interval after each interview at which it still stands, until it is lost or
its ego is not interviewed. With the complementary log-log link the estimate is the log of the ratio
of hazards in continuous time (Prentice & Gloeckler 1978, doi 10.2307/2529588), with the logit link
the log odds ratio of loss in an interval (Allison 1982). Both are averages over egos; errors are
robust to what the ties of an ego have in common.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import one_named
from analysis.estimators.gee import gee
from sim.errors import InputError

__all__ = ["hazard", "losses"]


def losses(standing: object) -> np.ndarray:
    """Whether each tie was lost in each interval between interviews, NaN where not at risk.

    Parameters
    ----------
    standing : array, (B, n, S, T)
        For each tie at each interview: 1 it stands, 0 it does not, NaN its ego was not interviewed.

    Returns
    -------
    ndarray, (B, n, S, T - 1)
        A tie enters with the first interview at which it stands and leaves with its loss, or with
        an interview that was missed; what revives is no longer followed.

    Raises
    ------
    sim.errors.InputError
        Another shape, fewer than two interviews, or a value other than 0, 1 and NaN.
    """
    seen = np.asarray(standing, np.float64)
    if seen.ndim != 4 or seen.shape[-1] < 2:
        raise InputError(f"standing has shape {seen.shape}; right is (B, n, S, T), T at least 2")
    if not (np.isnan(seen) | (seen == 0) | (seen == 1)).all():
        raise InputError("standing is to be 1, 0, or NaN where the ego was not interviewed")
    lost = np.full((*seen.shape[:-1], seen.shape[-1] - 1), np.nan)
    entered = np.zeros(seen.shape[:-1], bool)
    followed = np.ones(seen.shape[:-1], bool)
    for interval in range(lost.shape[-1]):
        now, then = seen[..., interval], seen[..., interval + 1]
        followed &= ~(entered & (now != 1))
        entered |= now == 1
        at_risk = followed & (now == 1) & ~np.isnan(then)
        lost[..., interval] = np.where(at_risk, 1.0 - then, np.nan)
    return lost


def hazard(
    lost: object,
    X: object,
    contrast: object,
    *,
    link: str = "cloglog",
    errors: str = "kauermann-carroll",
    level: float = 0.95,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Fit each replicate; every interval has its own baseline hazard.

    Parameters
    ----------
    lost : array, (B, n, S, K)
        1 lost, 0 kept, NaN not at risk, for up to S ties of n egos in K intervals; see `losses`.
    X : array, (n, S, K, q) or (B, n, S, K, q)
        Covariates, without an intercept.
    contrast : array, (q,)
    link : {"cloglog", "logit"}
    errors, level
        As for `gee`; the cluster is the ego.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    Fits
        As from `gee` with working independence. Not converged: also an interval in which no tie or
        every tie is lost.

    Raises
    ------
    sim.errors.InputError
        As from `gee`.
    """
    one_named("link", link, ("cloglog", "logit"))
    outcome, covariates = np.asarray(lost, np.float64), np.asarray(X, np.float64)
    if outcome.ndim != 4 or covariates.shape[:-1] not in (outcome.shape, outcome.shape[1:]):
        raise InputError(
            f"lost has shape {outcome.shape} and X {covariates.shape}; "
            "right are (B, n, S, K), and (n, S, K, q) or (B, n, S, K, q)"
        )
    *_, n, ties, intervals = outcome.shape
    dummies = np.broadcast_to(np.eye(intervals), (*covariates.shape[:-1], intervals))
    design = np.concatenate([dummies, covariates], axis=-1)
    weights = np.concatenate([np.zeros(intervals), np.asarray(contrast, np.float64)])
    names = None
    if columns is not None:
        names = [*(f"interval {k + 1}" for k in range(intervals)), *columns]
    return gee(
        outcome.reshape(-1, n, ties * intervals),
        design.reshape(*design.shape[:-3], ties * intervals, design.shape[-1]),
        weights,
        link=link,
        working="independence",
        errors=errors,
        level=level,
        columns=names,
    )
