"""Who is there at the start, with what ties, as if the world had always been running.

Three things make the start stationary: initial ties carry the strength of ties that have survived;
illness comes from the far past as a renewal process; births balance losses around each ego's own
set points.
"""

import numpy as np
from numba.extending import register_jitable

from sim.world.arithmetic import (
    HALF,
    ONE,
    TINY,
    WEEK,
    ZERO,
    exponential,
    f4,
    logarithm,
    normal,
    square_root,
    survival,
    unit,
)
from sim.world.kinds import Group, Line
from sim.world.phases import layout as c
from sim.world.phases.fate import young_share
from sim.world.phases.people import (
    FRIEND,
    HAS_PARTNER,
    KIN,
    LATENTS,
    OBJECT,
    OUTSIDE,
    WEAK,
    draw_household,
    draw_latents,
    draw_traits,
)
from sim.world.phases.services import interval_of
from sim.world.phases.staff import AHEAD, choose_post, meet_worker, plan_diary_week
from sim.world.phases.start import begin_kin, begin_survivor, begin_young_kin, weeks_with_worker
from sim.world.rules.illness import cumulative_onset, episode_peak, episode_weeks
from sim.world.rules.people import (
    admissions_expected,
    age_at_onset,
    is_taken_on,
    onset_by,
    standing_factor,
)
from sim.world.rules.reliance import needed_units
from sim.world.rules.services import vacancy_weeks, worker_quality
from sim.world.rules.treatment import hazard_ratio_off, usual_protection_lost
from sim.world.streams import Stream, uniforms

EGO_TRAITS, INITIAL_TIES = int(Stream.EGO_TRAITS), int(Stream.INITIAL_TIES)
INITIAL_LINES, EPISODE = int(Stream.INITIAL_LINES), int(Stream.EPISODE)
CARE = int(Stream.CARE)
REPLACEMENT, TEAM_EFFECT = int(Stream.REPLACEMENT), int(Stream.TEAM_EFFECT)
G_PARTNER, G_KIN, G_YOUNG_KIN = int(Group.PARTNER), int(Group.KIN), int(Group.YOUNG_KIN)
G_FRIEND, G_WEAK, G_OBJECT = int(Group.FRIEND), int(Group.WEAK), int(Group.OBJECT)
G_OUTSIDE, G_PSYCHIATRIST = int(Group.OUTSIDE), int(Group.PSYCHIATRIST)
COORDINATOR, SUPPORT_WORKER = int(Line.COORDINATOR), int(Line.SUPPORT_WORKER)
MOST_INITIAL_TIES = 40
MOST_TRIES = 60
"""Histories tried for one ego; the last is taken as it is."""
TAKEN_ON = 3
"""Marks the draws by which a history is taken; those of a later history begin at 4."""
PAST_YEARS = (f4(25), f4(100))
"""How far back illness is followed: schizophrenia-like, bipolar-like."""


@register_jitable
def populate(w, week, team_address, factor, key):
    """Fill an empty team: posts, people, their illness, their services and their ties.

    `factor` is the (LATENTS, LATENTS) Cholesky factor of what hangs together in people.
    """
    for n in range(w.posts.size):
        post, rates = w.posts[n], w.rates[w.post_profile[n]]
        u0, u1, u2, _ = uniforms(REPLACEMENT, post.address, 0, 1, key)
        share = rates.service_leaving * rates.service_vacancy_weeks * WEEK
        post.vacant_until = (
            week + vacancy_weeks(u1, rates) if u0 < share / (ONE + share) else c.NEVER
        )
        post.quality = worker_quality(normal(u2), rates)
        post.sick_until = week
        for ahead in range(AHEAD):
            plan_diary_week(w, n, week + ahead, key)
    team_z = normal(uniforms(TEAM_EFFECT, team_address, 0, 0, key)[0])
    u, z = np.empty(LATENTS, np.float32), np.empty(LATENTS, np.float32)
    for e in range(w.egos.size):
        draw_latents(w.egos[e].address, factor, u, z, key)
        draw_traits(w, e, u, z, team_z, key)
        draw_set_points(w, e, z)
        draw_past(w, e, key)
        draw_treatment(w, e, key)
        start_ego(w, e)
        begin_initial_ties(w, e, u[HAS_PARTNER], week, key)
        draw_household(w, e, key)
        begin_services(w, e, week, key)


