"""Intercepts at which a panel is expected to keep the people it is said to keep.

They are solved on a fixed reference cohort and then held, so retention varies from study to study
as it would. `sim.study.participate` does the same for people who were simulated: in float32, with
its own exponential, and with deaths. Here it is float64, and intercepts differ by up to 2e-6.

Each arm keeps the share it is said to keep, so arms whose scores differ follow different rules of
absence. `scores_by_one_rule` says what would be seen if all arms followed one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import optimize, special

from analysis.trials.model import Model
from analysis.trials.structure import structured_deviates
from sim.errors import InputError
from sim.study.settings import MECHANISMS

__all__ = ["NEVER", "scores_by_one_rule", "solve_absence"]

NEVER = -90.0
"""An intercept at which nobody misses a wave."""

COHORT, COHORT_SEED = 8192, 20240101
LIMIT = 8.0


def solve_absence(model: Model, arm: int, retention: Sequence[float]) -> np.ndarray:
    """The intercepts of one arm, (T,).

    Parameters
    ----------
    model
        Its own intercepts are not used.
    arm
    retention
        Share interviewed at each follow-up; empty for everybody.

    Raises
    ------
    InputError
        If no intercept gives that retention.
    """
    return _solved(model, (arm,), np.ones(1), retention)[0]


def scores_by_one_rule(
    model: Model, parts: Sequence[float], retention: Sequence[float]
) -> np.ndarray:
    """Mean score of those interviewed, were one rule of absence common to all arms, (A, T).

    Parameters
    ----------
    model
        Of arms in which absence hangs on the same, as strongly.
    parts
        Of the people in each arm, which sum to 1.
    retention
        Share of all of them interviewed at each follow-up.

    Raises
    ------
    InputError
        If no intercept gives that retention.
    """
    arms = range(len(parts))
    weights = np.array(parts) * len(parts)
    _, seen = _solved(model, arms, weights, retention)
    z = np.array([_deviates(model, arm) for arm in arms])
    chance = seen.reshape(z.shape)
    by_state = model.mechanism[0] == MECHANISMS.index("MNAR-state")
    spread = np.asarray(model.state_spread if by_state else model.spread, np.float64)
    worse = (chance * z).sum(axis=1) / chance.sum(axis=1)
    return np.asarray(model.centre + float(model.worse) * spread * worse, np.float64)


def _solved(
    model: Model, arms: Sequence[int], weights: np.ndarray, retention: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """One intercept a wave for some arms together, and who is interviewed by it.

    Returns
    -------
    intercepts : ndarray of float64, (T,)
    seen : ndarray of float64, (arms * COHORT, T)
        Chance that each of the reference cohort is interviewed, times the weight of their arm.
    """
    waves = model.years.size
    found = np.full(waves, NEVER)
    z = np.concatenate([_deviates(model, arm) for arm in arms])
    people = z.shape[0]
    by_last = model.mechanism[arms[0]] == MECHANISMS.index("MAR")
    record = np.zeros((people, waves))  # chance that the last record is of wave k
    record[:, 0] = np.repeat(weights, COHORT)
    seen = record.copy()
    for t, wanted in enumerate(retention, start=1):
        back = np.where(np.arange(t) == t - 1, 1.0, float(model.back))
        open_to = record[:, :t] * back
        tilt = float(model.odds[arms[0]]) * (z[:, :t] if by_last else z[:, t : t + 1])
        most = open_to.sum() / people
        if wanted < most - 1e-12:
            found[t] = _intercept(open_to, tilt, wanted)
        elif wanted > most + 1e-9:
            raise InputError(
                f"participation.retention: {wanted:g} at follow-up {t} cannot be reached when "
                f"{most:.3f} are left who may be interviewed; it can only fall"
            )
        kept = back * (1 - _missing(found[t] + tilt)) if found[t] > NEVER else back + 0 * tilt
        record[:, t] = seen[:, t] = (record[:, :t] * kept).sum(axis=1)
        record[:, :t] *= 1 - kept
    return found, seen


def _missing(logit: np.ndarray) -> np.ndarray:
    return np.asarray(special.expit(np.clip(logit, -LIMIT, LIMIT)))


def _intercept(open_to: np.ndarray, tilt: np.ndarray, wanted: float) -> float:
    """Where the share kept is the wanted one; the nearer end if it is nowhere."""

    def above(intercept: float) -> float:
        kept = open_to * (1 - _missing(intercept + tilt))
        return float(kept.sum() / open_to.shape[0] - wanted)

    low, high = -3 * LIMIT, 3 * LIMIT
    if above(low) <= 0 or above(high) >= 0:
        return low if above(low) <= 0 else high
    return float(optimize.brentq(above, low, high))


def _deviates(model: Model, arm: int) -> np.ndarray:
    """What absence hangs on in a reference cohort of the arm, (COHORT, T), worse above zero."""
    source, waves = np.random.Generator(np.random.Philox(COHORT_SEED)), model.years.size
    if model.ratio.size:
        draws = source.standard_normal((COHORT // 2, 4 + 3 * waves))
        score, state = structured_deviates(model, arm, np.concatenate([draws, -draws]))
        more = _of_moderator(model, arm, source)
        return _worse(model, arm, score + more, state + more)
    draws = source.standard_normal((COHORT // 2, 3 + waves))
    draws = np.concatenate([draws, -draws])  # every person with a mirror image: no chance drift
    level, other = draws[:, 0], draws[:, 1]
    tilt = float(model.tilt)
    slope = float(model.slope) * (tilt * level + np.sqrt(1 - tilt**2) * other)
    shared = np.outer(draws[:, 2], model.cluster[arm])
    if model.passing[arm] > 0:
        own = source.standard_normal((COHORT // 2, waves))
        own = np.concatenate([own, -own]) * model.cluster[arm]
        shared = float(model.lasting[arm]) * shared + float(model.passing[arm]) * own
    state = model.mean[arm] + shared
    state = state + (float(model.person) * level)[:, None] + np.outer(slope, model.years)
    score, more = state + float(model.residual) * draws[:, 3:], _of_moderator(model, arm, source)
    return _worse(model, arm, score + more, state + more)


def _of_moderator(model: Model, arm: int, source: np.random.Generator) -> np.ndarray:
    """What the moderator adds, (COHORT, T); zero without one."""
    if not model.moderation.size:
        return np.zeros((1, 1))
    p = float(model.prevalence)
    x = (source.random(COHORT) < p) - p if p > 0 else source.standard_normal(COHORT)
    return np.outer(x, model.moderation[arm])


def _worse(model: Model, arm: int, score: np.ndarray, state: np.ndarray) -> np.ndarray:
    """SDs worse, by the score or by what it is without residual."""
    if model.mechanism[arm] == MECHANISMS.index("MNAR-state"):
        z = (state - model.centre) / model.state_spread
    else:
        z = (score - model.centre) / model.spread
    return np.asarray(float(model.worse) * z, np.float64)
