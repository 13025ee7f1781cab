"""Who is interviewed at which wave, and why not: a dial of mechanisms at fixed retention.

logit P(miss wave t) = a[t, arm] + log(odds ratio) z[t], where z, in SD with worse above zero, is
nothing (MCAR), the last recorded score (MAR), the score due now (MNAR-outcome) or the severity of
illness now (MNAR-state). Deaths come on top and count against retention. The a's are solved in
expectation on a reference cohort and then fixed, so retention varies from study to study as it
would.

Streams: [PARTICIPATION] absence and reasons.
"""

from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.study.settings import MECHANISMS, SCORES, WORSE_BELOW, Participation
from sim.world.arithmetic import ONE, ZERO, exponential, f4, logarithm
from sim.world.compiled import compiled
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["REASONS", "Dial", "Visits", "attend", "solve_dial", "yardstick"]

PARTICIPATION = int(Stream.PARTICIPATION)
REASONS = ("completed", "refused", "ill", "not_contactable", "moved", "withdrew", "died")
"""Why a visit was kept or missed; the position is the code."""

REFUSED, ILL, NOT_CONTACTABLE, MOVED, WITHDREW, DIED = range(1, 7)
MCAR, MAR = MECHANISMS.index("MCAR"), MECHANISMS.index("MAR")
NEVER = f4(-90)
"""An intercept at which nobody misses a wave."""


class Dial(NamedTuple):
    """How absence works in each of A arms at W waves; one row where there are no arms.

    Attributes
    ----------
    intercept : ndarray of float32, (A, W)
        The a's; the baseline's is NEVER.
    slope : ndarray of float32, (A,)
        log odds ratio per SD.
    mechanism : ndarray of int8, (A,)
        Position in MECHANISMS.
    return_rate : float
    expected : ndarray of float64, (A, W)
        Retention expected in the reference cohort.
    """

    intercept: np.ndarray
    slope: np.ndarray
    mechanism: np.ndarray
    return_rate: float
    expected: np.ndarray


class Visits(NamedTuple):
    """Interviews kept and missed by n people at W waves, (n, W) each.

    Attributes
    ----------
    attended : ndarray of bool
    reason : ndarray of int8
        Code in REASONS.
    monotone : ndarray of bool
        This wave and every later one missed.
    chance : ndarray of float32
        Of being interviewed, given the waves before and what absence hangs on; 0 of the dead.
    """

    attended: np.ndarray
    reason: np.ndarray
    monotone: np.ndarray
    chance: np.ndarray


def yardstick(scores: np.ndarray, egos: np.ndarray, primary: str) -> np.ndarray:
    """What absence may hang on, so that it can be standardised.

    Parameters
    ----------
    scores : ndarray of float32, (n, W, 5)
        From `draw_scores`.
    egos : ndarray, (n, W) of state.EGO
    primary : str
        One of settings.SCORES.

    Returns
    -------
    ndarray of float32, (W, 2, 2)
        By wave, for the primary score (higher is worse) and severity: mean and SD of the living.
    """
    worse = _worse(scores, egos, primary)
    found = np.zeros((worse.shape[1], 2, 2), np.float32)
    for wave in range(worse.shape[1]):
        alive = egos["alive"][:, wave] > 0
        for which in (0, 1):
            found[wave, which] = _mean_and_sd(worse[alive, wave, which])
    return found


def _mean_and_sd(values: np.ndarray) -> tuple[float, float]:
    values = values[~np.isnan(values)].astype(np.float64)
    if values.size < 2:
        return 0.0, 1.0
    total = mean = 0.0
    for value in values.tolist():
        total += value
    mean = total / values.size
    total = 0.0
    for value in values.tolist():
        total += (value - mean) ** 2
    sd = float(np.sqrt(total / (values.size - 1)))
    return mean, sd if sd > 0 else 1.0


def _worse(scores: np.ndarray, egos: np.ndarray, primary: str) -> np.ndarray:
    """The primary score, turned so that higher is worse, and severity, (n, W, 2)."""
    sign = np.float32(-1 if primary in WORSE_BELOW else 1)
    score = sign * scores[:, :, SCORES.index(primary)]
    return np.stack([score, egos["severity"]], axis=2).astype(np.float32)


