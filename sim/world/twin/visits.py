"""One line of service of one ego: its worker, and visits booked, kept, cancelled or missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.world.arithmetic import ONE, ZERO
from sim.world.kinds import KIND_OF_ROLE, Cause, Channel, Event, Group, Line
from sim.world.rules.services import (
    acuity_level,
    is_urgent,
    misses_visit,
    overload_after,
    rations_self,
    visit_interval,
    weeks_to_next,
)
from sim.world.rules.wellbeing import is_directive
from sim.world.streams import WEEK_OFFSET, Stream, philox
from sim.world.twin.birth import tie_identity

if TYPE_CHECKING:
    from sim.world.twin.ego import Ego
    from sim.world.twin.professional import Professional
    from sim.world.twin.tie import Tie

NOT_BOOKED = -9999
ON_SCHEDULE = 8  # marks the draws of a visit on the schedule, addressed by its nominal date


class ServiceLine:
    """Psychiatrist, co-ordinator or support worker, as one ego has it.

    Attributes
    ----------
    ego : Ego
    line : Line
    worker : Professional or None
        The post that serves the line, with somebody in it or vacant; None off the caseload.
    tie : Tie or None
        The tie with the worker in post; None while the post is vacant.
    entitled : int
        1: the ego has this line while on the caseload.
    nominal, booked : int
        Week the next visit is due by the schedule; week it stands in the diary.
    postponed : int
        1: the present booking was counted as postponed.
    usual, usual_acute : float32
        Weeks between visits in usual care, stable and in an episode; 0 if not entitled.
    parted : float32
        Trust in the last worker when they parted; 0 if there was none.
    """

    def __init__(self, ego: Ego, line: Line) -> None:
        self.ego, self.line = ego, line
        self.worker: Professional | None = None
        self.tie: Tie | None = None
        self.entitled = self.nominal = self.postponed = 0
        self.booked = NOT_BOOKED
        self.usual = self.usual_acute = self.parted = ZERO

    @property
    def week(self) -> int:
        """The present week."""
        return self.ego.model.week

    @property
    def units(self) -> Any:
        """Units of capacity that a visit takes."""
        return self.ego.p.lines[self.line].units

    @property
    def interval(self) -> Any:
        """Weeks between visits for an ego of this need, when stable."""
        p = self.ego.p.lines[self.line]
        return visit_interval(
            p.interval_weeks, p.interval_slope, self.ego.need, p.shortest_weeks, p.longest_weeks
        )

    def count(self, column: str, amount: Any) -> None:
        """Add to the service ledger."""
        self.ego.model.count(self.line, column, amount)

    # the worker ------------------------------------------------------------------------------

    def meet(
        self, identity: int, survivor: Any = ZERO, known: Any = ZERO, born: int | None = None
    ) -> None:
        """Begin the tie with the worker now in post; nothing while the post is vacant."""
        self.tie = None
        if self.worker is not None and not self.worker.is_vacant:
            self.tie = self.ego.begin_tie(
                Group.PSYCHIATRIST + self.line,
                identity,
                kind=KIND_OF_ROLE[self.worker.role],
                worker=self.worker,
                survivor=survivor,
                known=known,
                born=born,
            )

    def meet_new_worker(self) -> None:
        """Begin the tie with whoever is in post since this week."""
        self.meet(tie_identity(self.week, Channel.PSYCHIATRIST + self.line))

    def part(self, cause: Cause) -> None:
        """End the tie with the present worker, if there is one."""
        if self.tie is not None:
            self.parted = self.tie.trust
            self.ego.end_tie(self.tie, cause)

    def reassign(self) -> None:
        """Another named worker takes over, although nobody left."""
        if self.tie is None or self.tie.born == self.week:
            return
        u, *_ = self.ego.draw(Stream.INITIAL_LINES, self.line)
        chosen = self.ego.model.choose_post(self.line, u, besides=self.worker)
        if chosen is None or chosen.is_vacant:
            return
        self.part(Cause.REASSIGNMENT)
        self.give_back()
        self.worker = chosen
        self.meet_new_worker()

    def refer(self) -> None:
        """The ego is back: a worker, and a visit due at once."""
        if self.entitled:
            u, *_ = self.ego.draw(Stream.INITIAL_LINES, self.line)
            self.worker = self.ego.model.choose_post(self.line, u)
            self.nominal = self.week
            self.meet_new_worker()

    # booking ---------------------------------------------------------------------------------

    def book(self) -> None:
        """Find a week for the next visit, unless one is booked, or the ego forgoes it."""
        if self.worker is None or self.booked != NOT_BOOKED:
            return
        found = self.worker.first_room(max(self.nominal, self.week), self.units)
        if found != self.nominal and not self.postponed:
            self.postponed = 1
            self.count("postponed", self.units)
        if found is None:
            return
        self.count("booked", self.units)
        when = self.nominal + WEEK_OFFSET
        u_forgo, *_ = self.ego.draw_at(Stream.BOOKING, when, self.line)
        if rations_self(u_forgo, self.ego.overload, self.ego.p):
            self.schedule_next()
            self.ego.forgone += self.units
            self.count("forgone", self.units)
        else:
            self.booked = found
            self.worker.diary_of(found).booked += self.units

    def schedule_next(self) -> None:
        """The next visit is due at the first date of the schedule after this week."""
        last = self.nominal
        while self.nominal == last or self.nominal <= self.week:
            *_, u_step = self.draw_on_schedule()
            self.nominal += weeks_to_next(self.interval, u_step)
        self.postponed = 0

    def draw_on_schedule(self) -> tuple:
        """The draws of the visit of this nominal date, whenever it takes place."""
        when = self.nominal + WEEK_OFFSET
        return self.ego.draw_at(Stream.VISIT, when, ON_SCHEDULE + self.line)

    def give_back(self) -> None:
        """Give a booked visit's place in the diary back."""
        if self.booked >= self.week and self.worker is not None:
            self.worker.diary_of(self.booked).booked -= self.units
        self.booked, self.postponed = NOT_BOOKED, 0

    # the week of the visit -------------------------------------------------------------------

    def is_due(self) -> bool:
        """Whether a visit is booked for this week, or an episode calls for one; it is counted."""
        ego, p = self.ego, self.ego.p
        booked = self.booked == self.week
        intense = ego.acute > ZERO and ego.weeks_since_onset < p.illness_intensity_weeks
        every = p.lines[self.line].acute_interval_weeks
        urgent = intense and is_urgent(ego.weeks_since_onset, every)
        if self.worker is None or not (booked or urgent):
            return False
        ego.requested += self.units
        self.count("wanted", self.units)
        self.count("urgent", ZERO if booked else self.units)
        return True

    def rank(self) -> tuple[int, int, int, int]:
        """Who is seen first: the most acute, then by lot."""
        words = philox(
            Stream.VISIT, self.ego.address, self.week + WEEK_OFFSET, self.line, self.ego.model.key
        )
        return -acuity_level(self.ego.severity), words[0] >> 8, self.ego.number, self.line

    def attend(self) -> None:
        """The visit is kept, missed by the ego, cancelled, or an urgent need unmet."""
        ego, worker = self.ego, self.worker
        assert worker is not None  # noqa: S101  # is_due has seen to it
        was_booked = self.booked == self.week
        if was_booked:
            self.booked = NOT_BOOKED
        if worker.room < self.units:
            if was_booked:
                self.be_cancelled(worker)
            else:
                self.count("urgent_unmet", self.units)
            return
        worker.room -= self.units
        late = ZERO
        if was_booked:
            late = ONE if self.week > self.nominal else ZERO
            _, u_miss, u_advice, _ = self.draw_on_schedule()
            self.schedule_next()
        else:
            _, u_miss, u_advice, _ = ego.draw(Stream.VISIT, self.line)
        if misses_visit(u_miss, ego.severity, ego.level, ego.p):
            ego.missed += self.units
            self.count("missed", self.units)
            ego.tell(Event.VISIT_MISSED, post=worker.number)
        else:
            self.be_seen(worker, u_advice, late)

    def be_cancelled(self, worker: Professional) -> None:
        """A booked visit falls to sickness or to someone more acute; it costs trust."""
        ego = self.ego
        ego.cancelled += self.units
        ego.overload = overload_after(ego.overload, ONE, ZERO, ZERO, ego.p)
        self.count("cancelled", self.units)
        self.count("displaced", self.units if self.week >= worker.sick_until else ZERO)
        if self.tie is not None:
            self.tie.suffer_cancellation()
        ego.tell(Event.VISIT_CANCELLED, post=worker.number)

    def be_seen(self, worker: Professional, u_advice: Any, late: Any) -> None:
        """The visit is kept, by the worker or by a stand-in."""
        ego, p = self.ego, self.ego.p
        ego.kept += self.units
        ego.seen += self.units
        ego.weeks_since_kept = ZERO
        self.count("kept", self.units)
        covered = ONE if worker.is_vacant else ZERO
        ego.overload = overload_after(ego.overload, ZERO, covered, late, p)
        ego.directive += is_directive(u_advice, ONE, p.lines[self.line].directive_share)
        if self.tie is not None:
            self.tie.visited = self.units * self.tie.active
            ego.trusted_visits += self.tie.visited * self.tie.trust
