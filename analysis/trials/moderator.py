"""A characteristic known at baseline on which it hangs what an arm does.

y[i, t] gains (x[i] - mean of x) moderation[arm, t], x being 1 or 0, or standard normal, so that on
average over people an arm does what it would without.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from analysis.questions.panel import Panel
from analysis.trials.model import Model
from analysis.trials.study_key import study_key
from sim.study.spec import Study
from sim.world.arithmetic import ONE, f4, normal
from sim.world.compiled import compiled
from sim.world.streams import Stream, uniforms

__all__ = ["moderated", "moderations", "moderator_of", "moderators"]

PERSON = int(Stream.PANEL_PERSON)


@register_jitable
def moderator_of(prevalence, i, key):  # type: ignore[no-untyped-def]
    """The moderator of person i, less its mean."""
    u, _, _, _ = uniforms(PERSON, i, 1, 0, key)
    if prevalence <= f4(0):
        return normal(u)
    return (ONE if u < prevalence else f4(0)) - prevalence


@compiled
def draw_moderator(
    seed: tuple[int, int], first: int, prevalence: np.float32, x: np.ndarray
) -> None:
    """Fill x, (B, n), with the moderator of each person of each replicate, less its mean."""
    for b in range(x.shape[0]):
        key = study_key(seed, first + b)
        for i in range(x.shape[1]):
            x[b, i] = moderator_of(prevalence, i, key)


def moderators(
    model: Model, seed: tuple[int, int], first: int, replicates: int, n: int
) -> np.ndarray | None:
    """The moderator of the first n people, (B, n), 1 or 0 or normal; None if there is none."""
    if not model.moderation.size:
        return None
    x = np.empty((replicates, n))
    draw_moderator(seed, first, model.prevalence, x)
    return np.round(x + float(model.prevalence)) if model.prevalence > 0 else x


def moderations(study: Study, panel: Panel, effect: float = 1.0) -> np.ndarray:
    """What an arm adds at a wave for each unit of the moderator, in points, (A, T)."""
    arms = study.arm_names or ("",)
    found = np.zeros((len(arms), len(study.waves.weeks)))
    for name, added in (panel.moderator.effect if panel.moderator else {}).items():
        found[arms.index(name), 1:] = effect * panel.sd * np.array(added)
    return found


def moderated(model: Model, study: Study, panel: Panel, effect: float) -> Model:
    """The model with its moderator; itself where there is none."""
    if panel.moderator is None:
        return model
    return model._replace(
        moderation=moderations(study, panel, effect).astype(np.float32),
        prevalence=f4(panel.moderator.share or 0.0),
    )
