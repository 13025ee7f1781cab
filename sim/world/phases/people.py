"""Who people are: traits that hang together, how long they have been ill, with whom they live."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, exponential, f4, normal, probability, unit
from sim.world.kinds import Diagnosis, Group, Household, Kind
from sim.world.latents import Latent
from sim.world.phases.home import anybody_home, set_household
from sim.world.rules.crisis import proneness_to_crisis
from sim.world.rules.exchange import stigma_censorship
from sim.world.rules.people import frailty_spread, share_with_parents
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

EGO_TRAITS, INITIAL_TIES = int(Stream.EGO_TRAITS), int(Stream.INITIAL_TIES)
LIFE = int(Stream.LIFE)
PSYCHOSIS, SCHIZOPHRENIA = int(Diagnosis.PSYCHOSIS), int(Diagnosis.SCHIZOPHRENIA)
BIPOLAR, PERSONALITY_DISORDER = int(Diagnosis.BIPOLAR), int(Diagnosis.PERSONALITY_DISORDER)
ALONE, PARTNER, PARENTS = int(Household.ALONE), int(Household.PARTNER), int(Household.PARENTS)
OTHERS = int(Household.OTHERS)
G_PARTNER, K_PARENT = int(Group.PARTNER), int(Kind.PARENT)
LATENTS = len(Latent)
SEVERITY, NEED = int(Latent.SEVERITY), int(Latent.NEED)
SOCIABILITY, STIGMA = int(Latent.SOCIABILITY), int(Latent.STIGMA)
PROPENSITY, CAPACITY = int(Latent.PROPENSITY), int(Latent.CAPACITY)
FRAILTY, WELLBEING = int(Latent.FRAILTY), int(Latent.WELLBEING)
AGE, MALE, NON_WHITE = int(Latent.AGE), int(Latent.MALE), int(Latent.NON_WHITE)
DIAGNOSIS, HAS_PARTNER = int(Latent.DIAGNOSIS), int(Latent.PARTNER)
EMPLOYED, SETTLED = int(Latent.EMPLOYED), int(Latent.SETTLED)
KIN, FRIEND, WEAK = int(Latent.KIN), int(Latent.FRIEND), int(Latent.WEAK)
OUTSIDE, OBJECT = int(Latent.OUTSIDE), int(Latent.OBJECT)
FLAGS = (MALE, NON_WHITE, HAS_PARTNER, EMPLOYED, SETTLED)
"""Latents whose uniform is low where the latent is high: below its share, the flag is one."""


@register_jitable
def draw_latents(who, factor, u, z, key):
    """The uniforms and z of an ego's lasting traits, correlated; fills `u` and `z`, (LATENTS,).

    A latent that nothing moves keeps its uniform to the byte.
    """
    u[MALE], u[AGE], u[NON_WHITE], u[DIAGNOSIS] = uniforms(EGO_TRAITS, who, 0, 0, key)
    u[STIGMA], u[SOCIABILITY], u[PROPENSITY], u[NEED] = uniforms(EGO_TRAITS, who, 1, 0, key)
    _, _, _, u[CAPACITY] = uniforms(EGO_TRAITS, who, 2, 0, key)
    u[FRAILTY], u[WELLBEING], _, _ = uniforms(EGO_TRAITS, who, 3, 0, key)
    u[KIN], u[FRIEND], u[WEAK], u[OUTSIDE] = uniforms(EGO_TRAITS, who, 4, 0, key)
    u[OBJECT], _, _, _ = uniforms(EGO_TRAITS, who, 5, 0, key)
    u[SEVERITY], u[EMPLOYED], u[SETTLED], _ = uniforms(EGO_TRAITS, who, 7, 0, key)
    u[HAS_PARTNER], _, _, _ = uniforms(INITIAL_TIES, who, 0, 0, key)
    for i in range(LATENTS):
        z[i] = -normal(u[i]) if i in FLAGS else normal(u[i])
    for i in range(LATENTS - 1, -1, -1):
        moved = ZERO
        for j in range(i + 1):
            moved += factor[i, j] * z[j]
        if moved != z[i]:
            u[i] = probability(-moved) if i in FLAGS else probability(moved)
        z[i] = moved


@register_jitable
def draw_traits(w, e, u, z, team_z, key):
    """What does not change about an ego, but for work and home, which events of life change."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    u8, u9, u10, _ = uniforms(EGO_TRAITS, ego.address, 2, 0, key)
    _, _, u14, _ = uniforms(EGO_TRAITS, ego.address, 3, 0, key)
    ego.male = 1 if u[MALE] < rates.ego_male_share else 0
    ego.age = int(min(max(rates.ego_age_mean + rates.ego_age_sd * z[AGE], f4(18)), f4(80)))
    ego.non_white = 1 if u[NON_WHITE] < rates.ego_non_white_share else 0
    ego.diagnosis = diagnosis_of(u[DIAGNOSIS], rates)
    ego.bipolar = ONE if ego.diagnosis == BIPOLAR else ZERO
    ego.stigma, ego.sociability, ego.propensity = z[STIGMA], z[SOCIABILITY], z[PROPENSITY]
    ego.need = z[NEED]
    ego.constrictor = ONE if u8 < rates.ego_constrictor_share else ZERO
    ego.diversifier = ONE if u9 < rates.ego_diversifier_share else ZERO
    ego.self_capacity = unit(rates.ego_self_capacity + rates.ego_self_capacity_sd * normal(u10))
    ego.base_severity = unit(
        rates.ego_severity_base
        + rates.ego_severity_need * ego.need
        + rates.ego_severity_sd * z[SEVERITY]
    )
    ego.base_capacity = rates.ego_work_capacity * exponential(
        rates.ego_work_capacity_log_sd * z[CAPACITY]
    )
    spread = frailty_spread(ego.bipolar, rates)
    ego.frailty = exponential(spread * z[FRAILTY])
    ego.prone = proneness_to_crisis(ego.frailty, spread, rates)
    own = rates.ego_wellbeing_sd * z[WELLBEING] + rates.ego_team_effect_sd * team_z
    ego.base_wellbeing = rates.wellbeing_level + own
    ego.censorship = stigma_censorship(ego.stigma, rates)
    ego.on_caseload = ONE if u14 < rates.service_on_caseload_share else ZERO
    ego.employed = ONE if u[EMPLOYED] < rates.ego_employed_share else ZERO
    ego.settled = ONE if u[SETTLED] < rates.ego_settled_share else ZERO
    ego.alive = ONE


