"""An effect that a study plants in what one arm scores, so that what is true of it is known."""

from __future__ import annotations

import numpy as np

from sim.study.settings import SCORES
from sim.study.spec import Study

__all__ = ["planted_shift"]


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