@register_jitable
def set_point(mean, usual, ego, z, stigma_effect):
    """How many ties of a group the ego tends to have: log-normal around the mean (B9, P54).

    mean * exp(sd * (loading * sociability + sqrt(1 - loading^2) z) - sd^2/2
               - stigma_effect * stigma - stigma_effect^2/2)
    """
    sd = usual.set_point_log_sd
    loading = usual.sociability_loading
    own = loading * ego.sociability + square_root(ONE - loading * loading) * z
    log = sd * own - HALF * sd * sd - stigma_effect * (ego.stigma + HALF * stigma_effect)
    return mean * exponential(log)


@register_jitable
def draw_set_points(w, e, z):
    """How many ties of each group the ego tends to have; `z` are its latents."""
    ego, usual = w.egos[e], w.group_rates[w.ego_profile[e]]
    stigma = w.rates[w.ego_profile[e]].ego_stigma_set_point
    kin = usual[G_KIN].latent_mean + usual[G_YOUNG_KIN].latent_mean
    ego.set_kin = set_point(kin, usual[G_KIN], ego, z[KIN], ZERO)
    ego.set_friend = set_point(usual[G_FRIEND].latent_mean, usual[G_FRIEND], ego, z[FRIEND], stigma)
    ego.set_weak = set_point(usual[G_WEAK].latent_mean, usual[G_WEAK], ego, z[WEAK], stigma)
    ego.set_outside = set_point(
        usual[G_OUTSIDE].latent_mean, usual[G_OUTSIDE], ego, z[OUTSIDE], ZERO
    )
    ego.set_object = set_point(usual[G_OBJECT].latent_mean, usual[G_OBJECT], ego, z[OBJECT], ZERO)


@register_jitable
def years_until_onset(u, ego, rates):
    """Years without an episode: the inverse of the cumulative hazard times frailty."""
    lost = usual_protection_lost(rates.start_off_treatment, hazard_ratio_off(ego.bipolar, rates))
    risk = -logarithm(u) / max(ego.frailty * rates.illness_onset_multiplier * lost, TINY)
    if ego.bipolar == ZERO:
        return risk / rates.illness_onset_rate
    return exponential(logarithm(risk / rates.illness_bipolar_scale) / rates.illness_bipolar_shape)


@register_jitable
def draw_past(w, e, key):
    """How long the ego has been ill, how often in hospital, and what holds now.

    Histories are tried in order until one is of somebody a caseload would hold.
    """
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    onset, admitted, _, _ = uniforms(EGO_TRAITS, ego.address, 9, 0, key)
    age = f4(ego.age)
    z = normal(min(max(onset * onset_by(age, ego.bipolar, rates), TINY), ONE - TINY))
    years = age - min(age_at_onset(z, ego.bipolar, rates), age)
    ego.years_ill = int(years)
    often = admissions_expected(years, ego.frailty, ego.prone, rates)
    ego.past_admissions = poisson(admitted, often)
    tried = 0
    live_past(ego, years, tried, rates, key)
    while rates.service_recent_floor < ONE and tried < MOST_TRIES:
        u, _, _, _ = uniforms(EPISODE, ego.address, tried, TAKEN_ON, key)
        if is_taken_on(u, ego.acute, ego.weeks_well, rates) > ZERO:
            break
        tried += 1
        live_past(ego, years, tried, rates, key)


