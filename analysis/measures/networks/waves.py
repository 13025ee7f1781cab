"""Which two interviews a change is between: one, and the same person's last one before it."""

from typing import NamedTuple

import numpy as np

__all__ = ["Steps", "steps_between"]


class Steps(NamedTuple):
    """Pairs of interviews, as positions.

    Attributes
    ----------
    first, second : ndarray of int64, (p,)
        The earlier and the later interview.
    """

    first: np.ndarray
    second: np.ndarray


def steps_between(person: np.ndarray, wave: np.ndarray) -> Steps:
    """Successive interviews of the same people; a wave that was missed is bridged.

    Parameters
    ----------
    person, wave : ndarray of int64, (n,)
        Of each interview.
    """
    order = np.lexsort((wave, person))
    same = person[order[1:]] == person[order[:-1]]
    return Steps(order[:-1][same], order[1:][same])
