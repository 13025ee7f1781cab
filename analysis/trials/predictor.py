"""Something else that is measured at each wave, with which the outcome changes.

x[i, t] = lasting[i] + passing[i, t], and the outcome takes part of its level from the one and part
of its residual from the other, so that its SD and correlation are those of the study file. Changes
are of what passes alone.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from analysis.questions.panel import Panel
from analysis.trials.model import Model
from analysis.trials.study_key import study_key
from sim.errors import InputError
from sim.world.arithmetic import f4, normal
from sim.world.compiled import compiled
from sim.world.streams import Stream, uniforms

__all__ = ["lasting_of", "passing_of", "predictors", "with_predictor"]

PERSON = int(Stream.PANEL_PERSON)


@register_jitable
def lasting_of(i, key):  # type: ignore[no-untyped-def]
    """What lasts of the predictor of person i, standard normal."""
    u, _, _, _ = uniforms(PERSON, i, 2, 0, key)
    return normal(u)


@register_jitable
def passing_of(i, t, key):  # type: ignore[no-untyped-def]
    """What passes of it at wave t, standard normal."""
    u, _, _, _ = uniforms(PERSON, i, 3 + t, 0, key)
    return normal(u)


@compiled
def draw_predictor(seed: tuple[int, int], first: int, spread: np.ndarray, x: np.ndarray) -> None:
    """Fill x, (B, n, T), with the predictor of each person of each replicate, less its mean."""
    for b in range(x.shape[0]):
        key = study_key(seed, first + b)
        for i in range(x.shape[1]):
            lasting = spread[0] * lasting_of(i, key)
            for t in range(x.shape[2]):
                x[b, i, t] = lasting
                x[b, i, t] += spread[1] * passing_of(i, t, key)


def predictors(
    model: Model, seed: tuple[int, int], first: int, replicates: int, n: int
) -> np.ndarray | None:
    """The predictor of the first n people, (B, n, T), less its mean; None if there is none."""
    if not model.predictor.size:
        return None
    x = np.empty((replicates, n, model.years.size))
    draw_predictor(seed, first, model.predictor, x)
    return x


def with_predictor(model: Model, panel: Panel, effect: float) -> Model:
    """The model that has its predictor; itself where there is none.

    Raises
    ------
    sim.errors.InputError
        The predictor would explain more of the outcome than there is.
    """
    one = panel.predictor
    if one is None:
        return model
    lasting, passing = one.sd * np.sqrt([one.correlation, 1 - one.correlation])
    within = effect * one.effect
    between = (one.with_outcome * one.sd * panel.sd - within * passing**2) / lasting**2
    level = float(model.person) ** 2 - (between * lasting) ** 2
    residual = float(model.residual) ** 2 - (within * passing) ** 2
    if min(level, residual) < -1e-6 * panel.sd**2:
        if residual < level:
            key, said = "effect", f"effect = {within:g} is more than changes of the outcome allow"
            most = float(np.sqrt(1 - panel.correlation) * panel.sd / passing)
            right = f"at most {np.floor(1000 * most) / 1000:g} in size"
        else:
            key, said = "with_outcome", f"with_outcome = {one.with_outcome:g} does not go with it"
            middle = within * passing**2 / (one.sd * panel.sd)
            reach = float(np.sqrt(panel.correlation * one.correlation))
            low, high = np.ceil(100 * (middle - reach)), np.floor(100 * (middle + reach))
            right = f"{low / 100:g} to {high / 100:g} beside this effect"
        raise InputError(f"plan.panel.predictor.{key}: {said}; give {right}")
    return model._replace(
        person=f4(np.sqrt(max(level, 0.0))), residual=f4(np.sqrt(max(residual, 0.0))),
        predictor=np.array([lasting, passing, between, within]),
    )  # fmt: skip