@register_jitable
def live_past(ego, years, tried, rates, key):
    """Wells and episodes in turn until the start; the state is what holds then.

    From the onset of illness, which is an episode, or else from a past so far that it does not
    matter. `tried` histories came before this one.
    """
    from_onset = rates.illness_from_onset > ZERO
    span = (PAST_YEARS[1] if ego.bipolar > ZERO else PAST_YEARS[0]) / WEEK
    span = max(years / WEEK, ONE) if from_onset else span
    now, onset, ended = ZERO, f4(-9999), ZERO
    ordinal = 0
    ego.acute = ZERO
    while True:
        gap, _, _, _ = uniforms(EPISODE, ego.address, ordinal, 4 * tried + 1, key)
        if ordinal > 0 or not from_onset:
            now += max(years_until_onset(gap, ego, rates) / WEEK, ONE)
        if now >= span:
            break
        ordinal += 1
        onset = now
        length, depth, _, _ = uniforms(EPISODE, ego.address, ordinal, 4 * tried, key)
        ego.duration, ego.peak = episode_weeks(length, rates), episode_peak(depth, rates)
        now += ego.duration
        if now >= span:
            ego.acute = ONE
            break
        ended = now
    ego.episode = f4(ordinal)
    ego.weeks_since_onset = f4(int(span - onset)) if ordinal > 0 else f4(9999)
    ego.progress = f4(int(span - onset)) if ego.acute > ZERO else ZERO
    ego.weeks_well = f4(int(span - ended)) if ego.acute == ZERO else ZERO
    ego.onset_hazard_so_far = cumulative_onset(ego.weeks_well, ego.bipolar, rates)


@register_jitable
def draw_treatment(w, e, key):
    """On treatment or off it, and for how long, where stopping and restarting balance."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    u0, u1, _, _ = uniforms(CARE, ego.address, 0, 0, key)
    ego.treated = ONE if u0 >= rates.start_off_treatment else ZERO
    left = rates.treatment_stop if ego.treated > ZERO else rates.treatment_restart
    weeks = f4(int(min(-logarithm(u1) / max(left * WEEK, TINY), f4(9999))))
    ego.weeks_treated = weeks if ego.treated > ZERO else ZERO
    ego.weeks_off = ZERO if ego.treated > ZERO else weeks


@register_jitable
def start_ego(w, e):
    """Everything that runs starts near its usual level; the run-in settles the rest."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    ego.severity = unit(ego.base_severity + ego.acute * ego.peak)
    ego.share, ego.core = ONE, f4(2)
    ego.guilt, ego.care, ego.unmet = (
        rates.start_guilt,
        rates.exchange_usual_giving,
        rates.start_unmet,
    )
    ego.service_trust = rates.start_service_trust
    ego.overload = rates.service_overload_start
    ego.workers_met = rates.start_workers_met
    ego.emotional, ego.practical, ego.illness = (
        rates.start_emotional,
        rates.start_practical,
        rates.start_illness,
    )
    ego.advocacy, ego.distraction = rates.start_advocacy, rates.start_distraction
    ego.understood, ego.engagement = rates.start_understood, rates.start_engagement
    ego.groups = rates.start_groups
    ego.wellbeing = ego.base_wellbeing


@register_jitable
def poisson(u, mean):
    """The Poisson quantile of u, at most MOST_INITIAL_TIES."""
    term = survival(mean)
    total, k = term, 0
    while u > total and k < MOST_INITIAL_TIES:
        k += 1
        term = term * mean / f4(k)
        total += term
    return k


@register_jitable
def begin_group(w, e, group, mean, mean_known, u, week, key):
    """The first ties of a group: survivors, known for some time, some of them dormant.

    `mean` counts active ties; with s dormant for each active one, there are Poisson(mean * (1 + s))
    in all, of which each is dormant with chance s / (1 + s).
    """
    asleep, rates = w.group_rates[w.ego_profile[e], group].dormant_share, w.rates[w.ego_profile[e]]
    family = rates.family_switch > ZERO
    if group == G_YOUNG_KIN and family:
        mean = mean * rates.family_young_others
    number = poisson(u, mean * (ONE + asleep))
    if group == G_KIN and family:
        begin_kin(w, e, number, mean_known, week, key)
    elif group == G_YOUNG_KIN and family:
        begin_young_kin(w, e, number, mean_known, week, key)
    else:
        for ordinal in range(number):
            begin_survivor(w, e, group, ordinal, -1, mean_known, week, key)


