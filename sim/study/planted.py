"""An effect that a study plants in what one arm scores, so that what is true of it is known."""

from __future__ import annotations

import numpy as np

from sim.study.scales import Scored, draw_scores
from sim.study.settings import SCORES
from sim.study.spec import Study

__all__ = ["planted_shift", "study_scores"]


def study_scores(
    study: Study,
    egos: np.ndarray,
    members: np.ndarray,
    arm: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
) -> Scored:
    """Answers and scores as a study has them: as reliable as it says, with what it plants.

    Parameters
    ----------
    study : Study
    egos, members, params, key : ndarray
        As of `scales.draw_scores`.
    arm : ndarray of int, (n,)
        As of `planted_shift`.
    """
    shift = planted_shift(study, arm)
    return draw_scores(egos, members, params, key, study.outcomes.reliability, shift)


def planted_shift(study: Study, arm: np.ndarray) -> np.ndarray | None:
    """What is added to the latents of some people's scales; None where nothing is planted.

    Parameters
    ----------
    study : Study
    arm : ndarray of int, (n,)
        Position of each person's arm in the study's.

    Returns
    -------
    ndarray of float32, (n, W, 5), or None
        In SD of each latent in the caseload; scales in the order of SCORES.
    """
    planted = study.arms.planted if study.arms else None
    if planted is None:
        return None
    found = np.zeros((arm.size, len(study.waves.weeks), len(SCORES)), np.float32)
    mine = arm == study.arm_names.index(planted.arm)
    found[mine, 1:, SCORES.index(planted.scale)] = np.array(planted.shift, np.float32)
    return found
