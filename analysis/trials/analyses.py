"""How a question of a study is analysed: from a batch of studies to estimates of its estimand.

Models of all waves give both arms one mean at baseline, as randomisation does (Liang and Zeger
2000, Sankhya B 62:134-148): columns for the waves, and for the second arm at each later wave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.estimators.cluster_t import cluster_t
from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.gee import gee
from analysis.estimators.kernels.teams import team_means
from analysis.estimators.mmrm import mmrm
from analysis.estimators.negative_binomial import negative_binomial
from analysis.estimators.ols import ols
from analysis.estimators.precision import proportion
from analysis.estimators.random_intercept import random_intercept
from analysis.estimators.random_slope import random_slope
from analysis.trials.batch import Batch, Studies
from analysis.worlds.interviews import Interviews
from analysis.worlds.tie_analyses import no_fit, ties_lost
from analysis.worlds.tie_hazard import hazard_of_ties
from sim.study.asking import LOSS
from sim.study.planning import Question

__all__ = ["Asked", "analyse", "longitudinal_design"]

WEEKS_A_YEAR = 52


class Asked(NamedTuple):
    """A question, in positions of arms and waves.

    Attributes
    ----------
    question : Question
    arms : tuple of int
        First minus second; one, or none for everybody.
    wave : int
        0 for a slope.
    years : ndarray, (T,)
    """

    question: Question
    arms: tuple[int, ...]
    wave: int
    years: np.ndarray

    @classmethod
    def of(cls, question: Question, arms: Sequence[str], weeks: Sequence[int]) -> Asked:
        """The question as a study with these arms and waves asks it."""
        wave = 0 if question.at_week is None else list(weeks).index(question.at_week)
        mine = tuple(list(arms).index(name) for name in question.arms)
        return cls(question, mine, wave, np.asarray(weeks, np.float64) / WEEKS_A_YEAR)

    @classmethod
    def each(
        cls, questions: Sequence[Question], arms: Sequence[str], weeks: Sequence[int]
    ) -> tuple[Asked, ...]:
        """All questions of a study."""
        return tuple(cls.of(one, arms, weeks) for one in questions)


def analyse(asked: Asked, studies: Studies) -> Fits:
    """Estimate what is asked in every study of a batch, by the analysis the question names."""
    if asked.arms:
        studies = studies.only(np.isin(studies.arm, asked.arms))
    if isinstance(studies, Batch):
        return ANALYSES[asked.question.analysis](asked, studies)
    if not isinstance(studies, Interviews):
        raise TypeError(f"there is no analysis of {type(studies).__name__}")
    if asked.question.outcome == LOSS:
        analysis = hazard_of_ties if asked.question.analysis == "hazard" else ties_lost
        return analysis(asked.question, asked.wave, asked.arms, studies)
    batch = studies.of(asked.question.outcome)
    if not _can_be_fitted(asked, batch):
        return no_fit()
    return ANALYSES[asked.question.analysis](asked, batch)


def longitudinal_design(asked: Asked, first_arm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fixed effects of models of all waves, (n, T, p), and the contrast, (p,).

    Parameters
    ----------
    first_arm : ndarray of bool, (n,)
        Who is in the arm named first.
    """
    waves, n = asked.years.size, first_arm.size
    treated = first_arm.astype(np.float64)[:, None, None]
    if asked.question.about == "slope":
        years = np.broadcast_to(asked.years[None, :, None], (n, waves, 1))
        columns = np.concatenate([np.ones_like(years), years, treated * years], axis=2)
        return columns, np.array([0.0, 0.0, 1.0])
    each = np.broadcast_to(np.eye(waves), (n, waves, waves))
    if asked.question.about == "difference":
        columns = np.concatenate([each, treated * each[:, :, 1:]], axis=2)
        contrast = np.zeros(2 * waves - 1)
        contrast[waves + asked.wave - 1] = 1
        return columns, contrast
    contrast = np.eye(waves)[asked.wave]
    if asked.question.about == "change":
        contrast = contrast - np.eye(waves)[0]
    return np.ascontiguousarray(each), contrast


def _can_be_fitted(asked: Asked, batch: Batch) -> bool:
    """Whether chance left two people, or clusters, who were seen in every arm, in one study."""
    seen = np.isfinite(batch.y[0, :, asked.wave])
    unit = batch.cluster if asked.question.analysis == "cluster_t" else np.arange(seen.size)
    arms = asked.arms or tuple(np.unique(batch.arm))
    return all(np.unique(unit[seen & (batch.arm == arm)]).size > 1 for arm in arms)


def _level(asked: Asked) -> float:
    return 1 - asked.question.alpha


def _first_arm(asked: Asked, batch: Batch) -> np.ndarray:
    return np.asarray(batch.arm == asked.arms[0]) if asked.arms else np.ones(batch.arm.size, bool)


