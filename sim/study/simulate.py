"""From a study and a world to a study that took place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.side_by_side import Progress
from sim.study.conditions import as_held, terms_of
from sim.study.draws import draws
from sim.study.fieldwork import Begun, Fieldwork, Sample
from sim.study.followed import FollowedSample
from sim.study.frame import lived_scenario
from sim.study.interview import AFRESH, ERROR_FREE, REVISITED, Maps, draw_maps
from sim.study.participate import Dial, Visits, attend
from sim.study.planted import study_scores
from sim.study.pull import pull_at_interviews
from sim.study.reference import solved_absence
from sim.study.scales import Scored
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario
from sim.world.streams import Stream, key_of

__all__ = ["InterviewResults", "interview", "map_rules", "simulate_study"]


class InterviewResults(NamedTuple):
    """What the interviews of a study bring; as in `sim.study.simulated`."""

    scored: Scored
    visits: Visits
    telephone: np.ndarray
    maps: Maps


def simulate_study(
    scenario: Scenario,
    study: Study,
    *,
    seed: int,
    replicate: int = 0,
    threads: int = 1,
    progress: Progress | None = None,
    begun: Begun | None = None,
    interviews_only: bool = False,
    frame: bool = True,
) -> SimulatedStudy:
    """Simulate one study.

    Parameters
    ----------
    scenario : Scenario
        The world; its size is overridden by the study's frame.
    study : Study
    seed, replicate : int
        Name the repetition; 0 is a seed like any other.
    threads : int
        Teams lived side by side; the result is the same to the last bit.
    progress : callable, optional
        Called with the name of the stage, the number of its teams done, and of all.
    begun : mutable mapping, optional
        Teams after run-in by place, to share between scenarios of one replicate and world.
    interviews_only : bool
        Keep no weekly rows and end each team's life with its last interview. Faster by a fifth.
        Maps, scores and visits are the same, and so are `tables.OF_INTERVIEWS`; other tables and
        the truth cannot be made.
    frame : bool
        Look at everybody eligible, too, for the first rung of truth/ladder. Without, faster by a
        fifth.

    Raises
    ------
    InputError
        If the world cannot hold the study, or an arm or a shock does not fit it.
    """
    study = as_held(study)
    lived = lived_scenario(scenario, study)
    key = key_of(seed, replicate)
    work = Fieldwork(study, lived, key, begun)
    dial, measure = solved_absence(study, lived, threads)
    weekly = not interviews_only
    sample, flow = work.run(threads, weekly, progress, frame=weekly and frame)
    params = catalogue().record(lived.parameters)
    seen = interview(study, sample, params, key, dial, measure)
    return SimulatedStudy(
        study, scenario, lived, seed, replicate, key, params, sample,
        FollowedSample(sample, params, key), flow, seen.telephone, *seen.scored, seen.visits,
        seen.maps, dial, work.frame,
    )  # fmt: skip


def interview(
    study: Study,
    sample: Sample,
    params: np.ndarray,
    key: np.ndarray,
    dial: Dial,
    measure: np.ndarray,
    placed: bool = True,
    scored: Scored | None = None,
) -> InterviewResults:
    """Interview a sample as a study would: score, attend or stay away, map.

    Parameters
    ----------
    study : Study
        As held (`conditions.as_held`).
    sample : Sample
        Who takes part, of that study or of a larger one that begins with the same people.
    params, key : ndarray
        The record of parameters; the key of the replicate.
    dial, measure
        From `reference.solved_absence`.
    placed : bool
        As for `draw_maps`.
    scored : Scored, optional
        What `study_scores` gives of this sample, where it is known already.
    """
    if scored is None:
        scored = study_scores(study, sample.egos, sample.members, sample.arm, params, key)
    rows = np.maximum(sample.arm, 0)
    primary = study.outcomes.primary
    pull = pull_at_interviews(study, sample.egos, sample.members)
    visits = attend(dial, rows, scored.scores, sample.egos, primary, measure, params, key, pull)
    share = np.float32(study.map.telephone_share)
    telephone = draws(Stream.INTERVIEW, sample.address, key)[:, 0] < share
    terms = terms_of(study, sample.site, sample.weeks, visits.attended, telephone, key)
    by_itself = telephone & ("mode" not in (study.errors or {}))
    maps = draw_maps(
        sample.egos, sample.members, visits.attended, by_itself, params, key, *map_rules(study),
        placed, terms,
    )  # fmt: skip
    return InterviewResults(scored, visits, telephone, maps)


def map_rules(study: Study) -> tuple[int, int]:
    """How the study draws its maps, and the cap, as `draw_maps` takes them."""
    how = ERROR_FREE if study.map.error_free else REVISITED
    if study.map.how == "afresh" and not study.map.error_free:
        how = AFRESH
    return how, study.map.most_members or 0
