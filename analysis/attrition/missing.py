"""Who is missing: what sets those interviewed apart, and what the dial brings from any process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.attrition.cases import Case
from analysis.estimators.contract import Fits
from analysis.worlds.census import Truth

__all__ = ["Missing", "Turned", "apart_and_stray"]


class Missing(NamedTuple):
    """Who is missing at a wave, of those who could have been seen there.

    Attributes
    ----------
    share : ndarray, (B, A)
        Of each arm in each study.
    people : ndarray, (B, A)
        In each arm of each study: the living.
    """

    share: np.ndarray
    people: np.ndarray


class Turned(NamedTuple):
    """The dial, turned in one process.

    Attributes
    ----------
    cases : list of Case
    fits : list of list of Fits
        Of each case and question.
    who : list of ndarray, (L, 3)
        Of each case and study looked at: share interviewed at the wave of the first question, and
        what `apart_and_stray` says, in points.
    missing : list of Missing
        Of each question, in the study file's own case.
    scale : str
        Of what `who` is about.
    sd : mapping of str to float
        SD at baseline of that scale, and of those asked about.
    truths : tuple of Truth
        Of each question.
    """

    cases: Sequence[Case]
    fits: Sequence[Sequence[Fits]]
    who: Sequence[np.ndarray]
    missing: Sequence[Missing]
    scale: str
    sd: Mapping[str, float]
    truths: tuple[Truth, ...]


def apart_and_stray(
    y: np.ndarray, whole: np.ndarray, arm: np.ndarray, wave: int
) -> tuple[float, float]:
    """How those seen at a wave differ from all, and those missing from what they are taken to be.

    The second is the mean, over those missing, of their score less that of people seen who had the
    same records and arm: least squares among those seen, by what is recorded of the missing.

    Parameters
    ----------
    y : ndarray, (n, T)
        Scores as recorded; NaN where there is none.
    whole : ndarray, (n, T)
        The same with nobody missing; NaN of those who could not be seen in any case.
    arm : ndarray of int, (n,)
    wave : int

    Returns
    -------
    tuple of float
        NaN where nobody is seen, or missing.
    """
    now, there = whole[:, wave], np.isfinite(whole[:, wave])
    seen = np.isfinite(y[:, wave])
    missing = there & ~seen
    if not seen.any():
        return np.nan, np.nan
    apart = float(now[seen].mean() - now[there].mean())
    total, count = 0.0, 0
    patterns = np.isfinite(y[:, :wave])
    arms = np.eye(int(arm.max()) + 1)[arm]
    for pattern in np.unique(patterns[missing], axis=0):
        mine = missing & (patterns == pattern).all(axis=1)
        columns = np.concatenate([arms, whole[:, :wave][:, pattern]], axis=1)
        like = seen & np.isfinite(columns).all(axis=1)
        fit = np.linalg.lstsq(columns[like], now[like], rcond=None)[0]
        total += float((now[mine] - columns[mine] @ fit).sum())
        count += int(mine.sum())
    return apart, total / count if count else np.nan