def _two_columns(treated: np.ndarray) -> np.ndarray:
    return np.stack([np.ones(treated.size), treated.astype(np.float64)], axis=1)


def _one_wave(asked: Asked, batch: Batch, y: np.ndarray, covariate: np.ndarray | None) -> Fits:
    """Least squares of one value a person: on the arm, or of the mean where nobody is compared."""
    treated = _first_arm(asked, batch)
    if asked.question.about != "difference":
        X, contrast = np.ones((treated.size, 1)), np.array([1.0])
    else:
        X, contrast = _two_columns(treated), np.array([0.0, 1.0])
    if covariate is not None:
        shared = np.broadcast_to(X, (*y.shape, X.shape[1]))
        X = np.concatenate([shared, covariate[:, :, None]], axis=2)
        contrast = np.append(contrast, 0.0)
    return ols(y, X, contrast, errors="classical", level=_level(asked))


def _t_test(asked: Asked, batch: Batch) -> Fits:
    return _one_wave(asked, batch, batch.y[:, :, asked.wave], None)


def _ancova(asked: Asked, batch: Batch) -> Fits:
    return _one_wave(asked, batch, batch.y[:, :, asked.wave], batch.y[:, :, 0])


def _change_score(asked: Asked, batch: Batch) -> Fits:
    return _one_wave(asked, batch, batch.y[:, :, asked.wave] - batch.y[:, :, 0], None)


def _random_intercept(asked: Asked, batch: Batch) -> Fits:
    X, contrast = longitudinal_design(asked, _first_arm(asked, batch))
    return random_intercept(batch.y, X, contrast, level=_level(asked))


def _gee(asked: Asked, batch: Batch) -> Fits:
    X, contrast = longitudinal_design(asked, _first_arm(asked, batch))
    return gee(batch.y, X, contrast, level=_level(asked))


def _random_slope(asked: Asked, batch: Batch) -> Fits:
    X, contrast = longitudinal_design(asked, _first_arm(asked, batch))
    return random_slope(batch.y, X, contrast, asked.years, level=_level(asked))


def _mmrm(asked: Asked, batch: Batch) -> Fits:
    X, contrast = longitudinal_design(asked, _first_arm(asked, batch))
    return mmrm(batch.y, X, contrast, level=_level(asked))


def _cluster_t(asked: Asked, batch: Batch) -> Fits:
    """A t test of means of clusters; people in no cluster are each one of their own.

    Where only one arm has clusters the variances differ, and the test is Welch's.
    """
    treated = _first_arm(asked, batch)
    alone = batch.cluster < 0
    if alone.all():
        return _t_test(asked, batch)
    label = np.where(alone, -1 - np.arange(alone.size), batch.cluster)
    _, first, unit = np.unique(
        np.stack([treated, label]), axis=1, return_index=True, return_inverse=True
    )
    y, unit = np.ascontiguousarray(batch.y[:, :, asked.wave]), unit.reshape(-1)
    if not alone.any():
        return cluster_t(y, treated.astype(np.float64), unit, level=_level(asked))
    means = team_means(y, unit.astype(np.int64)[None], first.size)
    return _welch(means[:, treated[first]], means[:, ~treated[first]], _level(asked))


def _welch(first: np.ndarray, second: np.ndarray, level: float) -> Fits:
    """Difference of the means of two sets of units of unequal variance, (B, k) each; NaN unseen.

    Degrees of freedom of Satterthwaite from the estimated variances (Welch 1938).
    """
    mean, variance, df = [], [], []
    for units in (first, second):
        there = np.isfinite(units)
        k = there.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            centre = np.where(there, units, 0).sum(axis=1) / k
            spread = np.where(there, units - centre[:, None], 0) ** 2
            mean.append(centre)
            variance.append(spread.sum(axis=1) / (k - 1) / k)
            df.append(k - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = variance[0] + variance[1]
        both = total**2 / (variance[0] ** 2 / df[0] + variance[1] ** 2 / df[1])
    found = np.isfinite(total) & np.isfinite(both)
    return fits_of(mean[0] - mean[1], np.sqrt(total), np.where(found, both, 1.0), found, level)


def _negative_binomial(asked: Asked, batch: Batch) -> Fits:
    X = _two_columns(_first_arm(asked, batch))
    y = batch.y[:, :, asked.wave]
    return negative_binomial(y, X, np.array([0.0, 1.0]), level=_level(asked))


def _proportion(asked: Asked, batch: Batch) -> Fits:
    return proportion(batch.y[:, :, asked.wave], level=_level(asked))


ANALYSES: Mapping[str, Callable[[Asked, Batch], Fits]] = {
    "t_test": _t_test,
    "ancova": _ancova,
    "change_score": _change_score,
    "random_intercept": _random_intercept,
    "random_slope": _random_slope,
    "mmrm": _mmrm,
    "gee": _gee,
    "cluster_t": _cluster_t,
    "negative_binomial": _negative_binomial,
    "proportion": _proportion,
}
