"""The illness of one ego: episodes, severity, and what episodes bring with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.world.arithmetic import ONE, ZERO, f4, soft_normal
from sim.world.kinds import Event, Line
from sim.world.rules.early import length_if_caught
from sim.world.rules.exchange import care_excess
from sim.world.rules.feelings import service_trust_after
from sim.world.rules.illness import (
    cumulative_onset,
    episode_peak,
    episode_starts,
    episode_weeks,
    is_admitted,
    onset_hazard,
    recovery_step,
    severity_after,
    severity_target,
)
from sim.world.rules.life import upheaval_factor
from sim.world.rules.treatment import hazard_ratio_off, protection_lost
from sim.world.streams import Stream
from sim.world.twin.care import Care


class Illness(Care):
    """The part of an ego that is its illness."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...

    def illness_week(self) -> None:
        """An episode goes on or ends, or one may start; severity moves."""
        onset, *noise = self.draw(Stream.ILLNESS)
        u_keep, u_crisis, u_notice, u_act = self.draw(Stream.CARE)
        *_, first = self.draw(Stream.OTHER_FORMATION)
        demand = care_excess(self.care, self.p)
        self.treatment_week(u_keep)
        self.weeks_since_onset += ONE
        if self.acute > ZERO:
            self.recover()
        else:
            self.stay_well(onset, u_notice, u_act, demand)
        target = severity_target(
            self.base_severity, self.acute, self.peak, demand, self.understood, self.engagement,
            self.p,
        )  # fmt: skip
        self.severity = severity_after(self.severity, target, soft_normal(first, *noise), self.p)
        self.crisis_week(u_crisis)

    def recover(self) -> None:
        """One more week of an episode."""
        self.progress += recovery_step(self.constricting, self.understood, self.p)
        if self.progress >= self.duration:
            self.end_episode()

    def stay_well(self, u_onset: Any, u_notice: Any, u_act: Any, demand: Any) -> None:
        """One more week without an episode, unless one starts or announces itself."""
        self.weeks_well += ONE
        risk = cumulative_onset(self.weeks_well, self.bipolar, self.p)
        hazard = onset_hazard(risk - self.onset_hazard_so_far, self.frailty, demand, self.p)
        ratio = hazard_ratio_off(self.bipolar, self.p)
        hazard *= protection_lost(self.treated, self.weeks_off, ratio, self.p)
        hazard *= upheaval_factor(self.upheaval, self.p)
        self.onset_hazard_so_far = risk
        if self.warning_left > ZERO:
            self.pass_warning(u_notice, u_act)
        elif episode_starts(u_onset, hazard):
            self.announce_episode()

    def start_episode(self) -> None:
        """An episode begins: its length and depth, and whether the ego constricts.

        Admission too, unless crises decide it.
        """
        p = self.p
        self.episode += ONE
        length, depth, admitted, coerced = self.draw_at(Stream.EPISODE, int(self.episode), 0)
        self.acute = ONE
        self.progress = ZERO
        self.weeks_since_onset = ZERO
        self.warning_left = self.noticed = self.stayed = ZERO
        self.duration = episode_weeks(length, p) * length_if_caught(self.caught, p)
        self.peak = episode_peak(depth, p)
        self.tell(Event.EPISODE_START)
        if p.crisis_hazard == ZERO and is_admitted(admitted, p):
            self.be_admitted(coerced)
        if self.constrictor > ZERO and p.constriction_switch > ZERO:
            self.constrict()

    def end_episode(self) -> None:
        """An episode ends; the clock of the next one starts anew."""
        self.acute = self.constricting = self.caught = ZERO
        self.weeks_well = self.onset_hazard_so_far = ZERO
        self.tell(Event.EPISODE_END)

    def suffer_coercion(self) -> None:
        """The psychiatrist loses most trust, every other professional some, services too."""
        self.service_trust = service_trust_after(self.service_trust, ONE, self.p)
        for tie in self.ties:
            if tie.is_professional:
                direct = tie is self.lines[Line.PSYCHIATRIST].tie
                tie.suffer_coercion(ONE if direct else ZERO)
        self.tell(Event.COERCION)

    def constrict(self) -> None:
        """The ego falls back on its core, the few most important people it has."""
        importance = [tie.importance * tie.human * tie.active for tie in self.ties]
        self.core = f4(2)
        for _ in range(int(self.p.constriction_core_size)):
            self.core = max((x for x in importance if ZERO < x < self.core), default=ZERO)
        self.constricting = ONE
        self.tell(Event.CONSTRICTION)
