"""What treatment, early warning and crisis care do in the life of one ego."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.kinds import Event, Group
from sim.world.rules.crisis import (
    breaks_down,
    crisis_hazard_ill,
    crisis_hazard_well,
    has_nobody,
    is_admitted_in_crisis,
    stay_days,
)
from sim.world.rules.early import (
    chance_of_action,
    is_acted_upon,
    is_averted,
    is_noticed,
    returns_to_treatment,
    warning_weeks,
)
from sim.world.rules.illness import is_coerced
from sim.world.rules.treatment import (
    overdue,
    relative_trust,
    restart_hazard,
    restarts_in_hospital,
    restarts_treatment,
    stop_hazard,
    stops_treatment,
)
from sim.world.streams import Stream

OF_WARNING = 2  # marks the draws of an episode that announces itself
DAYS_A_WEEK = f4(7)


class Care:
    """The part of an ego that is its treatment and what is done when it falls ill."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...

    # treatment -------------------------------------------------------------------------------

    def treatment_week(self, u: Any) -> None:
        """Treatment goes on, is stopped, or is taken up again."""
        self.weeks_since_kept += ONE
        self.overdue = overdue(self.weeks_since_kept, self.usual_interval, self.on_caseload, self.p)
        trust = relative_trust(self.worker_trust, self.p)
        if self.treated > ZERO:
            self.weeks_treated += ONE
            hazard = stop_hazard(trust, self.overdue, self.severity, self.weeks_treated, self.p)
            if stops_treatment(u, hazard):
                self.treated = self.weeks_off = ZERO
                self.tell(Event.TREATMENT_STOP)
        else:
            self.weeks_off += ONE
            seen = self.acute > ZERO and self.weeks_since_kept == ONE
            hazard = restart_hazard(trust, self.overdue, self.p)
            if restarts_treatment(u, hazard, ONE if seen else ZERO, self.p):
                self.take_treatment()

    def take_treatment(self) -> None:
        """Back on treatment."""
        self.treated, self.weeks_treated = ONE, ZERO
        self.tell(Event.TREATMENT_RESTART)

    # warning ---------------------------------------------------------------------------------

    def announce_episode(self) -> None:
        """The first signs of an episode, which starts at once if it gives no warning."""
        u, *_ = self.draw_at(Stream.EPISODE, int(self.episode) + 1, OF_WARNING)
        weeks = warning_weeks(u, self.p)
        if weeks == 0:
            self.start_episode()
        else:
            self.warning_left = f4(weeks)
            self.tell(Event.WARNING)

    def pass_warning(self, u_notice: Any, u_act: Any) -> None:
        """One more week of warning, at the end of which the episode starts, unless averted."""
        if self.noticed == ZERO and is_noticed(u_notice, self.unseen):
            self.noticed = ONE
            self.tell(Event.NOTICED)
            self.act_in_time(u_act)
        if self.warning_left > ZERO:
            self.warning_left -= ONE
            if self.warning_left == ZERO:
                self.start_episode()

    @property
    def unseen(self) -> Any:
        """The chance that nobody who was with the ego last week has noticed."""
        left = ONE
        for tie in self.ties:
            for chance in tie.chances_of_seeing():
                left *= ONE - chance
        return left

    def act_in_time(self, u: Any) -> None:
        """Something is done about the signs, or not."""
        action = chance_of_action(self.overdue, self.on_caseload, self.p)
        if not is_acted_upon(u, action):
            return
        _, u_back, *_ = self.draw_at(Stream.EPISODE, int(self.episode) + 1, OF_WARNING)
        if self.treated == ZERO and returns_to_treatment(u_back, self.p):
            self.take_treatment()
        if is_averted(u, action, self.p):
            self.warning_left = self.noticed = ZERO
            self.tell(Event.AVERTED)
        else:
            self.caught = ONE

    # crisis ----------------------------------------------------------------------------------

    def crisis_week(self, u: Any) -> None:
        """A crisis may come; who is in hospital stays for another week."""
        self.in_crisis = ZERO
        if self.acute_care_left == ZERO and breaks_down(u, self.hazard_of_crisis):
            self.in_crisis = ONE
            self.crises += ONE
            self.stayed = self.acute
            self.tell(Event.CRISIS)
            self.be_taken_in()
        self.ward_days = min(self.acute_care_left, DAYS_A_WEEK)
        if self.ward_days > ZERO:
            self.hospital_days += self.ward_days
            self.acute_care_left -= self.ward_days
            self.weeks_since_kept = ZERO
            if self.acute_care_left == ZERO:
                self.leave_hospital()

    @property
    def hazard_of_crisis(self) -> Any:
        """Weekly hazard of a crisis, in an episode or without one."""
        p = self.p
        partners = self.number_in_touch(Group.PARTNER)
        if self.acute > ZERO:
            alone = ONE if partners == 0 else ZERO
            return crisis_hazard_ill(
                self.weeks_since_onset, alone, self.overdue, self.stayed, self.caught,
                self.prone, p,
            )  # fmt: skip
        nobody = has_nobody(f4(partners), f4(self.number_in_touch(Group.KIN, Group.FRIEND)), p)
        return crisis_hazard_well(nobody, self.overdue, self.prone, p)

    def number_in_touch(self, *groups: Group) -> int:
        """Ties of some groups that are not dormant."""
        return sum(tie.group in groups and tie.active > ZERO for tie in self.ties)

    def be_taken_in(self) -> None:
        """A crisis may end in hospital."""
        u_admit, u_days, u_coerced, _ = self.draw(Stream.ACUTE_CARE)
        if is_admitted_in_crisis(u_admit, self.p):
            self.acute_care_left = stay_days(u_days, self.bipolar, self.p)
            self.be_admitted(u_coerced)

    def be_admitted(self, u_coerced: Any) -> None:
        """Admission, for some against their will."""
        self.admissions += ONE
        self.tell(Event.ADMISSION)
        if is_coerced(u_coerced, ONE, self.p):
            self.suffer_coercion()

    def leave_hospital(self) -> None:
        """The stay ends this week."""
        self.tell(Event.DISCHARGE_HOSPITAL)
        u_back, *_ = self.draw(Stream.ACUTE_CARE, 1)
        if self.treated == ZERO and restarts_in_hospital(u_back, self.p):
            self.take_treatment()
