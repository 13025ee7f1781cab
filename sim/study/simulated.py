"""A study that took place: who took part, what was named and scored, and what was true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.study.fieldwork import Sample
from sim.study.followed import FollowedSample
from sim.study.interview import Maps
from sim.study.members import FollowedTies, StudyLives
from sim.study.participate import Dial, Visits
from sim.study.spec import Study
from sim.study.turns import SiteFlow
from sim.world.scenario import Scenario

__all__ = ["SimulatedStudy"]


@dataclass(frozen=True)
class SimulatedStudy:
    """A study that took place: who took part, what was named and scored, and what was true.

    Attributes
    ----------
    study, scenario : Study, Scenario
        As given; `lived` is the scenario at the study's size with the arms laid over.
    seed, replicate : int
    key : ndarray of uint32, shape (2,)
    params : ndarray, shape (1,)
        The record of parameters.
    sample : Sample
        n participants, W waves, S slots.
    followed : FollowedSample
        What holds of that sample however it was interviewed.
    flow : tuple of SiteFlow
        Recruitment, site by site.
    telephone : ndarray of bool, (n,)
    scores, true_scores : ndarray of float32, (n, W, 5)
        In the order of settings.SCORES, as if nobody were absent; true ones are those expected of
        the latent.
    answers : ndarray of int8, (n, W, ITEMS)
        Of each item; below 0 a missing code.
    score_codes : ndarray of int8, (n, W, 5)
        Why there is no score; 0 where there is one.
    visits : Visits
    maps : Maps
    dial : Dial
        The intercepts of absence, solved beforehand.
    frame : ndarray of float64, (1 + A, W, Q, 2), or None
        What everybody eligible truly adds up to, as `tally.sums_by_arm` has it; None where it was
        not asked for.
    """

    study: Study
    scenario: Scenario
    lived: Scenario
    seed: int
    replicate: int
    key: np.ndarray
    params: np.ndarray
    sample: Sample
    followed: FollowedSample
    flow: tuple[SiteFlow, ...]
    telephone: np.ndarray
    scores: np.ndarray
    true_scores: np.ndarray
    answers: np.ndarray
    score_codes: np.ndarray
    visits: Visits
    maps: Maps
    dial: Dial
    frame: np.ndarray | None

    @property
    def n(self) -> int:
        """Number of participants."""
        return self.sample.address.size

    @property
    def lives(self) -> StudyLives:
        """What happened to the participants from baseline to the last interview."""
        return self.followed.lives

    @property
    def ties(self) -> FollowedTies:
        """Every tie that a participant had then."""
        return self.followed.ties

    @property
    def alters(self) -> np.ndarray:
        """What belongs to the alter of each of those ties, of `attributes.ATTRIBUTE`."""
        return self.followed.attributes

    @property
    def names(self) -> np.ndarray:
        """The name of each of them."""
        return self.followed.names
