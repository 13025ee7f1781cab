"""A tie: what an ego and one network member are to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.world.arithmetic import HALF, ONE, TINY, ZERO, f4, normal, square_root, survival, unit
from sim.world.kinds import Group, Kind
from sim.world.rules.crisis import within_reach
from sim.world.rules.early import seen_by_people, seen_by_worker
from sim.world.rules.endings import (
    changes,
    dormancy_hazard,
    ending_hazard,
    ending_rate,
    ends,
    fading_hazard,
    revival_hazard,
)
from sim.world.rules.exchange import (
    asks,
    discloses,
    effectiveness,
    gives,
    help_received,
    offers,
    requests_back,
    value_of_help,
)
from sim.world.rules.family import has_duty_of_care
from sim.world.rules.feelings import (
    closeness_after,
    expectation_after,
    first_trust,
    imbalance_after,
    importance_after,
    load_after,
    running_mean,
    strain_after,
    trust_after,
    trust_after_cancellation,
    trust_after_coercion,
    trust_carried_over,
    willingness_to_invest,
)
from sim.world.rules.formation import chance_of_function, disclosable, strength_at_birth, trait
from sim.world.rules.work import is_in_contact, is_outside_core, work_needed
from sim.world.state import MARK_COLUMNS, TIE_COLUMNS
from sim.world.streams import Stream
from sim.world.twin.birth import kind_within
from sim.world.twin.family import rate_of_dying

if TYPE_CHECKING:
    from sim.world.twin.ego import Ego
    from sim.world.twin.professional import Professional

OF_GROUP = (
    "contact_rate",
    "episode_effect",
    "obligation",
    "withdrawal",
    "ask_rate",
    "offer_rate",
    "presence",
    "reciprocity",
    "guilt_weight",
    "expectation_speed",
    "importance_weight",
)
"""Columns of a tie that are its group's parameters of the same name."""

FUNCTIONS = ("emotional", "practical", "illness", "advocacy", "distraction")


