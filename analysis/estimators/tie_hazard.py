"""The hazard of losing a tie of the first map, over all intervals between interviews.

A tie is at risk from the first map on until the first interview whose map it is not on. It may come
back, since names are forgotten and ties revive: it was lost all the same, and is not followed
again. Follow-up ends unlost with the last wave asked about, the ego's first missed interview, or
death. Each interval has its own baseline hazard, so intervals may differ in length.

What a tie is compared by may change with time: an episode counts from the interval in which it
began. Where only ties of people with an episode are asked about, theirs enter with that interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.asked import Enquiry, QuestionAsked, TieStudy, level
from analysis.estimators.contract import Fits, no_fit
from analysis.estimators.gee import gee
from analysis.estimators.hazard import hazard, losses
from analysis.estimators.tie_groups import groups_of

__all__ = ["cells_of", "hazard_of_cells", "hazard_of_ties"]

DIGITS = 10
"""Decimals to which the equations are solved; groups that fare alike then differ by nothing."""


def hazard_of_ties(asked: Enquiry, study: TieStudy) -> Fits:
    """The log ratio of hazards from one study; no fit where a group has no ties at risk.

    Intervals in which no tie or every tie was lost say nothing of a ratio and are left out.
    """
    lost, group, signs = _at_risk(asked.question, asked.wave, asked.arms, study)
    tells = _tells(_counted(lost, group, signs.size))
    if tells is None:
        return no_fit()
    seen = np.isfinite(lost).any(axis=(1, 2))
    lost, group = lost[seen][:, :, tells], group[seen][:, :, tells]
    X = np.eye(signs.size)[group][..., :-1]
    return hazard(lost[None], X, signs[:-1], level=level(asked))


def cells_of(
    question: QuestionAsked, wave: int, arms: tuple[int, ...], parts: Sequence[TieStudy]
) -> np.ndarray:
    """Ties lost, and at risk, by interval and group, (K * G, 2); for `hazard_of_cells`.

    Several parts are a group each; one part has the groups of the question.
    """
    counted = []
    for part in parts:
        lost, group, signs = _at_risk(question, wave, arms, part)
        if len(parts) > 1:
            counted.append(_counted(lost, np.zeros_like(group), 1))
        else:
            counted.append(_counted(lost, group, signs.size))
    return np.concatenate(counted, axis=1).reshape(-1, 2)


def hazard_of_cells(cells: np.ndarray, signs: np.ndarray) -> float:
    """What the analysis estimates from ties counted by interval and group; NaN if nothing.

    Parameters
    ----------
    cells : ndarray, (K * G, 2)
        From `cells_of`, or the sum of several.
    signs : ndarray, (G,)
        Of the groups.
    """
    by_interval = cells.reshape(-1, signs.size, 2)
    tells = _tells(by_interval)
    if tells is None:
        return float("nan")
    left = by_interval[tells]
    lost, kept = left[..., 0].ravel(), left[..., 1].ravel() - left[..., 0].ravel()
    interval, group = (one.ravel() for one in np.indices(left.shape[:2]))
    X = np.concatenate([np.eye(len(left))[interval], np.eye(signs.size)[group][:, :-1]], axis=1)
    contrast = np.concatenate([np.zeros(len(left)), signs[:-1]])
    y, weights = np.repeat([1.0, 0.0], lost.size), np.concatenate([lost, kept])
    fit = gee(
        y[None, :, None], np.tile(X, (2, 1))[:, None], contrast, link="cloglog",
        working="independence", errors="model", weights=weights[None, :, None],
    )  # fmt: skip
    return round(float(fit.estimate[0]), DIGITS)


def _at_risk(
    question: QuestionAsked, wave: int, arms: tuple[int, ...], study: TieStudy
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Loss in each interval, NaN where not at risk or not asked about, (m, S, K); groups; signs."""
    if study.ties is None:
        raise ValueError("these interviews were kept without ties")
    ends = [groups_of(question, k, arms, study) for k in range(1, wave + 1)]
    asked = np.isfinite(np.stack([lost for lost, _, _ in ends], axis=-1))
    fate = losses(1.0 - study.ties.lost[None, :, :, : wave + 1])[0]
    group = np.stack([group for _, group, _ in ends], axis=-1)
    return np.where(asked, fate, np.nan), group, ends[0][2]


def _counted(lost: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Ties lost, and at risk, (K, groups, 2)."""
    known, mine = np.isfinite(lost), group[..., None] == np.arange(groups)
    at_risk = (known[..., None] & mine).sum(axis=(0, 1))
    gone = (np.nan_to_num(lost)[..., None] * mine).sum(axis=(0, 1))
    return np.stack([gone, at_risk], axis=-1)


def _tells(counted: np.ndarray) -> np.ndarray | None:
    """Intervals that say something of a ratio, (K,) of bool; None if groups cannot be compared."""
    lost, at_risk = counted[..., 0].sum(axis=1), counted[..., 1].sum(axis=1)
    tells = (lost > 0) & (lost < at_risk)
    there = counted[tells][..., 1] > 0
    interval, group = np.nonzero(there)
    design = np.concatenate(
        [np.eye(len(there))[interval], np.eye(counted.shape[1])[group][:, :-1]], axis=1
    )
    if not tells.any() or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    return np.asarray(tells)
