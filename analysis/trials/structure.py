"""Panels beyond the classical one: other correlations, other SDs, covariates and strata.

y[i, t] = mean[arm, t] + ratio[arm, t] (cluster + level + covariate[i] + stratum[i] + slope + wave),
where waves are correlated as the study file says and the covariate is standard normal but for its
share of the variance. What is known of people takes its share from what a person's waves have in
common, so that SD and correlations are those of the file.
"""

from __future__ import annotations

import numpy as np

from analysis.questions.correlations import ar1, matrix_of, smallest_eigenvalue
from analysis.questions.panel import Panel, Strata
from analysis.trials.enrolment import arm_order
from analysis.trials.model import Model
from analysis.trials.study_key import study_key
from sim.errors import InputError
from sim.study.spec import Study
from sim.world.arithmetic import f4, normal
from sim.world.compiled import compiled
from sim.world.streams import Stream, uniforms

__all__ = [
    "covariances_of", "known_at_baseline", "strata_order", "structured", "structured_deviates",
    "within_strata",
]  # fmt: skip

PERSON = int(Stream.PANEL_PERSON)


def strata_order(strata: Strata, n: int) -> np.ndarray:
    """The stratum of each of n people, (n,): as near to their parts as can be at any number."""
    return arm_order([one / sum(strata.share) for one in strata.share], n)


def within_strata(parts: tuple[float, ...], stratum: np.ndarray) -> np.ndarray:
    """The arm of each person, balanced within strata, (n,).

    Examples
    --------
    >>> within_strata((0.5, 0.5), np.array([0, 1, 0, 0, 1])).tolist()
    [0, 0, 1, 0, 1]
    """
    arm = np.zeros(stratum.size, np.int64)
    for one in np.unique(stratum):
        mine = stratum == one
        arm[mine] = arm_order(parts, int(mine.sum()))
    return arm


def structured(model: Model, study: Study, panel: Panel, frame: int) -> Model:
    """The model with all that a classical panel has not; itself where there is nothing.

    Raises
    ------
    sim.errors.InputError
        What is shared or known is more than a person's waves have in common.
    """
    if panel.is_classical:
        return model
    arms = study.arm_names or ("",)
    parts = np.array(study.arms.parts if study.arms else (1.0,))
    ratio = np.array(
        [(1.0, *(panel.ratios(one) or (1.0,) * (model.years.size - 1))) for one in arms]
    )
    of_strata = panel.strata.r2 if panel.strata else 0.0
    taken = (panel.covariate_r2 + of_strata) * panel.sd**2
    model = _correlated(model, study, panel, taken)
    model = model._replace(
        ratio=ratio.astype(np.float32),
        known=f4(np.sqrt(panel.covariate_r2) * panel.sd),
        offset=_offsets(panel, frame),
    )
    deviation = _within(model) + taken
    clusters = model.cluster.astype(np.float64) ** 2
    state = parts @ (ratio**2 * (np.diag(deviation) + clusters))
    residual = parts @ ratio**2 * float(model.residual) ** 2
    apart = parts @ (model.mean - parts @ model.mean) ** 2
    return model._replace(
        spread=np.sqrt(state + apart + residual).astype(np.float32),
        state_spread=np.sqrt(np.maximum(state + apart, 1e-12)).astype(np.float32),
    )


def _correlated(model: Model, study: Study, panel: Panel, taken: float) -> Model:
    """The model whose people's own waves correlate as asked, without what is taken of them."""
    if not panel.correlations and panel.structure == "exchangeable":
        level = float(model.person) ** 2 - taken
        if level < -1e-6 * panel.sd**2:
            raise _too_much(panel, f"correlation = {panel.correlation:g}")
        return model._replace(
            person=f4(np.sqrt(max(level, 0.0))),
            factor=np.zeros((model.years.size,) * 2, np.float32),
        )
    matrix = (
        matrix_of(panel.correlations) if panel.correlations
        else ar1(panel.correlation, study.waves.weeks)
    )  # fmt: skip
    shared = float(model.cluster[:, 0].max()) ** 2
    lasting = float(model.lasting.min()) ** 2
    alike = lasting + (1 - lasting) * np.eye(model.years.size)
    own = panel.sd**2 * matrix - taken - shared * alike
    if smallest_eigenvalue(own) <= 1e-6 * panel.sd**2:
        raise _too_much(panel, "the correlations of the waves")
    strays = panel.members.strays(study.map.most_members) if panel.members else 0.0
    return model._replace(
        person=f4(0), slope=f4(0), residual=f4(np.sqrt(strays)),
        factor=np.linalg.cholesky(own).astype(np.float32),
    )  # fmt: skip


