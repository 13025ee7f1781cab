"""Who the people are: their lasting traits, drawn together, and with whom they live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.world.arithmetic import ONE, ZERO, exponential, f4, normal, probability, unit
from sim.world.kinds import Diagnosis, Group, Household, Kind
from sim.world.latents import Latent
from sim.world.rules.crisis import proneness_to_crisis
from sim.world.rules.exchange import stigma_censorship
from sim.world.rules.people import frailty_spread, share_with_parents
from sim.world.streams import Stream
from sim.world.twin.parameters import Parameters

if TYPE_CHECKING:
    from sim.world.twin.ego import Ego
    from sim.world.twin.tie import Tie

ADDRESSES = (
    (Stream.EGO_TRAITS, 0, (Latent.MALE, Latent.AGE, Latent.NON_WHITE, Latent.DIAGNOSIS)),
    (Stream.EGO_TRAITS, 1, (Latent.STIGMA, Latent.SOCIABILITY, Latent.PROPENSITY, Latent.NEED)),
    (Stream.EGO_TRAITS, 2, (None, None, None, Latent.CAPACITY)),
    (Stream.EGO_TRAITS, 3, (Latent.FRAILTY, Latent.WELLBEING)),
    (Stream.EGO_TRAITS, 4, (Latent.KIN, Latent.FRIEND, Latent.WEAK, Latent.OUTSIDE)),
    (Stream.EGO_TRAITS, 5, (Latent.OBJECT,)),
    (Stream.EGO_TRAITS, 7, (Latent.SEVERITY, Latent.EMPLOYED, Latent.SETTLED)),
    (Stream.INITIAL_TIES, 0, (Latent.PARTNER,)),
)
"""Where each latent is drawn: stream, second word, and which of the four uniforms."""

MIRRORED = {Latent.MALE, Latent.NON_WHITE, Latent.PARTNER, Latent.EMPLOYED, Latent.SETTLED}
"""Latents that are high where the uniform is low, for below its share a flag is one."""


class Latents(NamedTuple):
    """Lasting traits by `Latent`: as uniforms, and as standard normal numbers."""

    u: dict[Latent, Any]
    z: dict[Latent, Any]


def latents_of(ego: Ego) -> Latents:
    """An ego's lasting traits, drawn one by one, then correlated; what stays keeps its uniform."""
    u: dict[Latent, Any] = {}
    for stream, when, names in ADDRESSES:
        drawn = ego.draw_at(stream, when, 0)
        u |= {name: one for name, one in zip(names, drawn, strict=False) if name is not None}
    sign = {one: f4(-1) if one in MIRRORED else ONE for one in Latent}
    alone = {one: sign[one] * normal(u[one]) for one in Latent}
    together = {}
    for one in Latent:
        moved = ZERO
        for other in Latent:
            if other <= one:
                moved += ego.model.factor[one, other] * alone[other]
        together[one] = moved
        if moved != alone[one]:
            u[one] = probability(sign[one] * moved)
    return Latents(u, together)


def draw_traits(ego: Ego, own: Latents, team_z: Any) -> None:
    """What an ego is like, whatever happens; work and home may still be lost."""
    p, (u, z) = ego.p, own
    ego.male = int(u[Latent.MALE] < p.ego_male_share)
    ego.age = int(min(max(p.ego_age_mean + p.ego_age_sd * z[Latent.AGE], f4(18)), f4(80)))
    ego.non_white = int(u[Latent.NON_WHITE] < p.ego_non_white_share)
    ego.diagnosis = diagnosis_of(u[Latent.DIAGNOSIS], p)
    ego.bipolar = ONE if ego.diagnosis == Diagnosis.BIPOLAR else ZERO
    for name in ("stigma", "sociability", "propensity", "need"):
        setattr(ego, name, z[Latent[name.upper()]])
    u_constrictor, u_diversifier, u_self, _ = ego.draw_at(Stream.EGO_TRAITS, 2, 0)
    ego.constrictor = ONE if u_constrictor < p.ego_constrictor_share else ZERO
    ego.diversifier = ONE if u_diversifier < p.ego_diversifier_share else ZERO
    ego.self_capacity = unit(p.ego_self_capacity + p.ego_self_capacity_sd * normal(u_self))
    needy = p.ego_severity_base + p.ego_severity_need * ego.need
    ego.base_severity = unit(needy + p.ego_severity_sd * z[Latent.SEVERITY])
    ego.base_capacity = p.ego_work_capacity * exponential(
        p.ego_work_capacity_log_sd * z[Latent.CAPACITY]
    )
    spread = frailty_spread(ego.bipolar, p)
    ego.frailty = exponential(spread * z[Latent.FRAILTY])
    ego.prone = proneness_to_crisis(ego.frailty, spread, p)
    lasting = p.ego_wellbeing_sd * z[Latent.WELLBEING] + p.ego_team_effect_sd * team_z
    ego.base_wellbeing = p.wellbeing_level + lasting
    ego.censorship = stigma_censorship(ego.stigma, p)
    _, _, u_caseload, _ = ego.draw_at(Stream.EGO_TRAITS, 3, 0)
    ego.on_caseload = ONE if u_caseload < p.service_on_caseload_share else ZERO
    ego.employed = ONE if u[Latent.EMPLOYED] < p.ego_employed_share else ZERO
    ego.settled = ONE if u[Latent.SETTLED] < p.ego_settled_share else ZERO
    ego.alive = ONE


def diagnosis_of(u: Any, p: Parameters) -> int:
    """The diagnosis by the stated shares; the rest have schizophrenia."""
    edge = ZERO
    for diagnosis, share in (
        (Diagnosis.BIPOLAR, p.ego_bipolar_share),
        (Diagnosis.PERSONALITY_DISORDER, p.ego_personality_disorder_share),
        (Diagnosis.PSYCHOSIS, p.ego_psychosis_share),
    ):
        edge = edge + share
        if u < edge:
            return diagnosis
    return Diagnosis.SCHIZOPHRENIA


def is_member(tie: Tie, household: int) -> bool:
    """Whether a household of this kind is one with the alter of a tie."""
    return (household == Household.PARTNER and tie.group == Group.PARTNER) or (
        household == Household.PARENTS and tie.kind == Kind.PARENT
    )


def has_members(household: int, ties: list[Tie]) -> bool:
    """Whether somebody of such a household is in touch."""
    return any(tie.active > ZERO and is_member(tie, household) for tie in ties)


def draw_household(ego: Ego) -> None:
    """With whom the ego lives: a partner, parents, others, nobody."""
    p, ties = ego.p, ego.ties
    u_partner, u_parents, u_others, _ = ego.draw_at(Stream.EGO_TRAITS, 8, 0)
    if u_partner < p.household_partner and has_members(Household.PARTNER, ties):
        ego.live_with(Household.PARTNER)
    elif u_parents < share_with_parents(f4(ego.age), p) and has_members(Household.PARENTS, ties):
        ego.live_with(Household.PARENTS)
    else:
        others = u_others < p.household_others
        ego.household = int(Household.OTHERS if others else Household.ALONE)
