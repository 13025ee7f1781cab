"""How long interviews take, in minutes."""

import numpy as np

from sim.study.draws import records
from sim.world.arithmetic import HALF, f4, normal
from sim.world.compiled import compiled

__all__ = ["durations"]


def durations(
    u: np.ndarray, named: np.ndarray, telephone: np.ndarray, params: np.ndarray
) -> np.ndarray:
    """Minutes of interviews: some to begin with, some for each member, and not beyond the limits.

    Parameters
    ----------
    u : ndarray of float32, shape (n,)
        Uniforms.
    named : ndarray of int, shape (n,)
        Members named.
    telephone : ndarray of bool, shape (n,)
    params : ndarray, shape (1,)
        The record of parameters.

    Returns
    -------
    ndarray of int32, shape (n,)
    """
    found = np.zeros(u.size, np.int32)
    members = np.ascontiguousarray(named, np.int32)
    _durations(np.ascontiguousarray(u), members, telephone, records(params), found)
    return found


@compiled
def _durations(u, named, telephone, params, found):
    p = params[0]
    for i in range(u.size):
        length = p.interview_opening + p.interview_member * f4(named[i])
        length += p.interview_length_sd * normal(u[i])
        if telephone[i]:
            length *= p.interview_telephone_duration
        length = min(max(length, p.interview_shortest), p.interview_longest)
        found[i] = int(length + HALF)
