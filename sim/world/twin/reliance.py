"""Whom one ego can count on: visits needed and kept, help of staff and others, insecurity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.world.arithmetic import ONE, ZERO
from sim.world.kinds import Group, Line
from sim.world.rules.feelings import running_mean
from sim.world.rules.reliance import (
    formal_security,
    informal_security,
    insecurity_now,
    needed_units,
    often_enough,
    promise_kept,
)

LAY = (Group.PARTNER, Group.KIN, Group.YOUNG_KIN, Group.FRIEND)


class Reliance:
    """The part of an ego that takes stock of those it can count on."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...

    def reliance_week(self) -> None:
        """Visits needed and kept, help of staff and of others, and whether one can count on any."""
        self.compare_with_need()
        self.take_stock_of_help()
        self.count_on()

    def compare_with_need(self) -> None:
        """Units of visits needed this week, and whether visits come often enough lately."""
        p, needed = self.p, ZERO
        fresh = self.acute > ZERO and self.weeks_since_onset < p.illness_intensity_weeks
        for line in self.lines:
            if line.usual > ZERO:
                units = needed_units(
                    line.units, line.usual, line.usual_acute, ONE if fresh else ZERO
                )
                line.count("needed", units)
                needed += units
        self.needed += needed
        self.needed_lately = running_mean(self.needed_lately, needed, p.service_enough_share)
        self.kept_lately = running_mean(self.kept_lately, self.seen, p.service_enough_share)
        self.enough = often_enough(self.kept_lately, self.needed_lately)

    def take_stock_of_help(self) -> None:
        """What partner, kin and friends give, and what staff give and used to give."""
        p, staff = self.p, ZERO
        for line in self.lines:
            staff += line.tie.helped if line.tie else ZERO
        lay = self.sum_over(lambda tie: tie.helped if tie.group in LAY else ZERO)
        self.lay_help = running_mean(self.lay_help, lay, p.takeover_lately_share)
        self.staff_lately = running_mean(self.staff_lately, staff, p.takeover_lately_share)
        self.staff_usual = running_mean(self.staff_usual, staff, p.takeover_usual_share)

    def count_on(self) -> None:
        """How little there is to count on."""
        promised = self.sum_over(
            lambda tie: tie.anticipated * (tie.active if tie.group in LAY else ZERO)
        )
        ties = [self.lines[line].tie for line in (Line.PSYCHIATRIST, Line.COORDINATOR)]
        worker = max((tie for tie in ties if tie), key=lambda tie: tie.known, default=None)
        self.worker_trust = worker.trust if worker else ZERO
        informal = informal_security(promised, self.p)
        promise = promise_kept(self.weeks_since_kept, self.usual_interval)
        formal = formal_security(self.worker_trust, promise, self.p)
        now = insecurity_now(informal, formal)
        self.insecurity = running_mean(self.insecurity, now, self.p.insecurity_share)
