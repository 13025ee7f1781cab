"""How long interviews take, in minutes."""

import numpy as np

from sim.study.draws import records
from sim.world.arithmetic import exponential, logarithm
from sim.world.compiled import compiled

__all__ = ["durations"]


def durations(u: np.ndarray, telephone: np.ndarray, params: np.ndarray) -> np.ndarray:
    """Minutes of interviews: most use nearly the whole time there is.

    Parameters
    ----------
    u : ndarray of float32, shape (n,)
        Uniforms.
    telephone : ndarray of bool, shape (n,)
    params : ndarray, shape (1,)
        The record of parameters.

    Returns
    -------
    ndarray of int32, shape (n,)
    """
    found = np.zeros(u.size, np.int32)
    _durations(np.ascontiguousarray(u), telephone, records(params), found)
    return found


@compiled
def _durations(u, telephone, params, found):
    p = params[0]
    shortest, longest = p.interview_shortest, p.interview_longest
    for i in range(u.size):
        power = exponential(logarithm(u[i]) / p.interview_duration_shape)
        length = shortest + (longest - shortest) * power
        if telephone[i]:
            length *= p.interview_telephone_duration
        found[i] = max(int(length), int(shortest))
