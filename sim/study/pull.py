"""What draws people away from interviews where a study asks for it: crises, and ties they lost."""

from __future__ import annotations

import numpy as np

from sim.study.draws import records
from sim.study.error_kinds import error_kinds
from sim.study.spec import Study
from sim.world.arithmetic import ZERO, f4
from sim.world.compiled import compiled
from sim.world.kinds import Group

__all__ = ["close_ties_lost", "pull_at_interviews", "pull_of"]

CLOSE = int(Group.FRIEND)
"""Partner, kin and friends are the groups up to this one."""


def close_ties_lost(members: np.ndarray) -> np.ndarray:
    """Ties to partner, kin and friends active at the wave before and no longer, (n, W) of int32.

    Parameters
    ----------
    members : ndarray, (n, W, S) of seen.MEMBER
    """
    found = np.zeros(members.shape[:2], np.int32)
    _ties_lost(records(members), found)
    return found


@compiled
def _ties_lost(members, found):
    n, waves, slots = members.shape
    for i in range(n):
        for k in range(1, waves):
            for s in range(slots):
                tie = members[i, k - 1, s]
                if tie.group < 0 or tie.group > CLOSE or tie.active == ZERO:
                    continue
                lost = 1
                for other in range(slots):
                    now = members[i, k, other]
                    if now.group >= 0 and now.identity == tie.identity and now.active > ZERO:
                        lost = 0
                found[i, k] += lost


def pull_of(study: Study, egos: np.ndarray, lost: np.ndarray) -> np.ndarray | None:
    """Log odds of absence that take the place of the study's mechanism, (n, W); None if none do.

    Parameters
    ----------
    egos : ndarray, (n, W) of state.EGO
    lost : ndarray of int, (n, W)
        From `close_ties_lost`.
    """
    rate = (study.errors or {}).get("mnar_attrition")
    if rate is None:
        return None
    each = f4(error_kinds()["mnar_attrition"].numbers["log_odds_a_lost_tie"] if rate > 0 else 0)
    found = f4(rate) * (egos["acute"] > 0) + each * lost
    return np.asarray(found, np.float32)


def pull_at_interviews(study: Study, egos: np.ndarray, members: np.ndarray) -> np.ndarray | None:
    """The same from the ties at interviews, (n, W, S) of seen.MEMBER."""
    if "mnar_attrition" not in (study.errors or {}):
        return None
    return pull_of(study, egos, close_ties_lost(members))
