"""What holds of a sample however it was interviewed: its lives, its ties, their names and ids.

Studies that differ only in what is seen of one sample can share it.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.study.attributes import attributes_of
from sim.study.draws import draws
from sim.study.fieldwork import Sample
from sim.study.ids import member_ids, participant_ids
from sim.study.members import FollowedTies, StudyLives, events_of, follow_ties
from sim.study.names import alter_names
from sim.world.state import WEEKLY_COLUMNS
from sim.world.streams import Stream

__all__ = ["LOOKED_BACK", "FollowedSample"]

LOOKED_BACK = 26
"""Weeks over which an interview asks."""


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
        self._draws: dict[int, np.ndarray] = {}

    def interview_draws(self, wave: int) -> np.ndarray:
        """Uniforms of an interview, (n, 4): week in the window, weekday, length, break-off."""
        if wave not in self._draws:
            who = self._sample.address
            self._draws[wave] = draws(Stream.INTERVIEW, who, self._key, when=wave)
        return self._draws[wave]

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

    @cached_property
    def kept_visits(self) -> tuple[np.ndarray, np.ndarray]:
        """Visits kept since the run-in began, by each interview and half a year before, (n, W).

        Before the study began, by its first week.
        """
        sample, column = self._sample, WEEKLY_COLUMNS.index("kept")
        now, before = np.zeros((2, *sample.weeks.shape), np.float32)
        for at, history in enumerate(sample.histories):
            people = np.flatnonzero(sample.home == at)
            weeks, row = sample.weeks[people], sample.row[people, None]
            now[people] = history.weekly[row, weeks, column]
            before[people] = history.weekly[row, np.maximum(weeks - LOOKED_BACK, 0), column]
        return now, before
