"""Who has which code of the world at which interview: one function for each code of the catalogue.

Every function takes a `Lived` and the numbers of its code, and returns who has it, (n, W) of bool.
What is counted, and where lines are drawn, stands in `scenarios/codes.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from analysis.saturation.code_list import world_codes
from analysis.saturation.lived import Lived, within
from sim.world.kinds import Cause, Event, Group, Kind

__all__ = ["CODE_MEASURES", "has_code"]

FRIEND, WEAK, PARTNER, OBJECT = Group.FRIEND, Group.WEAK, Group.PARTNER, Group.OBJECT
KIN = (Group.KIN, Group.YOUNG_KIN)
INFORMAL = (PARTNER, *KIN, FRIEND, WEAK)
OF_THE_TEAM = (Group.PSYCHIATRIST, Group.COORDINATOR, Group.SUPPORT_WORKER)
PROFESSIONAL = (*OF_THE_TEAM, Group.OUTSIDE)
SOCIABLE = (Kind.GROUP, Kind.HOBBY, Kind.ACTIVITY)
MATTER_MOST = 3


def has_code(lived: Lived, name: str) -> np.ndarray:
    """Who has a code of the catalogue at which interview, (n, W) of bool; nobody who has died."""
    code = world_codes()[name]
    found: np.ndarray = np.logical_and(CODE_MEASURES[name](lived, **code.numbers), lived.alive)
    if code.at == "follow-ups":
        found[:, 0] = False
    return found


def _ended(lived: Lived, groups: tuple[int, ...], *causes: Cause) -> np.ndarray:
    """Endings of ties of some groups, by some causes, (m,)."""
    ended = (lived.event == Event.TIE_ENDED) & np.isin(lived.group, groups)
    return ended & np.isin(lived.cause, causes)


def _happened_to_friend(lived: Lived, event: Event) -> np.ndarray:
    return (lived.event == event) & (lived.group == FRIEND)


def friend_lost_after_episode(lived: Lived, weeks: float) -> np.ndarray:
    """P24."""
    lost = _ended(lived, (FRIEND,), Cause.EGO_CUT, Cause.DRIFT, Cause.ALTER_CUT)
    lost |= _happened_to_friend(lived, Event.TIE_DORMANT)
    return lived.ever(lost & within(lived.person, lived.week, *lived.onsets, int(weeks)))


def friendship_let_go(lived: Lived) -> np.ndarray:
    """P25, P26."""
    return lived.ever(_ended(lived, (FRIEND,), Cause.EGO_CUT))


def friendship_drifted(lived: Lived) -> np.ndarray:
    """P25, P27."""
    drifted = _ended(lived, (FRIEND,), Cause.DRIFT)
    return lived.ever(drifted | _happened_to_friend(lived, Event.TIE_DORMANT))


def left_by_a_friend(lived: Lived) -> np.ndarray:
    """P25, P26."""
    return lived.ever(_ended(lived, (FRIEND,), Cause.ALTER_CUT))


def friendship_taken_up_again(lived: Lived) -> np.ndarray:
    """P29."""
    return lived.ever(_happened_to_friend(lived, Event.TIE_REVIVED))


def friend_of_shared_experience(lived: Lived) -> np.ndarray:
    """P30."""
    return _any(lived.on_map & (lived.ties["kind"] == Kind.PEER))


def weak_tie_on_the_map(lived: Lived) -> np.ndarray:
    """P31."""
    return _any(lived.mapped(WEAK))


def constricted_to_a_core(lived: Lived) -> np.ndarray:
    """P33, P34."""
    return lived.ever(lived.event == Event.CONSTRICTION)


def withdrew_from_everyone(lived: Lived, withdrawal: float) -> np.ndarray:
    """P35."""
    return _at_least(lived.egos["level"], withdrawal)


def new_partner(lived: Lived) -> np.ndarray:
    """P11."""
    return lived.ever((lived.event == Event.TIE_BEGAN) & (lived.group == PARTNER))


def kin_kept_in_spite_of_strain(lived: Lived, strain: float) -> np.ndarray:
    """P13."""
    kin = lived.mapped(*KIN)
    strained = kin & _at_least(lived.ties["strain"], strain)
    identity = np.where(kin, lived.ties["identity"], -1)
    found = np.zeros(lived.shape, bool)
    for wave in range(1, lived.shape[1]):
        before, now = identity[:, wave - 1, :, None], identity[:, wave, None, :]
        found[:, wave] = _any(strained[:, wave - 1] & ((before == now) & (now >= 0)).any(axis=2))
    return found


def kin_for_love(lived: Lived, help: float) -> np.ndarray:
    """P14."""
    human = lived.on_map & (lived.ties["human"] > 0)
    importance = np.where(human, lived.ties["importance"], -1)
    line = np.sort(importance, axis=2)[:, :, -MATTER_MOST, None]
    dear = human & (importance >= line)
    return _any(dear & lived.mapped(*KIN) & (lived.ties["support"] < np.float32(help)))


def care_given_to_kin(lived: Lived, acts: float) -> np.ndarray:
    """P20, P21."""
    return _at_least(lived.egos["care"], acts)


def fear_of_being_a_burden(lived: Lived, guilt: float) -> np.ndarray:
    """P9, P15."""
    return _at_least(lived.egos["guilt"], guilt) & _any(lived.mapped(PARTNER, *KIN))


def guilt_after_an_episode(lived: Lived, weeks: float, guilt: float) -> np.ndarray:
    """P19."""
    lately = (lived.egos["acute"] == 0) & (lived.egos["weeks_well"] <= weeks)
    return lately & _at_least(lived.egos["guilt"], guilt)


def told_professional_not_partner(lived: Lived) -> np.ndarray:
    """P36."""
    partner, worker = lived.mapped(PARTNER), lived.mapped(*PROFESSIONAL)
    openness = lived.ties["openness"]
    home = np.where(partner, openness, 0).max(axis=2)
    clinic = np.where(worker, openness, 0).max(axis=2)
    return np.logical_and(_any(partner), clinic > home)


def promise_of_a_professional(lived: Lived, times: float) -> np.ndarray:
    """P37."""
    expected, comes = lived.ties["anticipated"], lived.ties["support"]
    return _any(lived.mapped(*PROFESSIONAL) & (expected >= np.float32(times) * comes))


def visits_cancelled_repeatedly(lived: Lived, times: float) -> np.ndarray:
    """P40."""
    return lived.times(lived.event == Event.VISIT_CANCELLED) >= times


def cancelled_for_someone_poorlier(lived: Lived, weeks: float, own_weeks: float) -> np.ndarray:
    """P41."""
    cancelled = lived.event == Event.VISIT_CANCELLED
    others = within(lived.case, lived.week, *lived.onsets_on_caseloads, int(weeks))
    mine = within(lived.person, lived.week, *lived.onsets, int(own_weeks))
    return lived.ever(cancelled & others & ~mine)


def discharged(lived: Lived) -> np.ndarray:
    """P42."""
    return lived.ever(lived.event == Event.DISCHARGE)


def self_rationing(lived: Lived) -> np.ndarray:
    """P44."""
    return lived.since_last("forgone") > 0


def worker_changed(lived: Lived) -> np.ndarray:
    """P45."""
    return lived.ever(_ended(lived, OF_THE_TEAM, Cause.TURNOVER, Cause.REASSIGNMENT))


def coerced_and_trust_lost(lived: Lived) -> np.ndarray:
    """P46."""
    return lived.ever(lived.event == Event.COERCION) & (lived.since_last("service_trust") < 0)


def thing_as_steady_company(lived: Lived, weeks: float, contact: float) -> np.ndarray:
    """P49, P50."""
    steady = (lived.ties["known"] >= weeks) & _at_least(lived.ties["recent"], contact)
    return _any(lived.mapped(OBJECT) & steady)


def weak_tie_through_a_group(lived: Lived) -> np.ndarray:
    """P52."""
    begun = lived.ever((lived.event == Event.TIE_BEGAN) & (lived.group == WEAK))
    goes = _any((lived.ties["active"] > 0) & np.isin(lived.ties["kind"], SOCIABLE))
    begun[:, 1:] &= goes[:, :-1]
    return begun


def mostly_things(lived: Lived, share: float) -> np.ndarray:
    """P54."""
    things, members = lived.mapped(OBJECT).sum(axis=2), lived.on_map.sum(axis=2)
    return np.logical_and(members > 0, things >= share * members)


def nobody_but_professionals(lived: Lived) -> np.ndarray:
    """P56."""
    return ~_any(lived.mapped(*INFORMAL))


def _any(ties: np.ndarray) -> np.ndarray:
    """People with one such tie or more, (n, W) or (n,)."""
    return np.any(ties, axis=-1)


def _at_least(values: np.ndarray, line: float) -> np.ndarray:
    found: np.ndarray = values >= np.float32(line)
    return found


_ALL = (
    friend_lost_after_episode, friendship_let_go, friendship_drifted, left_by_a_friend,
    friendship_taken_up_again, friend_of_shared_experience, weak_tie_on_the_map,
    constricted_to_a_core, withdrew_from_everyone, new_partner, kin_kept_in_spite_of_strain,
    kin_for_love, care_given_to_kin, fear_of_being_a_burden, guilt_after_an_episode,
    told_professional_not_partner, promise_of_a_professional, visits_cancelled_repeatedly,
    cancelled_for_someone_poorlier, discharged, self_rationing, worker_changed,
    coerced_and_trust_lost, thing_as_steady_company, weak_tie_through_a_group, mostly_things,
    nobody_but_professionals,
)  # fmt: skip

CODE_MEASURES: Mapping[str, Callable[..., np.ndarray]] = {
    one.__name__.replace("_", "-"): one for one in _ALL
}
"""How each code of the catalogue is found, by its name there."""
