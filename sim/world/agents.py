"""The readable twin of the compiled week, in Mesa.

For reading, teaching, trying a rule out, and looking into one life. It writes the week of
`sim.world.week` a second time, as objects over the same rules and the same addressed draws, and
ends with the same bytes; a test compares the two. No generator of Mesa's is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np

from sim.world.arithmetic import ZERO
from sim.world.kinds import ROLES, WEEKS_A_YEAR, Event, Line, Role
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario
from sim.world.schedule import EgoFacts, Egos, ForcedEvent, Posts, Schedule, Segment
from sim.world.shock import CLOSURE
from sim.world.state import EVENT, LEDGER_COLUMNS, Team
from sim.world.streams import Stream, address, uniforms
from sim.world.twin import states
from sim.world.twin.differences import first_difference
from sim.world.twin.ego import Ego
from sim.world.twin.parameters import Parameters
from sim.world.twin.population import populate
from sim.world.twin.professional import Professional
from sim.world.twin.tie import Tie

if TYPE_CHECKING:
    from sim.world.run import Place

__all__ = ["CohortModel", "Ego", "Happening", "Professional", "Tie", "first_difference"]

END_OF_TIME = 1_000_000
"""A week after any that is lived: shocks are looked up as the weeks come."""


class Happening(NamedTuple):
    """One entry of the list of events; see `state.EVENT`."""

    week: int
    ego: int
    event: int
    identity: int
    kind: int
    cause: int
    post: int


class CohortModel(mesa.Model):
    """One team, its professionals and its whole caseload, week by week.

    Parameters
    ----------
    scenario : Scenario
        Its world, its parameters and its shocks.
    place : Place
        Site and team, for addresses and shocks.
    key : sequence of two int
        From `streams.key_of`.
    week : int, optional
        The week to begin in; by default the first of the run-in.
    team : Team, optional
        A team to go on from instead of a population of its own; see `from_team`.
    arms, arm, post_arm, baseline
        As `sim.world.run.live`.

    Attributes
    ----------
    week : int
        The next week to be lived.
    egos, posts : AgentSet
        The caseload and the staff, in order.
    events : list of Happening
    ledger : list of dict
        The service ledger by line, in double precision as in `Team`.

    Examples
    --------
    Look into one life:

    >>> from sim.world.run import Place
    >>> from sim.world.scenario import read_scenario
    >>> from sim.world.streams import key_of
    >>> usual = read_scenario("usual-care")
    >>> small = usual.world.model_copy(update={"egos_per_team": 6})
    >>> usual = usual.model_copy(update={"world": small})
    >>> model = CohortModel(usual, Place(1, 1), key_of(7), week=0)
    >>> model.live(4)
    >>> ego = next(iter(model.egos))
    >>> [0 <= tie.trust <= 1 for tie in ego.ties] == [True] * len(ego.ties)
    True

    Change a rule: here a cancelled visit costs no trust.

    >>> class PatientTie(Tie):
    ...     def suffer_cancellation(self):
    ...         pass
    >>> class PatientModel(CohortModel):
    ...     tie_class = PatientTie
    >>> patient = PatientModel(usual, Place(1, 1), key_of(7), week=0)
    >>> patient.live(4)
    >>> patient.week
    4
    """

    ego_class: type[Ego] = Ego
    professional_class: type[Professional] = Professional
    tie_class: type[Tie] = Tie

    def __init__(
        self,
        scenario: Scenario,
        place: Place,
        key: Sequence[int] | np.ndarray,
        *,
        week: int | None = None,
        team: Team | None = None,
        arms: Sequence[str] = (),
        arm: np.ndarray | None = None,
        post_arm: np.ndarray | None = None,
        baseline: np.ndarray | None = None,
    ) -> None:
        super().__init__(rng=0)
        self.place = place
        self.key = (int(key[0]), int(key[1]))
        self.events: list[Happening] = []
        self.ledger = [dict.fromkeys(LEDGER_COLUMNS, 0.0) for _ in Line]
        record = catalogue().record(scenario.parameters)[0]
        self.first_parameters = Parameters(record)
        self.factor = catalogue().factor(record)
        self.week = -scenario.world.runin_weeks if week is None else week
        if team is None:
            self._begin(scenario)
        else:
            self._take_over(team)
        self._plan = Schedule(scenario, catalogue(), tuple(arms))
        self._segments = self._shocks(arm, post_arm, baseline)
        self._unchanged_until = self.week

    @classmethod
    def from_team(
        cls, team: Team, scenario: Scenario, place: Place, key: np.ndarray, **arms: Any
    ) -> CohortModel:
        """Go on from a team that the kernel has begun or lived; the team is not changed."""
        return cls(scenario, place, key, team=team, **arms)

    def _begin(self, scenario: Scenario) -> None:
        """A population of its own."""
        world, place = scenario.world, self.place
        n_egos = world.caseload
        posts = [(role, fte) for role, all_fte in world.staff.by_role().items() for fte in all_fte]
        self._create(n_egos, len(posts))
        for post, (role, fte) in zip(self.posts, posts, strict=True):
            post.address = address(place.site, place.team, post.number)
            post.role = ROLES.index(role)
            post.line = Role(post.role).line
            post.fte = np.float32(fte * world.scale)
        for ego in self.egos:
            ego.address = address(place.site, place.team, ego.number)
            ego.site, ego.team = place.site, place.team
        populate(self)
        self.events.clear()

    def _take_over(self, team: Team) -> None:
        """The population of a team."""
        self.week = team.week
        self._create(team.egos.size, team.posts.size)
        states.load(self, team)

    def _create(self, n_egos: int, n_posts: int) -> None:
        self.posts = self.professional_class.create_agents(self, n_posts, list(range(n_posts)))
        self.egos = self.ego_class.create_agents(self, n_egos, list(range(n_egos)))

    def to_team(self) -> Team:
        """The state as the kernel has it, to compare or to go on from."""
        return states.store(self)

    # the week --------------------------------------------------------------------------------

    def live(self, weeks: int) -> None:
        """Live a number of weeks."""
        for _ in range(weeks):
            self.live_week()

    def live_week(self) -> None:
        """One week; the numbers are those of `sim.world.week`."""
        if self.week % WEEKS_A_YEAR == 0:
            self.egos.do("grow_older")
        self.shocks_week()  # 1
        self.posts.do("staff_week")  # 2
        self.egos.do("caseload_week")  # 3
        living = self.egos.select(lambda ego: ego.alive > ZERO)
        living.do("befall")  # 3
        living.do("illness_week")  # 4
        self.visits_week()  # 5
        living.do("contact_week")  # 6
        living.do("feelings_week")  # 7
        living.do("ego_week")  # 8
        living.do("fate_week")  # 9
        living.do("formation_week")  # 10
        self.record_week()  # 11
        self.week += 1

    def shocks_week(self) -> None:
        """Parameters of the week, if shocks start or stop; events that a scenario forces."""
        if self.week < self._unchanged_until:
            return
        segment: Segment = next(self._segments)
        profiles = [Parameters(record) for record in segment.params]
        for post in self.posts:
            post.p = profiles[segment.post_profile[post.number]]
        for ego in self.egos:
            ego.take_parameters(profiles[segment.ego_profile[ego.number]])
        for forced in segment.events:
            self.force(forced)
        self._unchanged_until = segment.stop

    def force(self, forced: ForcedEvent) -> None:
        """One forced event for every living ego it strikes."""
        for ego in self.egos:
            if not forced.egos[ego.number] or ego.alive == ZERO:
                continue
            if forced.name == CLOSURE:
                ego.close_places(np.float32(forced.value))
            elif forced.name == "event.link":
                ego.link()
            elif forced.name == "event.episode":
                if ego.acute == ZERO:
                    ego.start_episode()
            elif forced.name == "uptake.leave":
                ego.leave_link(int(forced.value))
            else:
                told = Event[forced.name.removeprefix("uptake.").upper()]
                ego.tell(told, int(forced.value))

    def visits_week(self) -> None:
        """Visits are booked into diaries, then rationed: the most acute first."""
        for ego in self.egos:
            for line in ego.lines:
                line.book()
        for ego in self.egos:
            ego.directive = ego.trusted_visits = ego.seen = ZERO
            for tie in ego.ties:
                tie.visited = ZERO
        due = [line for ego in self.egos for line in ego.lines if line.is_due()]
        for line in sorted(due, key=lambda line: line.rank()):
            line.attend()

    def record_week(self) -> None:
        """Look at the end of a week; does nothing unless a subclass wants to see something."""

    # what phases share -----------------------------------------------------------------------

    def record(
        self, ego: int, event: Event, identity: int, kind: int, cause: int, post: int
    ) -> None:
        """Add to the list of what happened; ego -1 is none."""
        self.events.append(Happening(self.week, ego, event, identity, kind, cause, post))

    def count(self, line: int, column: str, amount: Any) -> None:
        """Add to the service ledger, which is kept in double precision."""
        self.ledger[line][column] += float(amount)

    def choose_post(
        self, line: Line, u: Any, besides: Professional | None = None
    ) -> Professional | None:
        """A post of the line drawn in proportion to its FTE, never `besides`; None if none."""
        able = [post for post in self.posts if post.line == line and post is not besides]
        total = ZERO
        for post in able:
            total += post.fte
        left, chosen = u * total, None
        for post in able:
            if chosen is None or left > ZERO:
                chosen = post
                left -= post.fte
        return chosen

    def event_table(self) -> np.ndarray:
        """The list of events as the kernel has it, of dtype `state.EVENT`."""
        return np.array([tuple(one) for one in self.events], EVENT)

    # shocks ----------------------------------------------------------------------------------

    def _shocks(
        self, arm: np.ndarray | None, post_arm: np.ndarray | None, baseline: np.ndarray | None
    ) -> Any:
        """Intervals of weeks in which nothing is turned on or off."""
        none = np.full(len(self.egos), -1, np.int32)
        egos = Egos(
            self._column("address"), self._column("site"), self._column("team"),
            none if arm is None else arm, none if baseline is None else baseline,
        )  # fmt: skip
        at = np.ones(len(self.posts), np.int32)
        roles = np.array([post.role for post in self.posts], np.int32)
        posts = Posts(roles, at * self.place.site, at * self.place.team, post_arm)
        return self._plan.segments(
            egos, posts, self.week, END_OF_TIME,
            facts=self._facts, share=self._share, choices=self._choices,
        )  # fmt: skip

    def _column(self, name: str) -> np.ndarray:
        return np.array(self.egos.get(name))

    def _facts(self, week: int) -> EgoFacts:
        return EgoFacts(
            self._column("diagnosis"), self._column("has_partner"), self._column("constrictor") > 0
        )

    def _share(self, shock: int, addresses: np.ndarray) -> np.ndarray:
        return self._drawn(shock, addresses)[0]

    def _choices(self, shock: int, addresses: np.ndarray) -> np.ndarray:
        return self._drawn(shock, addresses)[1:3]

    def _drawn(self, shock: int, addresses: np.ndarray) -> np.ndarray:
        draws = [uniforms(Stream.SHOCK_SHARE, who, shock, 0, self.key) for who in addresses]
        return np.array(draws, np.float32).reshape(-1, 4).T