def _too_much(panel: Panel, correlations: str) -> InputError:
    said = [f"covariate_r2 = {panel.covariate_r2:g}"] if panel.covariate_r2 else []
    said += [f"strata.r2 = {panel.strata.r2:g}"] if panel.strata and panel.strata.r2 else []
    said += ["what clusters share"] if panel.clusters else []
    return InputError(
        f"plan.panel: {' and '.join(said)} together are more than {correlations} allow; what is "
        "known of a person, or shared by a cluster, is the same at all waves"
    )


def _offsets(panel: Panel, frame: int) -> np.ndarray:
    if panel.strata is None:
        return np.zeros(0, np.float32)
    stratum = strata_order(panel.strata, frame)
    part = np.array(panel.strata.share) / sum(panel.strata.share)
    score = np.arange(part.size) - part @ np.arange(part.size)
    score = score / np.sqrt(part @ score**2)
    return (np.sqrt(panel.strata.r2) * panel.sd * score[stratum]).astype(np.float32)


def _within(model: Model) -> np.ndarray:
    """Covariance of a person's own waves, residual and ratios left out, (T, T)."""
    t = model.years.astype(np.float64)
    level, slope = float(model.person), float(model.slope)
    tilt = float(model.tilt) * level * slope
    found = level**2 + tilt * np.add.outer(t, t) + slope**2 * np.outer(t, t)
    if not model.factor.size:
        return found
    factor = model.factor.astype(np.float64)
    return found + factor @ factor.T


def covariances_of(model: Model, *, adjusted: bool) -> np.ndarray:
    """Covariance of the waves of a person in each arm, clusters left out, (A, T, T).

    Parameters
    ----------
    model
    adjusted
        Within strata and given covariates; else of people as they come.
    """
    own = _within(model) + float(model.residual) ** 2 * np.eye(model.years.size)
    if model.predictor.size:
        lasting, passing = model.predictor[:2] * model.predictor[2:]
        own = own + lasting**2 + passing**2 * np.eye(model.years.size)
    if not adjusted:
        own = own + float(model.known) ** 2 + (model.offset.var() if model.offset.size else 0.0)
    ratio = model.ratio.astype(np.float64) if model.ratio.size else np.ones(model.mean.shape)
    return np.asarray(own * ratio[:, :, None] * ratio[:, None, :])


def structured_deviates(model: Model, arm: int, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores of a reference cohort of the arm, and those without residual, (n, T) each.

    Parameters
    ----------
    model, arm
    draws : ndarray, (n, 4 + 3 T)
        Independent standard normal numbers.
    """
    waves = model.years.size
    level, other, shared, x = draws[:, 0], draws[:, 1], draws[:, 2], draws[:, 3]
    tilt = float(model.tilt)
    slope = float(model.slope) * (tilt * level + np.sqrt(1 - tilt**2) * other)
    own = draws[:, 4 : 4 + waves] @ model.factor.astype(np.float64).T
    own = own + (float(model.person) * level + float(model.known) * x)[:, None]
    passing = float(model.passing[arm]) * draws[:, 4 + 2 * waves :]
    shared = float(model.lasting[arm]) * shared[:, None] + passing
    own = own + np.outer(slope, model.years) + shared * model.cluster[arm]
    if model.offset.size:
        own = own + model.offset[np.arange(len(draws)) % model.offset.size][:, None]
    state = model.mean[arm] + model.ratio[arm] * own
    residual = float(model.residual) * model.ratio[arm] * draws[:, 4 + waves : 4 + 2 * waves]
    return np.asarray(state + residual), np.asarray(state)


@compiled
def draw_covariate(seed: tuple[int, int], first: int, x: np.ndarray) -> None:
    """Fill x, (B, n), with the standard normal covariate of each person of each replicate."""
    replicates, n = x.shape
    for b in range(replicates):
        key = study_key(seed, first + b)
        for i in range(n):
            _, _, w, _ = uniforms(PERSON, i, 0, 0, key)
            x[b, i] = normal(w)


def known_at_baseline(
    model: Model, seed: tuple[int, int], first: int, replicates: int, n: int
) -> np.ndarray | None:
    """Covariates and strata of the first n people, (B, n, k) or (n, k); None if there are none."""
    strata = None
    if model.offset.size:
        values, people = np.unique(model.offset, return_counts=True)
        others = np.delete(values, people.argmax())  # the largest has somebody at any size
        strata = (model.offset[:n, None] == others).astype(np.float64)
    if model.known <= 0:
        return strata
    x = np.empty((replicates, n))
    draw_covariate(seed, first, x)
    if strata is None:
        return x[:, :, None]
    shared = np.broadcast_to(strata, (replicates, *strata.shape))
    return np.concatenate([x[:, :, None], shared], axis=2)
