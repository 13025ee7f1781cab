"""Kin who could exist at the start, how long one has known whom, and when alters die."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.world.arithmetic import WEEK, ZERO, f4, logarithm
from sim.world.kinds import KIND_OF_ROLE, WEEKS_A_YEAR, Group, Kind
from sim.world.rules.alters import age_of_alter, alter_age_at
from sim.world.rules.family import (
    is_parent_for,
    kin_kind,
    longest_known,
    weeks_known_at_start,
)
from sim.world.rules.lifetimes import death_rate, parent_at_start, uniform_among_survivors
from sim.world.streams import Stream
from sim.world.twin.birth import kind_within

if TYPE_CHECKING:
    from sim.world.twin.ego import Ego
    from sim.world.twin.professional import Professional
    from sim.world.twin.tie import Tie

ADULT = f4(18)
MOTHER, FATHER, STEP_PARENT, OTHERS = range(4)
"""Places among kin at the start; others follow."""


def of_person(ego: Ego, identity: int) -> Any:
    """The uniform that decides on the age of one of an ego's alters."""
    return ego.draw_at(Stream.PERSON, 0, identity)[1]


def kin_at_start(ego: Ego, number: int) -> list[tuple[int, Kind]]:
    """Ordinals and kinds of so many adult kin: parents as far as there are any, then others."""
    u_mother, u_father, u_step, u_grown = ego.draw_at(Stream.INITIAL_TIES, 2, 0)
    there = {
        MOTHER: has_parent(ego, MOTHER, u_mother),
        FATHER: has_parent(ego, FATHER, u_father),
        STEP_PARENT: u_step < ego.p.family_step_parent,
    }
    kin = [(place, Kind.PARENT) for place, is_there in there.items() if is_there][:number]
    children = is_parent_for(u_grown, f4(ego.age), ADULT, ego.p)
    for ordinal in range(OTHERS, OTHERS + number - len(kin)):
        u, *_ = ego.draw_at(Stream.TIE_BIRTH, 5, ordinal * 32 + Group.KIN)
        kin.append((ordinal, Kind(kin_kind(u, ordinal, children, ego.p))))
    return kin


def young_kin_at_start(ego: Ego, number: int) -> list[int]:
    """Ordinals of young kin: the first is a child of the ego's own, if all of these are young."""
    *_, u = ego.draw_at(Stream.INITIAL_TIES, 2, 0)
    ever, grown = (is_parent_for(u, f4(ego.age), years, ego.p) for years in (ZERO, ADULT))
    return list(range(0 if ever > grown else 1, 1 + number))


def has_parent(ego: Ego, place: int, u: Any) -> bool:
    """Whether the parent of a place is alive and among the ego's kin."""
    u_age = of_person(ego, place * 32 + Group.KIN)
    age = age_of_alter(u_age, Kind.PARENT, f4(ego.age), ego.p)
    return bool(parent_at_start(u, f4(ego.age), age, ego.p))


def kind_of_survivor(ego: Ego, group: Group, identity: int) -> Kind:
    """The kind of a tie that has lasted until the start: of things, fewer are pets than begin."""
    u, p = ego.draw_at(Stream.TIE_BIRTH, 5, identity)[0], ego.p
    if group == Group.OBJECT and p.mortality_switch > ZERO:
        share, usual = p.tie_object_pet_share, p.ties[group].end_rate
        u = uniform_among_survivors(u, share, usual, p.mortality_pet)
    return Kind(kind_within(group, u, p))


def weeks_known(ego: Ego, kind: int, identity: int, mean: Any) -> Any:
    """For how many weeks ego and alter have known each other when the run starts."""
    u, _, evenly, _ = ego.draw_at(Stream.INITIAL_TIES, 1, identity)
    if ego.p.acquaintance_switch == ZERO:
        return f4(int(-mean * logarithm(u)))
    years = f4(ego.model.week) * WEEK
    age = age_of_alter(of_person(ego, identity), kind, f4(ego.age), ego.p)
    longest = longest_known(kind, f4(ego.age) + years, max(age + years, ZERO), ego.p)
    usual = ego.p.acquaintance_pet_weeks if kind == Kind.PET else mean
    return f4(int(weeks_known_at_start(-usual * logarithm(u), evenly, kind, longest)))


def weeks_with_worker(ego: Ego, worker: Professional, drawn: Any, evenly: Any) -> Any:
    """For how many weeks an ego has known a worker of the team when the run starts."""
    if ego.p.acquaintance_switch == ZERO:
        return drawn
    kind, years = KIND_OF_ROLE[worker.role], f4(ego.model.week) * WEEK
    u = worker.draw_person()[1]
    age = age_of_alter(u, kind, f4(ego.age), ego.p) + years
    longest = longest_known(kind, f4(ego.age) + years, age, ego.p)
    return f4(int(weeks_known_at_start(drawn, evenly, kind, longest)))


def rate_of_dying(tie: Tie) -> Any:
    """Yearly hazard that an alter dies, at the age reached when the present year began."""
    ego, (years, weeks) = tie.ego, divmod(tie.ego.model.week, WEEKS_A_YEAR)
    since = max(tie.known - f4(weeks), ZERO) * WEEK
    u = of_person(ego, tie.identity)
    age = alter_age_at(u, tie.kind, f4(ego.age), f4(years), since, ego.p)
    return death_rate(tie.kind, age, ego.p)