@register_jitable
def diagnosis_of(u, rates):
    """The diagnosis by the stated shares; the rest have schizophrenia."""
    edge = rates.ego_bipolar_share
    if u < edge:
        return BIPOLAR
    edge = edge + rates.ego_personality_disorder_share
    if u < edge:
        return PERSONALITY_DISORDER
    return PSYCHOSIS if u < edge + rates.ego_psychosis_share else SCHIZOPHRENIA


@register_jitable
def draw_household(w, e, key):
    """With whom the ego lives, given who is there to live with."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    together, parents, others, _ = uniforms(EGO_TRAITS, ego.address, 8, 0, key)
    ego.household = PARTNER
    if together < rates.household_partner and anybody_home(w, e):
        set_household(w, e, PARTNER)
        return
    ego.household = PARENTS
    if parents < share_with_parents(f4(ego.age), rates) and anybody_home(w, e):
        set_household(w, e, PARENTS)
        return
    ego.household = OTHERS if others < rates.household_others else ALONE


@register_jitable
def may_move_in(w, e, week, identity, key):
    """A new partner: some move in together at once."""
    rates = w.rates[w.ego_profile[e]]
    u, _, _, _ = uniforms(LIFE, w.egos[e].address, week + WEEK_OFFSET, identity, key)
    if u < rates.household_partner:
        set_household(w, e, PARTNER)