@register_jitable
def begin_initial_ties(w, e, partner, week, key):
    """Ties there at the start: around the ego's set points; `partner` is that latent's uniform."""
    ego = w.egos[e]
    usual, rates = w.group_rates[w.ego_profile[e]], w.rates[w.ego_profile[e]]
    _, u1, u2, u3 = uniforms(INITIAL_TIES, ego.address, 0, 0, key)
    u4, u5, u6, _ = uniforms(INITIAL_TIES, ego.address, 0, 1, key)
    young, known = young_share(usual), rates.formation_survivor_known
    if partner < usual[G_PARTNER].latent_mean:
        begin_survivor(w, e, G_PARTNER, 0, -1, known, week, key)
    begin_group(w, e, G_KIN, ego.set_kin * (ONE - young), f4(2) * known, u1, week, key)
    begin_group(w, e, G_YOUNG_KIN, ego.set_kin * young, known, u2, week, key)
    begin_group(w, e, G_FRIEND, ego.set_friend, known, u3, week, key)
    standing = standing_factor(ego.employed, ego.settled, rates)
    begin_group(w, e, G_WEAK, ego.set_weak * standing, HALF * known, u4, week, key)
    begin_group(w, e, G_OUTSIDE, ego.set_outside, HALF * known, u5, week, key)
    begin_group(w, e, G_OBJECT, ego.set_object, known, u6, week, key)


@register_jitable
def neediest(share, noise, need, u):
    """Whether the ego is among the neediest share, noisily."""
    edge = normal(ONE - share) * square_root(ONE + noise * noise) if share < ONE else f4(-99)
    return 1 if need + noise * normal(u) > edge else 0


@register_jitable
def begin_services(w, e, week, key):
    """Lines of service, the worker on each, and when the next visit is due."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    u0, u1, _, _ = uniforms(EGO_TRAITS, ego.address, 6, 0, key)
    w.lines[e, 0].entitled = 1
    w.lines[e, COORDINATOR].entitled = neediest(
        rates.service_coordinated_share, rates.service_need_noise, ego.need, u0
    )
    w.lines[e, SUPPORT_WORKER].entitled = neediest(
        rates.service_supported_share, rates.service_need_noise, ego.need, u1
    )
    for line in range(3):
        here = w.lines[e, line]
        here.post, here.slot, here.booked = -1, -1, c.NEVER
        if here.entitled == 1:
            note_usual_care(w, e, line)
        if here.entitled == 0 or ego.on_caseload == ZERO:
            continue
        worker, due, age, evenly = uniforms(INITIAL_LINES, ego.address, 0, line, key)
        here.post = choose_post(w, line, worker, -1)
        here.nominal = week + int(due * interval_of(w.line_rates[w.ego_profile[e], line], ego.need))
        parting = rates.service_leaving + rates.service_discharge
        parting += rates.service_reassignment if line == COORDINATOR else ZERO
        known = f4(int(-logarithm(age) / parting / WEEK))
        if here.post >= 0:
            known = weeks_with_worker(ego, w.posts[here.post], known, evenly, week, rates, key)
        identity = G_PSYCHIATRIST + line
        meet_worker(w, e, line, c.NEVER, known, ONE, identity, key)


@register_jitable
def note_usual_care(w, e, line):
    """What the ego needs of a line, before any shock: intervals, and the help it brings."""
    ego, here, usual = w.egos[e], w.lines[e, line], w.line_rates[w.ego_profile[e], line]
    here.usual = interval_of(usual, ego.need)
    here.usual_acute = usual.acute_interval_weeks
    first = ego.usual_interval == ZERO
    ego.usual_interval = here.usual if first else min(ego.usual_interval, here.usual)
    ego.needed_lately += needed_units(usual.units, here.usual, here.usual_acute, ZERO)
    ego.kept_lately = ego.needed_lately
    ego.staff_usual += w.group_rates[w.ego_profile[e], G_PSYCHIATRIST + line].usual_support
    ego.staff_lately = ego.staff_usual