def _deviates(
    mechanism: int, scores: np.ndarray, egos: np.ndarray, primary: str, measure: np.ndarray
) -> np.ndarray:
    """z of a mechanism at each wave, (n, W); for MAR that of the wave's score; nan becomes 0."""
    if mechanism == MCAR:
        return np.zeros(egos.shape, np.float32)
    which = 1 if MECHANISMS[mechanism] == "MNAR-state" else 0
    worse = _worse(scores, egos, primary)[:, :, which]
    z = (worse - measure[None, :, which, 0]) / measure[None, :, which, 1]
    return np.where(np.isnan(z), 0, z).astype(np.float32)


def solve_dial(
    rules: Participation,
    arms: tuple[str, ...],
    arm: np.ndarray,
    scores: np.ndarray,
    egos: np.ndarray,
    primary: str,
    measure: np.ndarray,
    pull: np.ndarray | None = None,
) -> Dial:
    """Find the intercepts at which a cohort is expected to have the retention asked for.

    Parameters
    ----------
    rules : Participation
    arms : tuple of str
        Names of the arms; ("",) if there are none.
    arm : ndarray of int, (n,)
        Arm of each member of the cohort.
    scores, egos : ndarray
        Of the cohort, from `draw_scores` and the world, (n, W, 5) and (n, W).
    primary : str
    measure : ndarray
        From `yardstick`.
    pull : ndarray of float32, (n, W), optional
        Log odds of absence, from `pull.pull_of`, in place of the mechanisms.
    """
    waves = egos.shape[1]
    intercept = np.full((len(arms), waves), NEVER, np.float32)
    expected = np.ones((len(arms), waves), np.float64)
    slope = np.zeros(len(arms), np.float32)
    mechanism = np.zeros(len(arms), np.int8)
    for a, name in enumerate(arms):
        mechanism[a] = MECHANISMS.index(rules.of("mechanism", name))
        ratio = np.float32(rules.of("odds_ratio", name))
        slope[a] = 0 if mechanism[a] == MCAR else logarithm(ratio)
        target = np.ones(waves, np.float64)
        target[1:] = rules.of("retention", name) or np.ones(waves - 1)
        mine = arm == a
        z = _deviates(mechanism[a], scores[mine], egos[mine], primary, measure)
        if pull is not None:
            z, slope[a], mechanism[a] = pull[mine], 1, MECHANISMS.index("MNAR-state")
        alive = np.ascontiguousarray(egos["alive"][mine] > 0)
        last = mechanism[a] == MAR
        back = f4(rules.return_rate)
        _solve(z, alive, slope[a], last, back, target, intercept[a], expected[a])
    return Dial(intercept, slope, mechanism, rules.return_rate, expected)


@compiled
def _solve(z, alive, slope, last, back, target, intercept, expected):
    n, waves = z.shape
    recorded = np.zeros((n, waves), np.float64)  # chance that the last record is of wave k
    recorded[:, 0] = 1
    for t in range(1, waves):
        low, high = f4(-8), f4(8)
        most = expected_share(z, alive, slope, last, back, recorded, t, NEVER)
        if target[t] < most:
            for _ in range(40):
                middle = f4(0.5) * (low + high)
                if expected_share(z, alive, slope, last, back, recorded, t, middle) > target[t]:
                    low = middle
                else:
                    high = middle
            intercept[t] = f4(0.5) * (low + high)
        a = intercept[t]
        expected[t] = expected_share(z, alive, slope, last, back, recorded, t, a)
        for i in range(n):
            for k in range(t):
                p = keeps(z, alive, slope, last, back, i, k, t, a)
                recorded[i, t] += recorded[i, k] * p
                recorded[i, k] *= ONE - p


@register_jitable
def expected_share(z, alive, slope, last, back, recorded, t, a):
    """Share of a cohort expected at wave t under the intercept a."""
    total = 0.0
    for i in range(z.shape[0]):
        for k in range(t):
            total += recorded[i, k] * keeps(z, alive, slope, last, back, i, k, t, a)
    return total / max(z.shape[0], 1)