class Tie:
    """One tie of an ego, active or dormant; it knows its ego and, for team workers, its worker.

    The other attributes are the columns of `sim.world.state`, TIE_COLUMNS (np.float32) and
    MARK_COLUMNS (int).
    """

    def __init__(self, ego: Ego) -> None:
        self.ego = ego
        self.worker: Professional | None = None
        self.outside = self.asked = self.offered = self.worth = ZERO
        for name, _ in TIE_COLUMNS:
            setattr(self, name, ZERO)
        for name, _ in MARK_COLUMNS:
            setattr(self, name, -1)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...

    def __repr__(self) -> str:
        state = "dormant" if self.dormant > ZERO else "active"
        return f"<{Kind(self.kind).name.lower()}, {state}, trust {self.trust:.2f}>"

    # how it begins ---------------------------------------------------------------------------

    def begin(
        self,
        group: int,
        kind: int | None,
        identity: int,
        worker: Professional | None,
        survivor: Any,
        known: Any,
    ) -> None:
        """Draw what the tie is, then let it start at its usual level."""
        self.identity, self.group, self.known = identity, group, known
        self.active = ONE
        self.kind = kind_within(group, self.draw(5)[0], self.ego.p) if kind is None else kind
        if worker is not None:
            self.worker, self.post, self.incumbent = worker, worker.number, worker.incumbent
        self.human = ONE if group != Group.OBJECT else ZERO
        self.kinship = ONE if group <= Group.YOUNG_KIN else ZERO
        self.sociable = ONE if self.kind in (Kind.GROUP, Kind.HOBBY) else ZERO
        self.draw_functions(survivor)
        self.draw_character(survivor)
        self.draw_burdens()
        self.draw_trust(survivor)
        self.take_parameters()
        self.settle()

    def draw(self, number: int) -> tuple:
        """Four uniforms of this tie's birth."""
        return self.ego.draw_at(Stream.TIE_BIRTH, number, self.identity)

    def draw_character(self, survivor: Any) -> None:
        """Strength, understanding, affection; whether one can speak freely; how often named.

        Peers understand; a worker brings the quality of the post.
        """
        p, usual = self.ego.p, self.ego.p.ties[self.group]
        u_strength, u_understanding, u_affection, u_intrusive = self.draw(0)
        peer = ONE if self.kind == Kind.PEER else ZERO
        worker = ONE if self.worker else ZERO
        quality = self.worker.quality if self.worker else ZERO
        shift = usual.strength_slope * survivor
        spread = p.tie_understanding_sd * (ONE - HALF * worker)
        own = trait(u_understanding, usual.understanding, spread)
        self.understanding = unit(own + peer * p.tie_peer_understanding + quality)
        fond = usual.affection + p.tie_affection_sd * (usual.strength_affection * shift)
        self.affection = trait(u_affection, fond, p.tie_affection_sd)
        self.strength = peer * p.tie_peer_strength + strength_at_birth(
            u_strength, (self.affection - usual.affection) / max(p.tie_affection_sd, TINY),
            self.ability(), usual.strength_affection, usual.strength_functions, shift,
        )  # fmt: skip
        secret = self.group == Group.KIN and self.draw(1)[0] < p.tie_secret_share
        self.disclosable = self.human * disclosable(normal(u_intrusive), ONE if secret else ZERO, p)
        self.salience = self.draw(6)[0]

    def draw_burdens(self) -> None:
        """What the alter asks of the ego, and what else the alter carries."""
        p, demand = self.ego.p, self.ego.p.ties[self.group].demand
        u_care, u_demand, u_load, _ = self.draw(2)
        young = ONE if self.group == Group.YOUNG_KIN else ZERO
        self.care_duty = young * has_duty_of_care(u_care, self.identity // 32, f4(self.ego.age), p)
        own = trait(u_demand, demand, demand * p.tie_demand_spread)
        self.demand = unit(own + self.care_duty * p.tie_care_demand)
        layman = self.human if self.worker is None else ZERO
        self.alter_load = layman * trait(u_load, p.tie_alter_load, p.tie_alter_load_sd)

    def draw_trust(self, survivor: Any) -> None:
        """Trust at the first meeting, or that of ties that have lasted.

        In professionals it starts from trust in services at large.
        """
        ego, p, usual = self.ego, self.ego.p, self.ego.p.ties[self.group]
        _, u, *_ = self.draw(4)
        prior = usual.first_trust + survivor * (usual.usual_trust - usual.first_trust)
        services = ego.service_trust if self.is_professional else ONE
        expected = first_trust(prior, services, ego.propensity, p)
        self.trust = self.human * trait(u, expected, p.tie_trust_sd)
        self.willingness = ONE
        if self.worker:
            parted = ego.lines[self.group - Group.PSYCHIATRIST].parted
            self.trust = trust_carried_over(self.trust, parted, p)
            self.willingness = willingness_to_invest(ego.workers_met, p)
            ego.workers_met += ONE

    def draw_functions(self, survivor: Any) -> None:
        """Which of the five functions of support this tie can give; of survivors more can."""
        usual = self.ego.p.ties[self.group]
        u_distraction, *_ = self.draw(4)
        loading = usual.strength_slope * survivor * usual.strength_functions
        tilt = loading / self.spread_of_functions()
        for function, u in zip(FUNCTIONS, (*self.draw(3), u_distraction), strict=True):
            chance = chance_of_function(getattr(usual, f"gives_{function}"), tilt)
            setattr(self, f"f_{function}", ONE if u < chance else ZERO)

    def spread_of_functions(self) -> Any:
        """SD of the number of functions that ties of the group can give at birth."""
        usual = self.ego.p.ties[self.group]
        chances = [getattr(usual, f"gives_{function}") for function in FUNCTIONS]
        return square_root(max(sum((p * (ONE - p) for p in chances), ZERO), TINY))

    def ability(self) -> Any:
        """How many of the five functions this tie can give beside others of its group, z."""
        usual = self.ego.p.ties[self.group]
        can = sum((getattr(self, f"f_{function}") for function in FUNCTIONS), ZERO)
        mean = sum((getattr(usual, f"gives_{function}") for function in FUNCTIONS), ZERO)
        return (can - mean) / self.spread_of_functions()

    def take_parameters(self) -> None:
        """Take over the parameters of the group, under those that hold for the ego now."""
        p, usual = self.ego.p, self.ego.p.ties[self.group]
        for name in OF_GROUP:
            setattr(self, name, getattr(usual, name))
        self.end_rate = ending_rate(usual.end_rate, usual.strength_slope, self.strength)
        if p.mortality_switch > ZERO:
            self.end_rate += rate_of_dying(self)
        slope = p.ending_dormancy_strength * usual.strength_slope
        self.dormancy_rate = ending_rate(usual.dormancy_rate, slope, self.strength)
        upkeep = usual.upkeep * p.tie_peer_upkeep if self.kind == Kind.PEER else usual.upkeep
        self.upkeep = upkeep + p.tie_care_upkeep * self.care_duty
        self.floor = usual.disclosure_floor
        self.daring = ONE / usual.disclosure_delay
        self.gain = usual.trust_gain * self.willingness

    def settle(self) -> None:
        """Start at the usual level; expectation has followed support since the tie began."""
        usual, weight = self.ego.p.ties[self.group], self.importance_weight
        absent = self.ego.p.feelings_closeness_absent
        gap = survival(min(self.expectation_speed * self.known, f4(30)))
        self.support = usual.usual_support
        self.anticipated = self.support + (usual.first_anticipated - self.support) * gap
        self.recent = usual.usual_contact
        self.closeness = self.affection * (absent + (ONE - absent) * self.recent)
        self.importance = weight * min(self.anticipated, ONE) + (ONE - weight) * self.closeness

    @property
    def is_professional(self) -> bool:
        """Whether the alter is paid to be there, by the team or by others."""
        return Group.PSYCHIATRIST <= self.group <= Group.OUTSIDE

    # contact ---------------------------------------------------------------------------------

    def work_needed(self) -> Any:
        """Effort this tie costs in a usual week."""
        return work_needed(self.active, self.upkeep, self.strain, self.ego.p)

    def meet(self) -> None:
        """Whether ego and alter are in touch this week, or a visit was kept."""
        ego, p = self.ego, self.ego.p
        u, self._u_ask, self._u_offer, self._u_grant = ego.draw(Stream.CONTACT, self.identity)
        self.outside = is_outside_core(ego.constricting, self.importance, ego.core, self.human, p)
        contacted = is_in_contact(
            u, self.active, self.contact_rate * within_reach(ego.ward_days, p), ego.share,
            self.obligation, self.withdrawal, ego.level, self.outside, p,
        )  # fmt: skip
        self.contacted = max(contacted, unit(self.visited))

    def chances_of_seeing(self) -> list[Any]:
        """The chances that the alter noticed last week what is coming, in words or at a visit."""
        p = self.ego.p
        partner = ONE if self.group == Group.PARTNER else ZERO
        close = ONE if self.group in (Group.KIN, Group.FRIEND) else ZERO
        chances = [seen_by_people(self.contacted, partner, close, p)]
        if self.is_professional and self.visited > ZERO:
            usual = p.ties[self.group].usual_trust
            chances.append(seen_by_worker(self.visited, self.trust, usual, self.known, p))
        return chances

    def effectiveness(self) -> Any:
        """How useful it would be to turn to this person now; nothing for things."""
        return self.human * effectiveness(self.contacted, self.understanding, self.load)

    def exchange_help(self, need: Any, relative: Any, rally: Any, more: Any) -> None:
        """The ego asks, the alter offers, help is given."""
        ego, p = self.ego, self.ego.p
        self.asked = asks(
            self._u_ask, self.ask_rate * more, need, self.trust, ego.guilt, self.guilt_weight,
            self.load, self.alter_load, self.effectiveness() * relative, p,
        )  # fmt: skip
        self.offered = offers(
            self._u_offer, self.offer_rate, self.contacted, ego.severity, self.closeness,
            self.trust, self.load, rally, p,
        )  # fmt: skip
        self.helped = help_received(
            self._u_grant, self.asked, self.offered, self.contacted, self.presence, self.load, p
        )
        self.worth = value_of_help(self.helped, self.understanding, self.human, p)

    def exchange_words(self) -> None:
        """What the ego confides, what it is asked for and gives; the last uniform is its fate."""
        ego, p = self.ego, self.ego.p
        u_tell, u_request, u_give, self._u_fate = ego.draw(Stream.EXCHANGE, self.identity)
        self.disclosed = discloses(
            u_tell, self.contacted, self.trust, self.floor, self.disclosable, ego.censorship,
            ego.guilt, self.guilt_weight, self.known, self.daring, p,
        )  # fmt: skip
        self.asked_back = requests_back(u_request, self.contacted, self.demand)
        self.granted = gives(u_give, self.asked_back, self.obligation, ego.share)

    # feelings --------------------------------------------------------------------------------

    def feel(self) -> None:
        """Trust, strain, the alter's load, and one-sidedness."""
        p = self.ego.p
        self.trust = trust_after(
            self.trust, self.closeness, self.contacted, self.helped, self.disclosed,
            self.understanding, self.strain, self.gain, self.human, p,
        )  # fmt: skip
        refused = self.asked_back - self.granted
        self.strain = strain_after(
            self.strain, self.ego.severity, self.understanding, self.contacted, refused,
            self.human, p,
        )  # fmt: skip
        self.load = load_after(self.load, self.helped, self.human, p)
        self.imbalance = imbalance_after(
            self.imbalance, refused, self.support, self.given, self.reciprocity, p
        )

    def remember(self) -> None:
        """Running means of the week; then closeness, expectation and importance."""
        p = self.ego.p
        self.recent = running_mean(self.recent, self.contacted, p.feelings_contact_share)
        self.support = running_mean(self.support, self.helped, p.feelings_support_share)
        self.given = running_mean(self.given, self.granted, p.exchange_giving_share)
        self.openness = running_mean(self.openness, self.disclosed, p.feelings_support_share)
        self.known += ONE
        self.closeness = closeness_after(self.closeness, self.affection, self.recent, p)
        self.anticipated = expectation_after(self.anticipated, self.support, self.expectation_speed)
        self.importance = importance_after(
            self.importance, self.closeness, self.anticipated, self.importance_weight, p
        )

    def suffer_cancellation(self) -> None:
        """A visit of this worker was cancelled at short notice."""
        self.trust = trust_after_cancellation(self.trust, self.ego.p)

    def suffer_coercion(self, direct: Any) -> None:
        """The ego was coerced, by this professional (direct 1) or by another."""
        self.trust = trust_after_coercion(self.trust, direct, self.ego.p)

    # fate ------------------------------------------------------------------------------------

    def hazard_of_ending(self, aftermath: Any) -> Any:
        """Weekly hazard that this tie ends; of one out of touch, that it fades for good."""
        if self.dormant > ZERO:
            return fading_hazard(self.ego.p)
        return ending_hazard(
            self.end_rate, self.episode_effect, aftermath, ONE - self.obligation, self.strain,
            self.ego.share, self.imbalance, self.outside, self.ego.p,
        )  # fmt: skip

    def hazard_of_turning(self, aftermath: Any, rally: Any) -> Any:
        """Weekly hazard that ego and alter fall out of touch, or are in touch again."""
        if self.dormant > ZERO:
            return revival_hazard(self.known, rally, self.ego.p)
        return dormancy_hazard(self.dormancy_rate, aftermath, self.ego.p)

    def changes(self, aftermath: Any, rally: Any) -> bool:
        """Whether this week ends the tie or turns it."""
        ending = self.hazard_of_ending(aftermath)
        return bool(changes(self._u_fate, ending, self.hazard_of_turning(aftermath, rally)))

    def ends(self, aftermath: Any) -> bool:
        """Whether a change is an ending."""
        return bool(ends(self._u_fate, self.hazard_of_ending(aftermath)))

    def turn(self, *, dormant: bool) -> None:
        """Fall out of touch or be taken up again; nothing passed this week."""
        self.dormant = ONE if dormant else ZERO
        self.active = ONE - self.dormant
        self.contacted = self.helped = self.disclosed = self.asked_back = self.granted = ZERO
        self.visited = ZERO
