"""The network of one ego: its slots, how ties begin and end, and their fate in a week."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.world.arithmetic import NO_LANES, ONE, ZERO, across, add_lanes
from sim.world.kinds import Cause, Channel, Event, Group, Kind
from sim.world.rules.endings import is_struck, share_cut_by_alter, share_cut_by_ego
from sim.world.rules.formation import (
    confidence_factor,
    crisis_factor,
    diversifying_factor,
    forms,
    weak_tie_factor,
)
from sim.world.rules.illness import first_crisis, first_crisis_rally, in_aftermath
from sim.world.rules.life import grief
from sim.world.rules.lifetimes import share_averted, share_died
from sim.world.rules.people import standing_factor
from sim.world.rules.wellbeing import impact_of_ending
from sim.world.state import LANES
from sim.world.streams import Stream
from sim.world.twin.birth import kin_births, tie_identity
from sim.world.twin.family import rate_of_dying
from sim.world.twin.tie import Tie

if TYPE_CHECKING:
    from sim.world.twin.professional import Professional

NOT_OF_THIS_RUN = -9999
"""The week a tie of the initial population began."""


class Network:
    """The part of an ego that is its network.

    Attributes
    ----------
    slots : list of Tie or None
        In blocks of eight; a new tie takes the lowest free slot, and keeps it.
    """

    slots: list[Tie | None]

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...

    @property
    def ties(self) -> list[Tie]:
        """Every tie, active or dormant, in the order of slots."""
        return [tie for tie in self.slots if tie is not None]

    @property
    def blocks(self) -> int:
        """Blocks of eight slots in use."""
        return len(self.slots) // LANES

    @property
    def dormant(self) -> int:
        """Ties out of touch."""
        return sum(int(tie.dormant) for tie in self.ties)

    @property
    def has_partner(self) -> bool:
        """Whether there is a partner, in touch or not."""
        return any(tie.group == Group.PARTNER for tie in self.ties)

    def sum_over(self, of: Callable[[Tie], Any]) -> Any:
        """A sum over ties, added up in the order of the kernel: eight lanes, then across them.

        float32 sums depend on their order, so the order is part of the model.
        """
        lanes = NO_LANES
        for start in range(0, len(self.slots), LANES):
            block = self.slots[start : start + LANES]
            lanes = add_lanes(lanes, [ZERO if tie is None else of(tie) for tie in block])
        return across(lanes)

    # beginnings and endings ------------------------------------------------------------------

    def begin_tie(
        self,
        group: int,
        identity: int,
        *,
        kind: int | None = None,
        worker: Professional | None = None,
        survivor: Any = ZERO,
        known: Any = ZERO,
        born: int | None = None,
    ) -> Tie:
        """A new tie in the lowest free slot.

        `survivor` is 1 for a tie alive at the start, whose strength is that of ties that last;
        `kind` is drawn if it is not given.
        """
        tie = self.model.tie_class(self)
        tie.begin(group, kind, identity, worker, survivor, known)
        tie.born = self.model.week if born is None else born
        if None not in self.slots:
            self.slots += [None] * LANES
        self.slots[self.slots.index(None)] = tie
        self.tell(Event.TIE_BEGAN, identity, tie.kind, post=tie.post)
        return tie

    def end_tie(self, tie: Tie, cause: Cause) -> None:
        """A tie ends, of one cause; its slot is free again."""
        self.tell(Event.TIE_ENDED, tie.identity, tie.kind, cause, tie.post)
        self.slots[self.slots.index(tie)] = None
        for line in self.lines:
            if line.tie is tie:
                line.tie = None
        while self.slots and not any(self.slots[-LANES:]):
            del self.slots[-LANES:]
        self.miss_at_home(tie)

    # fate ------------------------------------------------------------------------------------

    def fate_week(self) -> None:
        """Each tie ends, falls dormant, is taken up again, or stays what it is."""
        aftermath = in_aftermath(self.weeks_since_onset, self.p)
        rally = first_crisis_rally(self.weeks_since_onset, self.episode, self.p)
        for tie in self.ties:
            if not tie.changes(aftermath, rally):
                continue
            dormant = tie.dormant > ZERO
            if not tie.ends(aftermath):
                tie.turn(dormant=not dormant)
                event = Event.TIE_REVIVED if dormant else Event.TIE_DORMANT
                self.tell(event, tie.identity, tie.kind)
            elif dormant:
                self.lose_tie(tie, self.cause_of_ending(tie, ONE, ZERO, ZERO))
            else:
                self.end_active_tie(tie, aftermath)

    def end_active_tie(self, tie: Tie, aftermath: Any) -> None:
        """An active tie ends of some cause, or, where people die by age, does not after all.

        What strains a tie multiplies the hazard of its ending, not of dying.
        """
        u, *_ = self.draw(Stream.FATE, tie.identity)
        spared = ZERO
        if self.p.mortality_switch > ZERO:
            deaths, ending = rate_of_dying(tie), tie.hazard_of_ending(aftermath)
            died = share_died(deaths, ending)
            spared = died + share_averted(deaths, tie.end_rate, ending)
            if u < spared:
                if u < died:
                    self.lose_tie(tie, Cause.BEREAVEMENT)
                return
            u = (u - spared) / (ONE - spared)
        self.lose_tie(tie, self.cause_of_ending(tie, u, tie.outside, aftermath))

    def lose_tie(self, tie: Tie, cause: Cause) -> None:
        """A tie ends of one cause, with what that does to the ego."""
        if tie.group in (Group.FRIEND, Group.WEAK):
            by_ego = ONE if cause == Cause.EGO_CUT else ZERO
            by_alter = ONE if cause == Cause.ALTER_CUT else ZERO
            self.impact += impact_of_ending(by_ego, by_alter, tie.strain, self.p)
        if cause == Cause.BEREAVEMENT and self.p.life_switch > ZERO:
            self.suffer(grief(ONE, tie.closeness, self.p))
        self.churn += ONE
        self.end_tie(tie, cause)

    def cause_of_ending(self, tie: Tie, u: Any, outside: Any, aftermath: Any) -> Cause:
        """The one cause of an ending, by group and circumstance; deaths only by their share."""
        p = self.p
        if tie.group == Group.OBJECT:
            return Cause.GIVEN_UP
        if tie.group == Group.OUTSIDE:
            return Cause.CASE_CLOSED
        if tie.group <= Group.YOUNG_KIN and p.mortality_switch == ZERO:
            if u < p.ending_bereavement_share:
                return Cause.BEREAVEMENT
            u = (u - p.ending_bereavement_share) / (ONE - p.ending_bereavement_share)
        by_ego = share_cut_by_ego(outside, aftermath, tie.strain, p)
        if u < by_ego:
            return Cause.EGO_CUT
        by_alter = (ONE - by_ego) * share_cut_by_alter(outside, aftermath, p)
        return Cause.ALTER_CUT if u < by_ego + by_alter else Cause.DRIFT

    # formation -------------------------------------------------------------------------------

    def formation_week(self) -> None:
        """New ties: kin, friends, weak ties, professionals outside the team, things, a partner."""
        u_partner, u_kin, u_friend, u_weak = self.draw(Stream.FORMATION)
        u_outside, u_object, u_young, _ = self.draw(Stream.OTHER_FORMATION)
        wider = diversifying_factor(self.diversifier, self.unmet, self.p)
        fresh = first_crisis(self.weeks_since_onset, self.episode, self.p)
        crisis = crisis_factor(fresh, self.p)
        weakly = self.confidence(Group.WEAK) * weak_tie_factor(self.groups, self.p) * wider
        weakly = weakly * standing_factor(self.employed, self.settled, self.p)
        kin_rate, young = kin_births(self.p)
        friendly = self.confidence(Group.FRIEND) * crisis
        if forms(u_kin, kin_rate, self.set_kin, crisis):
            group = Group.YOUNG_KIN if u_young < young else Group.KIN
            married = group == Group.KIN and self.p.family_switch > ZERO
            self.find(group, Channel.KIN, Kind.OTHER_KIN if married else None)
        if self.forms(Group.FRIEND, u_friend, self.set_friend, friendly):
            self.find(Group.FRIEND, Channel.FRIEND)
        if self.forms(Group.WEAK, u_weak, self.set_weak, weakly * crisis):
            self.find(Group.WEAK, Channel.WEAK)
        if self.forms(Group.OUTSIDE, u_outside, self.set_outside, ONE):
            self.find(Group.OUTSIDE, Channel.OUTSIDE)
        if self.forms(Group.OBJECT, u_object, self.set_object, wider):
            self.find(Group.OBJECT, Channel.OBJECT)
        courting = self.confidence(Group.PARTNER)
        if self.forms(Group.PARTNER, u_partner, ONE, courting) and not self.has_partner:
            self.may_move_in(self.find(Group.PARTNER, Channel.PARTNER))

    def confidence(self, group: Group) -> Any:
        """The factor illness puts on new ties of a group."""
        aftermath = in_aftermath(self.weeks_since_onset, self.p)
        return confidence_factor(aftermath, self.p.ties[group].confidence, self.p)

    def forms(self, group: Group, u: Any, set_point: Any, factor: Any) -> bool:
        """Whether a tie of this group begins this week."""
        return bool(forms(u, self.p.ties[group].formation, set_point, factor))

    def find(self, group: Group, channel: Channel, kind: Kind | None = None) -> Tie:
        """Begin a tie this week through a channel."""
        return self.begin_tie(group, tie_identity(self.model.week, channel), kind=kind)

    # what a scenario forces ------------------------------------------------------------------

    def close_places(self, share: Any) -> None:
        """A drop-in closes: the stated share of ties to groups and places end."""
        for tie in self.ties:
            if tie.kind in (Kind.GROUP, Kind.PLACE):
                u, *_ = self.draw(Stream.SHOCK_SHARE, tie.identity)
                if is_struck(u, share):
                    self.end_tie(tie, Cause.CLOSURE)

    def link(self) -> None:
        """The ego is linked to a group and an activity near by."""
        self.find(Group.OBJECT, Channel.LINK_GROUP, Kind.GROUP)
        self.find(Group.OBJECT, Channel.LINK_ACTIVITY, Kind.ACTIVITY)

    def leave_link(self, linked: int) -> None:
        """The ego stops: what is left of the ties of the link of a week ends."""
        channels = (Channel.LINK_GROUP, Channel.LINK_ACTIVITY)
        theirs = {tie_identity(linked, channel) for channel in channels}
        for tie in self.ties:
            if tie.identity in theirs:
                self.churn += ONE
                self.end_tie(tie, Cause.GIVEN_UP)
