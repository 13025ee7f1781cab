"""How a question of a study is analysed: from a batch of studies to estimates of its estimand.

Models of all waves give both arms one mean at baseline, as randomisation does (Liang and Zeger
2000, Sankhya B 62:134-148): columns for the waves, and for the second arm at each later wave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.gee import gee
from analysis.estimators.ols import ols
from analysis.estimators.random_intercept import random_intercept
from analysis.planning.process import Batch
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


def analyse(asked: Asked, batch: Batch) -> Fits:
    """Estimate what is asked in every study of a batch, by the analysis the question names."""
    if asked.arms:
        mine = np.isin(batch.arm, asked.arms)
        batch = Batch(batch.y[:, mine], batch.arm[mine], batch.cluster[mine])
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
        np.stack([batch.arm, label]), axis=1, return_index=True, return_inverse=True
    )
    y, unit = batch.y[:, :, asked.wave], unit.reshape(-1)
    there = np.isfinite(y)
    member = np.zeros((alone.size, first.size))
    member[np.arange(alone.size), unit] = 1
    count = there @ member
    mean = np.where(count > 0, np.where(there, y, 0) @ member / np.maximum(count, 1), np.nan)
    errors = "HC2" if alone.any() else "classical"
    X = _two_columns(treated[first])
    return ols(mean, X, np.array([0.0, 1.0]), errors=errors, level=_level(asked))


ANALYSES: Mapping[str, Callable[[Asked, Batch], Fits]] = {
    "t_test": _t_test,
    "ancova": _ancova,
    "change_score": _change_score,
    "random_intercept": _random_intercept,
    "gee": _gee,
    "cluster_t": _cluster_t,
}
