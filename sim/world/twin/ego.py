"""An ego: a service user, whose network it is."""

from __future__ import annotations

from functools import partial
from typing import Any

import mesa
import numpy as np

from sim.world.arithmetic import ONE, TINY, ZERO, f4, soft_normal
from sim.world.kinds import Cause, Event, Group, Line
from sim.world.rules.exchange import need_for_help
from sim.world.rules.feelings import (
    guilt_after,
    remorse_after,
    running_mean,
    service_trust_after,
    weariness_after,
)
from sim.world.rules.illness import dies, first_crisis_rally
from sim.world.rules.reliance import more_asked
from sim.world.rules.services import is_discharged, is_reassigned, is_referred
from sim.world.rules.wellbeing import (
    churn_after,
    coverage,
    support_value,
    unmet_need,
    wellbeing_after,
    wellbeing_target,
)
from sim.world.rules.work import withdrawal_level, work_capacity, work_share
from sim.world.state import EGO_COLUMNS
from sim.world.streams import WEEK_OFFSET, Stream, uniforms
from sim.world.twin.illness import Illness
from sim.world.twin.network import Network
from sim.world.twin.parameters import Parameters
from sim.world.twin.reliance import LAY, Reliance
from sim.world.twin.tie import Tie
from sim.world.twin.visits import ServiceLine

COUNTED = ("blocks", "dormant")
"""Columns that the twin counts when asked, and so need not keep."""


def help_of_kind(function: str, tie: Tie) -> Any:
    """The worth of help in a tie this week as far as it serves a function of support."""
    return tie.worth * getattr(tie, f"f_{function}")


