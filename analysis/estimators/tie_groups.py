"""Ties lost since the first map: of everybody, or compared between classes, arms, or by episode.

Every tie counts alike. Estimating equations answer for the average tie, a mixed logit for two ties
of one person; neither is wrong for missing the other's estimand.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.estimators.asked import Enquiry, QuestionAsked, TieCounts, TieStudy, level
from analysis.estimators.contract import Fits, no_fit
from analysis.estimators.tie_counts import counts_in_groups
from sim.world.kinds import TIE_CLASSES

__all__ = ["groups_of", "loss_in_groups"]


def groups_of(
    question: QuestionAsked, wave: int, arms: tuple[int, ...], study: TieStudy
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ties at a wave, the group each is in, and the sign of each group in what is asked.

    Returns
    -------
    lost : ndarray, (m, S)
        1 or 0; NaN of ties that the question leaves out.
    group : ndarray of int, (m, S)
    signs : ndarray, (1,), (2,) or (4,)
        Of the groups: the only one, first minus second, or the difference of two such.
    """
    if study.ties is None or isinstance(study.ties, TieCounts):
        raise ValueError("these interviews were kept without a row for each tie")
    of_class, episodes = study.ties.of_class, study.ties.episode
    lost = study.ties.lost[:, :, wave].astype(np.float64)
    named = [TIE_CLASSES.index(one) for one in question.classes]
    if named:
        lost = np.where(np.isin(of_class, named), lost, np.nan)
    ill = np.broadcast_to(episodes[:, wave, None] > 0, lost.shape)
    if question.among == "episode":
        lost = np.where(ill, lost, np.nan)
    second_class = of_class == named[1] if len(named) == 2 else np.zeros(lost.shape, bool)
    if question.about == "mean":
        return lost, np.zeros(lost.shape, int), np.array([1.0])
    if question.about == "classes":
        return lost, second_class.astype(int), np.array([1.0, -1.0])
    if question.about == "difference":
        second = np.broadcast_to((study.arm == arms[1])[:, None], lost.shape)
        return lost, second.astype(int), np.array([1.0, -1.0])
    signs = np.array([1.0, -1.0, -1.0, 1.0]) if len(named) == 2 else np.array([1.0, -1.0])
    return lost, 2 * second_class + ~ill, signs


def loss_in_groups(asked: Enquiry, study: TieStudy, fit: Callable[..., Fits]) -> Fits:
    """The estimate of a function of rows; no fit where a group has no ties.

    Parameters
    ----------
    asked, study
        The question, and one study of ties or many whose ties are counted.
    fit
        From outcomes, a design and a contrast to estimates; of ties that are counted also from
        weights of rows.
    """
    if isinstance(study.ties, TieCounts):
        return counts_in_groups(asked, study, study.ties, fit)
    lost, group, signs = groups_of(asked.question, asked.wave, asked.arms, study)
    known = np.isfinite(lost)
    if np.unique(group[known]).size < signs.size:
        return no_fit()
    seen = known.any(axis=1)
    lost, group = lost[seen], group[seen]
    X = np.eye(signs.size)[group]
    return fit(lost[None], X[None], signs, level=level(asked))