@register_jitable
def keeps(z, alive, slope, last, back, i, k, t, a):
    """Chance that person i, last interviewed at wave k, is interviewed at wave t."""
    if not alive[i, t]:
        return ZERO
    at = k if last else t
    kept = ONE - misses(a, slope, z[i, at])
    return kept if k == t - 1 else back * kept


@register_jitable
def misses(a, slope, z):
    """Chance of missing an interview: logistic of a + slope z; none at NEVER."""
    if a <= NEVER:
        return ZERO
    return ONE / (ONE + exponential(-(a + slope * z)))


def attend(
    dial: Dial,
    arm: np.ndarray,
    scores: np.ndarray,
    egos: np.ndarray,
    primary: str,
    measure: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
    pull: np.ndarray | None = None,
) -> Visits:
    """Draw who is interviewed when, and why not.

    Parameters
    ----------
    dial : Dial
    arm : ndarray of int, (n,)
        Row of the dial for each person.
    scores, egos, primary, measure, pull
        As for `solve_dial`.
    params, key
        The record of parameters; the key of the replicate.
    """
    n, waves = egos.shape
    z = np.zeros((n, waves), np.float32)
    for a, mechanism in enumerate(dial.mechanism.tolist()):
        mine = arm == a
        z[mine] = _deviates(mechanism, scores[mine], egos[mine], primary, measure)
    if pull is not None:
        z = pull
    attended, reason = np.zeros((n, waves), np.bool_), np.zeros((n, waves), np.int8)
    chance = np.zeros((n, waves), np.float32)
    rows = np.ascontiguousarray(arm, np.int64)
    _attend(
        records(egos), z, rows, dial.intercept, dial.slope, dial.mechanism == MAR,
        f4(dial.return_rate), records(params), key_pair(key), attended, reason, chance,
    )  # fmt: skip
    later = np.flip(np.logical_or.accumulate(np.flip(attended, axis=1), axis=1), axis=1)
    return Visits(attended, reason, ~later, chance)


@compiled
def _attend(egos, z, arm, intercept, slope, last, back, params, key, attended, reason, chance):
    n, waves = egos.shape
    for i in range(n):
        attended[i, 0], chance[i, 0] = True, ONE
        record, a = 0, arm[i]
        for t in range(1, waves):
            u, returns, _, _ = uniforms(PARTICIPATION, egos[i, 0].address, t, 0, key)
            at = record if last[a] else t
            missed = misses(intercept[a, t], slope[a], z[i, at])
            if egos[i, t].alive > ZERO:
                chance[i, t] = (ONE - missed) * (ONE if record == t - 1 else back)
            if egos[i, t].alive == ZERO or (record < t - 1 and returns >= back):
                continue
            if u >= missed:
                attended[i, t] = True
                record = t
        gone = 0
        for t in range(1, waves):
            if attended[i, t]:
                continue
            if egos[i, t].alive == ZERO:
                gone = DIED
            u, v, _, _ = uniforms(PARTICIPATION, egos[i, 0].address, t, 1, key)
            found = gone if gone > 0 else why(u, v, egos[i, t].acute, t < record, params[0])
            reason[i, t] = found
            if found >= MOVED:
                gone = found


@register_jitable
def why(u, v, acute, comes_back, p):
    """Reason of a missed interview; those who come back neither moved nor withdrew."""
    if acute > ZERO and v < p.absence_ill_share_acute:
        return ILL
    lasting = ZERO if comes_back else p.absence_withdrew_share + p.absence_moved_share
    passing = p.absence_refused_share + p.absence_not_contactable_share
    ill = ONE - p.absence_withdrew_share - p.absence_moved_share - passing
    u = u * (lasting + passing + ill)
    if u < p.absence_refused_share:
        return REFUSED
    if u < passing:
        return NOT_CONTACTABLE
    if u < passing + ill:
        return ILL
    return WITHDREW if u < passing + ill + p.absence_withdrew_share else MOVED