class Ego(Network, Illness, Reliance, mesa.Agent):
    """A service user, from week to week.

    Beside those below, the attributes are the columns of `sim.world.state`, EGO_COLUMNS:
    np.float32, or int for those that are.

    Attributes
    ----------
    number : int
        Place in the team's caseload, from 0.
    p : Parameters
        The parameters that hold for this ego now.
    lines : list of ServiceLine
        Psychiatrist, co-ordinator, support worker.
    slots : list of Tie or None
        The network; `ties` are those that exist.
    """

    def __init__(self, model: Any, number: int) -> None:
        super().__init__(model)
        self.number = number
        self.p: Parameters = model.first_parameters
        self.slots = []
        self.lines = [ServiceLine(self, line) for line in Line]
        for name, kind, _ in EGO_COLUMNS:
            if name not in COUNTED:
                setattr(self, name, ZERO if kind is np.float32 else 0)

    # draws and records -----------------------------------------------------------------------

    def draw(self, stream: Stream, which: int = 0) -> tuple:
        """Four uniforms of this ego and week."""
        return self.draw_at(stream, self.model.week + WEEK_OFFSET, which)

    def draw_at(self, stream: Stream, when: int, which: int) -> tuple:
        """Four uniforms of this ego at an address that need not be of this week."""
        return uniforms(stream, self.address, when, which, self.model.key)

    def tell(
        self, event: Event, identity: int = 0, kind: int = 0, cause: int = 0, post: int = -1
    ) -> None:
        """Add to the list of what happened."""
        self.model.record(self.number, event, identity, kind, cause, post)

    def take_parameters(self, p: Parameters) -> None:
        """Live under these parameters from now on."""
        self.p = p
        for tie in self.ties:
            tie.take_parameters()

    def grow_older(self) -> None:
        """A year is over: hazards that depend on how old alters are begin anew."""
        self.take_parameters(self.p)

    # 3. caseload -----------------------------------------------------------------------------

    def caseload_week(self) -> None:
        """Death, discharge, another named worker, or referral back."""
        if self.alive == ZERO:
            return
        u_death, u_discharge, u_referral, u_change = self.draw(Stream.CASELOAD)
        if dies(u_death, self.p):
            self.die()
        elif self.on_caseload > ZERO:
            long_ago = self.weeks_since_onset >= self.p.service_settled_weeks
            settled = ONE - self.acute if long_ago else ZERO
            if is_discharged(u_discharge, settled, self.p):
                self.leave_services(Cause.DISCHARGE)
                self.tell(Event.DISCHARGE)
            elif is_reassigned(u_change, self.p):
                self.lines[Line.COORDINATOR].reassign()
        elif self.in_crisis > ZERO or is_referred(u_referral, self.acute, self.p):
            self.return_to_services()

    def die(self) -> None:
        """Services stop and every tie ends, dormant ones too."""
        self.leave_services(Cause.EGO_DIED)
        for tie in self.ties:
            self.end_tie(tie, Cause.EGO_DIED)
        self.alive = self.acute = ZERO
        self.warning_left = self.noticed = self.caught = ZERO
        self.in_crisis = self.acute_care_left = self.ward_days = ZERO
        self.tell(Event.DEATH)

    def leave_services(self, cause: Cause) -> None:
        """Every line of service ends; visits in the diary are given back."""
        self.on_caseload = ZERO
        for line in self.lines:
            line.part(cause)
            line.give_back()
            line.worker = None

    def return_to_services(self) -> None:
        """Back to the team, with a worker on each line the ego is entitled to."""
        self.on_caseload = ONE
        self.tell(Event.REFERRAL)
        for line in self.lines:
            line.refer()

    # 6. contact ------------------------------------------------------------------------------

    def contact_week(self) -> None:
        """Work is shared out over ties; who is met, and what passes."""
        self.spend_capacity()
        self.meet()
        self.exchange_help()
        self.exchange_words()

    def spend_capacity(self) -> None:
        """What the ego can do, what its ties would need, and so the share of the work it does."""
        needed = self.sum_over(lambda tie: tie.work_needed())
        self.capacity = work_capacity(self.base_capacity, self.severity, self.p)
        self.share = work_share(self.capacity, needed)
        self.level = withdrawal_level(self.acute, self.severity, self.challenged, self.p)

    def meet(self) -> None:
        """Contact this week, by the ego's own doing or because a visit was kept."""
        for tie in self.ties:
            tie.meet()

    def exchange_help(self) -> None:
        """The ego asks, the most useful first in mind; alters offer; help is given."""
        need = need_for_help(self.severity, self.self_capacity, self.p)
        rally = first_crisis_rally(self.weeks_since_onset, self.episode, self.p)
        best = max((tie.effectiveness() for tie in self.ties), default=ZERO)
        relative = ONE / (best + TINY)
        more = more_asked(self.staff_usual, self.staff_lately, self.lay_help, self.p)
        for tie in self.ties:
            tie.exchange_help(need, relative, rally, more if tie.group in LAY else ONE)

    def exchange_words(self) -> None:
        """What the ego confides, and what it is asked for and gives."""
        for tie in self.ties:
            tie.exchange_words()

    # 7. feelings -----------------------------------------------------------------------------

    def feelings_week(self) -> None:
        """What ties feel like from now on."""
        for tie in self.ties:
            tie.feel()
            tie.remember()

    # 8. ego ----------------------------------------------------------------------------------

    def ego_week(self) -> None:
        """What the week adds up to."""
        self.functions_week()
        self.company_week()
        self.reliance_week()
        self.support_week()

    def functions_week(self) -> None:
        """How far each of the five functions of support was met lately."""
        share = self.p.wellbeing_function_share
        for function in ("emotional", "practical", "illness", "advocacy", "distraction"):
            met = self.sum_over(partial(help_of_kind, function))
            setattr(self, function, running_mean(getattr(self, function), met, share))

    def company_week(self) -> None:
        """Contact with kin, groups and things; what kin were given; guilt and remorse."""
        kin_met = self.sum_over(lambda tie: tie.contacted * tie.kinship)
        burden = self.sum_over(lambda tie: tie.load * tie.kinship)
        groups = self.sum_over(lambda tie: tie.contacted * tie.sociable)
        things = self.sum_over(lambda tie: tie.contacted * (ONE - tie.human))
        self.care = self.sum_over(lambda tie: tie.given * tie.kinship)
        share = self.p.feelings_contact_share
        self.engagement = running_mean(self.engagement, things, share)
        self.groups = running_mean(self.groups, groups, share)
        self.challenged = min(running_mean(self.challenged, self.trusted_visits, share), ONE)
        self.guilt = guilt_after(self.guilt, burden, self.remorse, self.acute, self.p)
        self.remorse = remorse_after(self.remorse, self.acute, self.severity, kin_met, self.p)

    def support_week(self) -> None:
        """The worth of this week's help, the need it left, and wellbeing."""
        p = self.p
        received = self.sum_over(lambda tie: tie.helped * tie.human)
        understood = self.sum_over(lambda tie: tie.helped * tie.human * tie.understanding)
        people_met = self.sum_over(lambda tie: tie.contacted * tie.human)
        self.contacts += people_met
        self.understood = running_mean(self.understood, understood, p.feelings_understood_share)
        need = need_for_help(self.severity, self.self_capacity, p)
        self.unmet = unmet_need(need, received)
        self.service_trust = service_trust_after(self.service_trust, ZERO, p)
        self.workers_met = weariness_after(self.workers_met, p)
        noise = soft_normal(*self.draw(Stream.WELLBEING))
        self.wellbeing = wellbeing_after(
            self.wellbeing + self.impact, self.wellbeing_target(people_met), noise, p
        )
        self.churn = churn_after(self.churn, ZERO, p)
        self.impact = ZERO

    def wellbeing_target(self, people_met: Any) -> Any:
        """Where wellbeing is drawn to after a week like this one."""
        p = self.p
        valued = self.sum_over(lambda tie: tie.worth)
        tension = self.sum_over(lambda tie: tie.contacted * tie.strain) / (people_met + ONE)
        covered = coverage(
            self.emotional, self.practical, self.illness, self.advocacy, self.distraction, p
        )
        return wellbeing_target(
            self.base_wellbeing, support_value(valued, p), covered, self.groups, self.severity,
            self.guilt, tension, self.churn, self.directive, self.insecurity, p,
        )  # fmt: skip

    # 11. record ------------------------------------------------------------------------------

    def weekly_row(self) -> list:
        """The ego's row of this week, in the order of `state.WEEKLY_COLUMNS`."""
        together = (
            (Group.PARTNER,),
            (Group.KIN, Group.YOUNG_KIN),
            (Group.FRIEND,),
            (Group.WEAK,),
            range(Group.PSYCHIATRIST, Group.OBJECT),
            (Group.OBJECT,),
        )
        active = [tie.group for tie in self.ties if tie.active > ZERO]
        counts = [f4(sum(group in groups for group in active)) for groups in together]
        state = [self.wellbeing, self.severity, self.acute, self.guilt, self.capacity, self.share]
        return [*state, *counts, self.contacts, self.kept, self.cancelled, self.missed]
