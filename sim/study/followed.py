"""What holds of a sample however it was interviewed: its lives, its ties, their names and ids.

Studies that differ only in what is seen of one sample can share it.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.study.attributes import attributes_of
from sim.study.fieldwork import Sample
from sim.study.ids import member_ids, participant_ids
from sim.study.members import FollowedTies, StudyLives, events_of, follow_ties
from sim.study.names import alter_names

__all__ = ["FollowedSample"]


class FollowedSample:
    """What holds of a sample however it was interviewed; each part is made when first asked for.

    Parameters
    ----------
    sample : Sample
        n participants.
    params : ndarray, shape (1,)
        The record of parameters.
    key : ndarray of uint32, shape (2,)
        Of the replicate.
    """

    def __init__(self, sample: Sample, params: np.ndarray, key: np.ndarray) -> None:
        self._sample, self._params, self._key = sample, params, key

    @cached_property
    def lives(self) -> StudyLives:
        """What happened to the participants from baseline to the last interview."""
        return events_of(self._sample)

    @cached_property
    def ties(self) -> FollowedTies:
        """Every tie that a participant had then."""
        return follow_ties(self._sample, self.lives)

    @cached_property
    def attributes(self) -> np.ndarray:
        """What belongs to the alter of each tie, (m,) of `attributes.ATTRIBUTE`."""
        return attributes_of(self._sample, self.ties, self._params, self._key)

    @cached_property
    def names(self) -> np.ndarray:
        """The name of each of them, (m,) of ASCII."""
        namesakes = float(self._params[0]["question_namesake"])
        return alter_names(self.ties.rows, self.attributes, namesakes)

    @cached_property
    def alter_ids(self) -> np.ndarray:
        """Id of each tie, (m,) of ASCII."""
        ties = self.ties.rows
        return member_ids(self._sample.address[ties["person"]], ties["identity"], self._key)

    @cached_property
    def pids(self) -> np.ndarray:
        """Id of each participant, (n,) of ASCII."""
        return participant_ids(self._sample.address, self._key)
