"""The frame of a study: everybody eligible on the caseload, and what is true of them.

Teams live whole whether or not anybody is asked, so a census of the frame costs no further lives,
only a look at everybody when each would be interviewed.
"""

from __future__ import annotations

import numpy as np

from sim.study.interview import draw_maps
from sim.study.planted import planted_shift
from sim.study.scales import true_scores
from sim.study.seen import gather
from sim.study.spec import Study
from sim.study.tally import Parts, parts_of_people, sums_by_arm
from sim.world.run import History

__all__ = ["is_eligible", "true_parts", "true_sums_of_frame"]


def is_eligible(study: Study, first: np.ndarray) -> np.ndarray:
    """Whom the study would ask, (n,): alive, on the caseload and not too unwell in week of entry.

    Parameters
    ----------
    first : ndarray of state.EGO, (n,)
    """
    fit = first["severity"] <= np.float32(study.recruitment.severity_ceiling)
    return np.asarray(fit & (first["alive"] > 0) & (first["on_caseload"] > 0))


def true_parts(
    study: Study,
    egos: np.ndarray,
    members: np.ndarray,
    arm: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
) -> Parts:
    """What some people truly add to each estimand, interviewed or not; the dead add nothing.

    Parameters
    ----------
    study : Study
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    arm : ndarray of int, (n,)
        In which each is; without arms it does not matter.
    params, key : ndarray
        The record of parameters; the key of the replicate.
    """
    shift = planted_shift(study, arm)
    true = true_scores(egos, members, params, key, study.outcomes.reliability, shift)
    nobody = np.zeros(egos.shape, np.bool_)
    ideal = draw_maps(egos, members, nobody, nobody[:, 0], params, key, placed=False).ideal
    return parts_of_people(members, ideal, true, egos["alive"] > 0)


def true_sums_of_frame(
    study: Study, history: History, arm: np.ndarray | None, params: np.ndarray, key: np.ndarray
) -> np.ndarray:
    """What the eligible of one team truly add up to, as `tally.sums_by_arm` has it.

    Parameters
    ----------
    study : Study
    history : History
        Of a team whose egos are all watched, with `blocks`.
    arm : ndarray of int, (E,), or None
        Of each of those watched; None without arms.
    params, key : ndarray
        The record of parameters; the key of the replicate.
    """
    some = np.flatnonzero(is_eligible(study, history.egos[:, 0]))
    mine = np.zeros(some.size, int) if arm is None else arm[history.watched.egos[some]]
    parts = true_parts(study, *gather([history], [some]), mine, params, key)
    return sums_by_arm(parts, mine, len(study.arm_names))
