"""What befalls an ego from outside, and with whom it lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.world.arithmetic import ONE, ZERO
from sim.world.kinds import Cause, Event, Group, Household, Kind
from sim.world.rules.endings import is_struck
from sim.world.rules.life import (
    befalls,
    benefits_hazard,
    home_hazard,
    moving_hazard,
    work_hazard,
)
from sim.world.streams import Stream
from sim.world.twin.people import has_members, is_member

if TYPE_CHECKING:
    from sim.world.twin.tie import Tie


class Life:
    """The part of an ego that is its household, work and home."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...

    # household -------------------------------------------------------------------------------

    def live_with(self, household: Household) -> None:
        """Live with others than before; whom one meets daily changes with them."""
        self.household = int(household)
        for tie in self.ties:
            tie.take_parameters()

    def miss_at_home(self, tie: Tie) -> None:
        """Somebody is gone or out of touch; who has lost all of the household lives alone."""
        if is_member(tie, self.household) and not has_members(self.household, self.ties):
            self.live_with(Household.ALONE)

    def may_move_in(self, partner: Tie) -> None:
        """A new partner: some move in together at once."""
        u, *_ = self.draw(Stream.LIFE, partner.identity)
        if u < self.p.household_partner:
            self.live_with(Household.PARTNER)

    # events ----------------------------------------------------------------------------------

    def befall(self) -> None:
        """Whether anything happens this week, and what."""
        p = self.p
        if p.life_switch == ZERO:
            return
        self.upheaval = max(self.upheaval - ONE, ZERO)
        u, u_what, *_ = self.draw(Stream.LIFE, -1)
        moving, work = moving_hazard(self.settled, p), work_hazard(self.employed, p)
        home = home_hazard(self.settled, p)
        hazard = moving + work + home + benefits_hazard(self.employed, p)
        if not befalls(u, hazard):
            return
        place = u_what * hazard
        if place < moving:
            self.tell(Event.MOVE)
            self.leave_neighbourhood()
            self.suffer(p.life_move_hurt)
        elif place < moving + work:
            self.turn_of_work()
        elif place < moving + work + home:
            self.turn_of_home()
        else:
            self.suffer(p.life_benefits_hurt)
            self.tell(Event.BENEFITS_STOPPED)

    def suffer(self, hurt: Any) -> None:
        """A step down in wellbeing, and weeks of upheaval."""
        self.impact -= hurt
        self.upheaval = self.p.life_weeks

    def turn_of_work(self) -> None:
        """Work is found, or lost with some of those met there."""
        had = self.employed > ZERO
        self.employed = ZERO if had else ONE
        self.tell(Event.WORK_LOST if had else Event.WORK_FOUND)
        if had:
            self.leave_behind(Kind.ACQUAINTANCE, self.p.life_work_ties, Cause.JOB_LOST)
            self.suffer(self.p.life_work_hurt)

    def turn_of_home(self) -> None:
        """Settled housing is found or lost, which is a move."""
        had = self.settled > ZERO
        self.settled = ZERO if had else ONE
        here, there = Household.ALONE, Household.OTHERS
        if self.household == (here if had else there):
            self.household = int(there if had else here)
        self.tell(Event.HOME_LOST if had else Event.HOME_FOUND)
        self.leave_neighbourhood()
        if had:
            self.suffer(self.p.life_home_hurt)

    def leave_neighbourhood(self) -> None:
        """Neighbours are lost, and some friends fall out of touch."""
        self.leave_behind(Kind.NEIGHBOUR, self.p.life_move_neighbours, Cause.MOVED)
        for tie in self.ties:
            if tie.group == Group.FRIEND and tie.active > ZERO:
                u, *_ = self.draw(Stream.LIFE, tie.identity)
                if is_struck(u, self.p.life_move_friends):
                    tie.turn(dormant=True)
                    self.tell(Event.TIE_DORMANT, tie.identity, tie.kind)

    def leave_behind(self, kind: Kind, share: Any, cause: Cause) -> None:
        """A share of the ties of a kind end."""
        for tie in self.ties:
            if tie.kind == kind:
                u, *_ = self.draw(Stream.LIFE, tie.identity)
                if is_struck(u, share):
                    self.churn += ONE
                    self.end_tie(tie, cause)
