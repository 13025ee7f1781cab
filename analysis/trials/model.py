"""The numbers of the classical longitudinal model, as the draws take them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Model"]


class Model(NamedTuple):
    """The numbers of the model for A arms and T waves, float32 as the draws take them.

    Attributes
    ----------
    mean : ndarray, (A, T)
    person, slope, tilt, residual : float
        SD of levels, of slopes a year, correlation of the two, SD of residuals.
    cluster : ndarray, (A, T)
        SD of cluster effects; zero at waves before there are clusters.
    lasting, passing : ndarray, (A,)
        Roots of the cluster autocorrelation and of what it lacks of one.
    years : ndarray, (T,)
    centre, spread, state_spread : ndarray, (T,)
        Mean and SD of scores, and SD of scores without residual, over all arms.
    worse : float
        -1 where lower scores are worse, else 1.
    mechanism : ndarray of int8, (A,)
        Position in MECHANISMS.
    odds : ndarray, (A,)
        log odds ratio per SD.
    absence : ndarray, (A, T)
        Intercepts a; NEVER where nobody is absent.
    back : float
        Share of those absent who may be interviewed again at the next wave.
    ratio : ndarray, (A, T)
        SD over that at baseline; empty where waves correlate alike with one SD, and the rest too.
    factor : ndarray, (T, T)
        Lower triangle that makes correlated waves of independent ones.
    known : float
        SD of what covariates explain.
    offset : ndarray, (frame,)
        What the stratum of each person adds; empty without strata.
    crossed : float
        Root of the correlation of what one cluster adds in two arms; zero where arms share none.
    moderation : ndarray, (A, T)
        What an arm adds for each unit of the moderator; empty without one.
    prevalence : float
        Of the moderator; zero of one that is standard normal.
    predictor : ndarray of float64, (4,)
        SD of what lasts of the predictor and of what passes, and points of the outcome for a unit
        of each; empty without one.
    """

    mean: np.ndarray
    person: np.float32
    slope: np.float32
    tilt: np.float32
    residual: np.float32
    cluster: np.ndarray
    lasting: np.ndarray
    passing: np.ndarray
    years: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    state_spread: np.ndarray
    worse: np.float32
    mechanism: np.ndarray
    odds: np.ndarray
    absence: np.ndarray
    back: np.float32
    ratio: np.ndarray = np.zeros((0, 0), np.float32)
    factor: np.ndarray = np.zeros((0, 0), np.float32)
    known: np.float32 = np.float32(0)
    offset: np.ndarray = np.zeros(0, np.float32)
    crossed: np.float32 = np.float32(0)
    moderation: np.ndarray = np.zeros((0, 0), np.float32)
    prevalence: np.float32 = np.float32(0)
    predictor: np.ndarray = np.zeros(0)

    @property
    def shared(self) -> np.ndarray:
        """SD of what a cluster adds to a score, (A, T)."""
        return self.cluster * self.ratio if self.ratio.size else self.cluster
