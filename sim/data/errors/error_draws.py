"""Draws of the errors of files: every kind, interview and row has addresses of its own."""

from __future__ import annotations

import numpy as np

from sim.study.draws import draws
from sim.world.streams import Stream

__all__ = ["ErrorDraws"]


class ErrorDraws:
    """Uniforms of one kind of error.

    Parameters
    ----------
    number
        Of the kind, in the catalogue.
    key : ndarray of uint32, shape (2,)
        The key of the replicate.
    """

    def __init__(self, number: int, key: np.ndarray) -> None:
        self.number, self.key = number, key

    def at(self, who: np.ndarray, which: np.ndarray | int = 0) -> np.ndarray:
        """Four uniforms for each address.

        Parameters
        ----------
        who : ndarray of int, shape (n,)
            Interviews, people, sites or waves.
        which : ndarray of int, shape (n,), or int
            Row or column within them.

        Returns
        -------
        ndarray of float32, shape (n, 4)
        """
        return draws(Stream.FILE_ERROR, np.asarray(who), self.key, self.number, which)
