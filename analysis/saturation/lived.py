"""What codes are computed from: people, ties and events of one simulated study, as flat arrays."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.study.simulated import SimulatedStudy
from sim.world.kinds import GROUP_OF_KIND, Event
from sim.world.run import History

__all__ = ["Lived", "within"]

_GROUP = np.array([int(group) for group in GROUP_OF_KIND])
_SPREAD, _SHIFT = 100_000, 20_000  # weeks lie between -_SHIFT and _SPREAD - _SHIFT
_POSTS = 4096


def within(
    key: np.ndarray, week: np.ndarray, of: np.ndarray, when: np.ndarray, span: int
) -> np.ndarray:
    """Whether something of the same key happened in a week or in the `span` weeks before it.

    Parameters
    ----------
    key, week : ndarray of int, (q,)
        For what is asked.
    of, when : ndarray of int, (m,)
        Key and week of what happened.
    span : int

    Returns
    -------
    ndarray of bool, (q,)
    """
    happened = np.sort(of.astype(np.int64) * _SPREAD + when + _SHIFT)
    asked = key.astype(np.int64) * _SPREAD + week + _SHIFT
    last = np.searchsorted(happened, asked, side="right") - 1
    latest = happened[last] if happened.size else np.full(asked.shape, -1)
    return (last >= 0) & (latest >= asked - span)


class Lived:
    """People and what happened to them: n people, W waves, S slots, m events.

    A *period* is the time since the interview before: an event of period w took place after the
    week of interview w - 1 and not after that of interview w, whether or not they were held.

    Attributes
    ----------
    weeks : ndarray of int, (n, W)
        Calendar week of each interview.
    egos : ndarray, (n, W) of state.EGO
    ties : ndarray, (n, W, S) of seen.MEMBER
    on_map : ndarray of bool, (n, W, S)
        Ties that matter: those on the error-free map.
    alive : ndarray of bool, (n, W)
    person, week, period, event, group, cause, case : ndarray of int, (m,)
        Of each event; `group` is that of the tie, `case` numbers the worker's caseload.
    """

    def __init__(self, study: SimulatedStudy) -> None:
        sample = study.sample
        self.weeks, self.egos, self.ties = sample.weeks, sample.egos, sample.members
        self.on_map = study.maps.ideal & (sample.members["active"] > 0)
        self.alive = sample.egos["alive"] > 0
        parts = [
            _events_of(history, np.flatnonzero(sample.home == at), sample.ego, at)
            for at, history in enumerate(sample.histories)
        ]
        self.person, events, self.case = (np.concatenate(part) for part in zip(*parts, strict=True))
        self.week, self.event, self.cause = events["week"], events["event"], events["cause"]
        self.group = _GROUP[events["kind"]]
        self.period = (self.weeks[self.person] < self.week[:, None]).sum(axis=1)
        self._histories = sample.histories

    @property
    def shape(self) -> tuple[int, int]:
        """People and waves."""
        n, waves = self.weeks.shape
        return n, waves

    def times(self, happened: np.ndarray) -> np.ndarray:
        """How many of the chosen events each person had in each period, (n, W); none in the first.

        Parameters
        ----------
        happened : ndarray of bool, (m,)
        """
        n, waves = self.shape
        inside = happened & (self.period > 0) & (self.period < waves)
        at = self.person[inside] * waves + self.period[inside]
        return np.bincount(at, minlength=n * waves).reshape(n, waves)

    def ever(self, happened: np.ndarray) -> np.ndarray:
        """Whether each person had any of the chosen events in each period, (n, W)."""
        return self.times(happened) > 0

    def since_last(self, column: str) -> np.ndarray:
        """By how much a column of state.EGO rose since the interview before, (n, W); first 0."""
        values = self.egos[column]
        return np.diff(values, axis=1, prepend=values[:, :1])

    def mapped(self, *groups: int) -> np.ndarray:
        """Ties of some groups that are on the map, (n, W, S)."""
        return self.on_map & np.isin(self.ties["group"], groups)

    @cached_property
    def onsets(self) -> tuple[np.ndarray, np.ndarray]:
        """Person and week of each episode's beginning, also of those begun before the study."""
        begun = self.event == Event.EPISODE_START
        who, wave = np.nonzero(self.egos["weeks_since_onset"] < _SHIFT // 4)
        since = self.egos["weeks_since_onset"][who, wave].astype(int)
        week = self.weeks[who, wave] - since
        return np.concatenate([self.person[begun], who]), np.concatenate([self.week[begun], week])

    @cached_property
    def onsets_on_caseloads(self) -> tuple[np.ndarray, np.ndarray]:
        """Caseload and week of each episode's beginning, of everybody the teams know.

        The caseload is the one the person was on when the study ended.
        """
        cases, weeks = [], []
        for at, history in enumerate(self._histories):
            begun = history.events[history.events["event"] == Event.EPISODE_START]
            posts = history.team.lines["post"][begun["ego"]]
            week = np.repeat(begun["week"], posts.shape[1])
            cases.append(at * _POSTS + posts.ravel()[posts.ravel() >= 0])
            weeks.append(week[posts.ravel() >= 0])
        return np.concatenate(cases), np.concatenate(weeks)


def _events_of(
    history: History, people: np.ndarray, ego: np.ndarray, at: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Events of a team's participants: person, event, caseload."""
    number = np.full(history.team.egos.size, -1)
    number[ego[people]] = people
    mine = history.events[history.events["ego"] >= 0]
    mine = mine[number[mine["ego"]] >= 0]
    return number[mine["ego"]], mine, at * _POSTS + mine["post"]
