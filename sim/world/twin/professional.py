"""A professional: a post of the team, who is in it, and its diary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np

from sim.world.arithmetic import ONE, ZERO, f4, normal, whole
from sim.world.kinds import Cause, Event
from sim.world.rules.services import (
    falls_sick,
    is_on_leave,
    leaves_post,
    post_capacity,
    sickness_weeks,
    vacancy_weeks,
    worker_quality,
)
from sim.world.state import DIARY_WEEKS, POST_COLUMNS
from sim.world.streams import WEEK_OFFSET, Stream, uniforms
from sim.world.twin.parameters import Parameters

AHEAD = 48
"""Weeks ahead that a diary is open: the longest interval and the longest slip."""
FILLED = -9999


@dataclass
class DiaryWeek:
    """One week of a post's diary: units booked, on leave 0/1, the uniform that rounds its limit."""

    booked: Any = ZERO
    leave: Any = ZERO
    rounding: Any = ZERO


class Professional(mesa.Agent):
    """A post in the team and the worker in it.

    Beside those below, the attributes are the columns of `sim.world.state`, POST_COLUMNS.

    Attributes
    ----------
    number : int
        Place among the team's posts, from 0.
    p : Parameters
        The parameters that hold for this post now.
    diary : list of DiaryWeek
        A ring of weeks; `diary_of(week)` finds one.
    """

    def __init__(self, model: Any, number: int) -> None:
        super().__init__(model)
        self.number = number
        self.p: Parameters = model.first_parameters
        self.diary = [DiaryWeek() for _ in range(DIARY_WEEKS)]
        for name, kind, _ in POST_COLUMNS:
            setattr(self, name, ZERO if kind is np.float32 else 0)

    @property
    def is_vacant(self) -> bool:
        """Whether nobody is in post, and visits are covered by others at a lower rate."""
        return self.vacant_until != FILLED

    def draw(self, stream: Stream, week: int) -> tuple:
        """Four uniforms of this post and a week."""
        return uniforms(stream, self.address, week + WEEK_OFFSET, 0, self.model.key)

    def draw_person(self) -> tuple:
        """Four uniforms that say who the worker in post is."""
        return uniforms(Stream.PERSON, self.address, 1, self.incumbent, self.model.key)

    def diary_of(self, week: int) -> DiaryWeek:
        """The page of a week."""
        return self.diary[week % DIARY_WEEKS]

    def plan_diary_week(self, week: int) -> None:
        """Open one week of the diary: nothing booked, leave known."""
        leave, rounding, *_ = self.draw(Stream.DIARY, week)
        self.diary[week % DIARY_WEEKS] = DiaryWeek(ZERO, is_on_leave(leave, self.p), rounding)

    # 2. staff --------------------------------------------------------------------------------

    def staff_week(self) -> None:
        """The vacancy is filled, or the worker leaves; sickness; the week's capacity."""
        week = self.model.week
        leaving, sick, spell, rounding = self.draw(Stream.STAFF, week)
        gap, quality, *_ = self.draw(Stream.REPLACEMENT, week)
        if self.vacant_until == week:
            self.fill(worker_quality(normal(quality), self.p))
        elif not self.is_vacant and leaves_post(leaving, self.p):
            self.leave(week + vacancy_weeks(gap, self.p))
        if week >= self.sick_until and falls_sick(sick, self.p):
            self.sick_until = week + sickness_weeks(spell, self.p)
        self.open_week(rounding)
        self.plan_diary_week(week + AHEAD)

    def fill(self, quality: Any) -> None:
        """A new worker takes the post and meets the caseload."""
        self.vacant_until = FILLED
        self.incumbent += 1
        self.quality = quality
        for ego in self.model.egos:
            line = ego.lines[self.line]
            if line.worker is self and ego.on_caseload > ZERO:
                line.meet_new_worker()

    def leave(self, until: int) -> None:
        """The worker leaves; every tie with that worker ends by turnover."""
        self.vacant_until = until
        self.model.record(-1, Event.WORKER_LEFT, 0, self.role, Cause.TURNOVER, self.number)
        for ego in self.model.egos:
            line = ego.lines[self.line]
            if line.worker is self:
                line.part(Cause.TURNOVER)

    def open_week(self, rounding: Any) -> None:
        """The room there is for visits this week."""
        week, per_fte = self.model.week, self.p.lines[self.line].capacity
        capacity = whole(self.capacity(vacant=self.is_vacant), rounding)
        at_work = week >= self.sick_until and self.diary_of(week).leave == ZERO
        self.room = f4(capacity) if at_work else ZERO
        self.model.count(self.line, "capacity_gross", self.fte * per_fte)
        self.model.count(self.line, "capacity_net", self.room)

    def capacity(self, *, vacant: bool) -> Any:
        """Visit units a week at work, or covered by others while the post is vacant."""
        per_fte = self.p.lines[self.line].capacity
        return post_capacity(self.fte, per_fte, ONE if vacant else ZERO, self.p)

    # 5. visits -------------------------------------------------------------------------------

    def first_room(self, first: int, units: Any) -> int | None:
        """The first week from `first` on whose diary takes the visit; None if none does.

        The limit of a week is the filled share of expected capacity, rounded by that week's draw.
        """
        last = min(first + int(self.p.service_diary_slip), self.model.week + AHEAD - 1)
        fill = self.p.lines[self.line].diary_fill
        for week in range(first, last + 1):
            expected = fill * self.capacity(vacant=self.vacant_until > week)
            page = self.diary_of(week)
            limit = f4(whole(expected, page.rounding))
            if page.leave == ZERO and page.booked + units <= limit:
                return week
        return None
