"""The fieldwork that cases of a replicate share, and what holds of its people however asked."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pyarrow as pa

from sim.study.fieldwork import Begun, Fieldwork, Sample
from sim.study.followed import FollowedSample
from sim.study.planted import study_scores
from sim.study.scales import Scored
from sim.study.spec import Study
from sim.study.turns import SiteFlow
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario

__all__ = ["LivedStudy", "SharedSample", "lived_in_turn"]


class SharedSample:
    """Some people of a fieldwork, as all cases that study them share them.

    Attributes
    ----------
    sample : Sample
    params : ndarray, shape (1,)
        The record of parameters.
    followed : FollowedSample
    tables : dict of pyarrow.Table
        Tables that are the same in all these cases, by name, as they are made.
    """

    def __init__(self, sample: Sample, params: np.ndarray, key: np.ndarray) -> None:
        self.sample, self.params, self._key = sample, params, key
        self.followed = FollowedSample(sample, params, key)
        self.tables: dict[str, pa.Table] = {}
        self._scored: dict[str, Scored] = {}

    def scored(self, study: Study) -> Scored:
        """Answers and scores as a study has them, the same for all with its arms and outcomes."""
        said = repr((study.arms, study.outcomes))
        if said not in self._scored:
            mine = self.sample
            self._scored[said] = study_scores(
                study, mine.egos, mine.members, mine.arm, self.params, self._key
            )
        return self._scored[said]


class LivedStudy:
    """A fieldwork, which smaller studies can share.

    Parameters
    ----------
    sample, flow
        Who takes part in the largest of the studies that share it, and how they were recruited.
    params, key
        The record of parameters; the key of the world.

    Attributes
    ----------
    flow : tuple of SiteFlow
    """

    def __init__(
        self, sample: Sample, flow: tuple[SiteFlow, ...], params: np.ndarray, key: np.ndarray
    ) -> None:
        self._whole, self.flow, self._params, self._key = sample, flow, params, key
        self._shared: dict[int, SharedSample] = {}

    @property
    def size(self) -> int:
        """Bytes, or a few more: what samples share counts with each."""
        mine = self._whole
        of_lives = sum(one.weekly.nbytes + one.events.nbytes for one in mine.histories)
        return mine.egos.nbytes + mine.members.nbytes + of_lives

    def of(self, sequence: np.ndarray) -> SharedSample:
        """Whom a study has that enrols people by sites in this sequence, (n,), sites from 0."""
        n = sequence.size
        if n not in self._shared:
            whole = self._whole
            sample = whole if n == whole.address.size else _first(whole, sequence)
            self._shared[n] = SharedSample(sample, self._params, self._key)
        return self._shared[n]


def lived_in_turn(
    study: Study, lived: Scenario, key: np.ndarray, begun: Begun | None, studies: int
) -> list[LivedStudy]:
    """So many studies of a world, of other people each.

    Parameters
    ----------
    study, lived
        The largest of the studies that share each, as held, and the world it is held in.
    key, begun
        As of `Fieldwork`.
    """
    params = catalogue().record(lived.parameters)
    work = Fieldwork(study, lived, key, begun)
    return [
        LivedStudy(sample, flow, params, key)
        for sample, flow in work.run_in_turn(studies, to_the_end=False)
    ]


def _first(sample: Sample, sequence: np.ndarray) -> Sample:
    """Those of a sample whom a smaller study would have enrolled, in its order."""
    here = {site: iter(np.flatnonzero(sample.site == site).tolist())
            for site in np.unique(sample.site).tolist()}  # fmt: skip
    chosen = [next(here[site + 1], None) for site in sequence.tolist() if site + 1 in here]
    rows = np.array([one for one in chosen if one is not None], int)
    by_person = {one.name: getattr(sample, one.name)[rows]
                 for one in fields(sample) if one.name != "histories"}  # fmt: skip
    return replace(sample, **by_person)
