"""Who is there at the start, with what ties, as if the world had always been running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from sim.world.kinds import Diagnosis, Group, Kind, Line
from sim.world.rules.exchange import stigma_censorship
from sim.world.rules.illness import cumulative_onset, episode_peak, episode_weeks
from sim.world.rules.reliance import needed_units
from sim.world.rules.services import vacancy_weeks, worker_quality
from sim.world.rules.treatment import hazard_ratio_off, usual_protection_lost, usual_share_off
from sim.world.streams import Stream, uniforms
from sim.world.twin.birth import young_share
from sim.world.twin.family import (
    kin_at_start,
    kind_of_survivor,
    weeks_known,
    weeks_with_worker,
    young_kin_at_start,
)
from sim.world.twin.network import NOT_OF_THIS_RUN
from sim.world.twin.parameters import Parameters
from sim.world.twin.professional import AHEAD, FILLED

if TYPE_CHECKING:
    from sim.world.agents import CohortModel
    from sim.world.twin.ego import Ego
    from sim.world.twin.professional import Professional
    from sim.world.twin.visits import ServiceLine

MOST_INITIAL_TIES = 40
PAST_YEARS = {Diagnosis.BIPOLAR: f4(100)}
USUAL_PAST_YEARS = f4(25)
"""How far back illness is followed; bipolar illness needs longer to forget its beginning."""


def populate(model: CohortModel) -> None:
    """Fill a team of blank posts and egos: posts, people, their illness, services and ties."""
    for post in model.posts:
        staff_post(post, model.week)
    u_team, *_ = uniforms(Stream.TEAM_EFFECT, model.place.address, 0, 0, model.key)
    for ego in model.egos:
        draw_traits(ego, normal(u_team))
        draw_set_points(ego)
        draw_past_illness(ego)
        draw_treatment(ego)
        start(ego)
        begin_initial_ties(ego)
        begin_services(ego, model.week)


def staff_post(post: Professional, week: int) -> None:
    """A post is filled or vacant, with a worker of some quality, and has an open diary."""
    p = post.p
    u_vacant, u_until, u_quality, _ = uniforms(
        Stream.REPLACEMENT, post.address, 0, 1, post.model.key
    )
    share = p.service_leaving * p.service_vacancy_weeks * WEEK
    vacant = u_vacant < share / (ONE + share)
    post.vacant_until = week + vacancy_weeks(u_until, p) if vacant else FILLED
    post.quality = worker_quality(normal(u_quality), p)
    post.sick_until = week
    for ahead in range(AHEAD):
        post.plan_diary_week(week + ahead)


def draw_traits(ego: Ego, team_z: Any) -> None:
    """What does not change about an ego."""
    p = ego.p
    u_male, u_age, u_white, u_diagnosis = ego.draw_at(Stream.EGO_TRAITS, 0, 0)
    ego.male = int(u_male < p.ego_male_share)
    ego.age = int(min(max(p.ego_age_mean + p.ego_age_sd * normal(u_age), f4(18)), f4(80)))
    ego.non_white = int(u_white < p.ego_non_white_share)
    ego.diagnosis = diagnosis_of(u_diagnosis, p)
    ego.bipolar = ONE if ego.diagnosis == Diagnosis.BIPOLAR else ZERO
    z_scores = [normal(u) for u in ego.draw_at(Stream.EGO_TRAITS, 1, 0)]
    ego.stigma, ego.sociability, ego.propensity, ego.need = z_scores
    u_constrictor, u_diversifier, u_self, u_work = ego.draw_at(Stream.EGO_TRAITS, 2, 0)
    ego.constrictor = ONE if u_constrictor < p.ego_constrictor_share else ZERO
    ego.diversifier = ONE if u_diversifier < p.ego_diversifier_share else ZERO
    ego.self_capacity = unit(p.ego_self_capacity + p.ego_self_capacity_sd * normal(u_self))
    ego.base_severity = unit(p.ego_severity_base + p.ego_severity_need * ego.need)
    ego.base_capacity = p.ego_work_capacity * exponential(
        p.ego_work_capacity_log_sd * normal(u_work)
    )
    u_frailty, u_wellbeing, u_caseload, _ = ego.draw_at(Stream.EGO_TRAITS, 3, 0)
    ego.frailty = exponential(p.ego_frailty_log_sd * normal(u_frailty))
    own = p.ego_wellbeing_sd * normal(u_wellbeing) + p.ego_team_effect_sd * team_z
    ego.base_wellbeing = p.wellbeing_level + own
    ego.censorship = stigma_censorship(ego.stigma, p)
    ego.on_caseload = ONE if u_caseload < p.service_on_caseload_share else ZERO
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


def draw_set_points(ego: Ego) -> None:
    """How many ties of each group the ego tends to have."""
    stigma = ego.p.ego_stigma_set_point
    mean = {group: ego.p.ties[group].latent_mean for group in Group}
    kin = mean[Group.KIN] + mean[Group.YOUNG_KIN]
    u_kin, u_friend, u_weak, u_outside = ego.draw_at(Stream.EGO_TRAITS, 4, 0)
    u_object, *_ = ego.draw_at(Stream.EGO_TRAITS, 5, 0)
    ego.set_kin = set_point(ego, Group.KIN, kin, u_kin, ZERO)
    ego.set_friend = set_point(ego, Group.FRIEND, mean[Group.FRIEND], u_friend, stigma)
    ego.set_weak = set_point(ego, Group.WEAK, mean[Group.WEAK], u_weak, stigma)
    ego.set_outside = set_point(ego, Group.OUTSIDE, mean[Group.OUTSIDE], u_outside, ZERO)
    ego.set_object = set_point(ego, Group.OBJECT, mean[Group.OBJECT], u_object, ZERO)


def set_point(ego: Ego, group: Group, mean: Any, u: Any, stigma_effect: Any) -> Any:
    """How many ties of a group the ego tends to have: log-normal around the mean.

    Sociable people have more friends, those who feel stigma fewer.
    """
    sd, loading = ego.p.ties[group].set_point_log_sd, ego.p.ties[group].sociability_loading
    own = loading * ego.sociability + square_root(ONE - loading * loading) * normal(u)
    stigma = stigma_effect * (ego.stigma + HALF * stigma_effect)
    return mean * exponential(sd * own - HALF * sd * sd - stigma)


def years_until_onset(ego: Ego, u: Any) -> Any:
    """Years without an episode: the inverse of the cumulative hazard times frailty."""
    p = ego.p
    lost = usual_protection_lost(usual_share_off(p), hazard_ratio_off(ego.bipolar, p))
    risk = -logarithm(u) / max(ego.frailty * p.illness_onset_multiplier * lost, TINY)
    if ego.bipolar == ZERO:
        return risk / p.illness_onset_rate
    return exponential(logarithm(risk / p.illness_bipolar_scale) / p.illness_bipolar_shape)


def draw_past_illness(ego: Ego) -> None:
    """Wells and episodes in turn from the far past on; the state is what holds at the start."""
    span = PAST_YEARS.get(ego.diagnosis, USUAL_PAST_YEARS) / WEEK
    now = onset = ended = ZERO
    episodes = 0
    ego.acute = ZERO
    while now < span and ego.acute == ZERO:
        ended = now
        u, *_ = ego.draw_at(Stream.EPISODE, episodes, 1)
        now += max(years_until_onset(ego, u) / WEEK, ONE)
        if now < span:
            episodes += 1
            onset = now
            length, depth, *_ = ego.draw_at(Stream.EPISODE, episodes, 0)
            ego.duration, ego.peak = episode_weeks(length, ego.p), episode_peak(depth, ego.p)
            now += ego.duration
            ego.acute = ONE if now >= span else ZERO
    ego.episode = f4(episodes)
    ego.weeks_since_onset = f4(int(span - onset)) if episodes > 0 else f4(9999)
    ego.progress = f4(int(span - onset)) if ego.acute > ZERO else ZERO
    ego.weeks_well = f4(int(span - ended)) if ego.acute == ZERO else ZERO
    ego.onset_hazard_so_far = cumulative_onset(ego.weeks_well, ego.bipolar, ego.p)


def draw_treatment(ego: Ego) -> None:
    """On treatment or off it, and for how long, where stopping and restarting balance."""
    p = ego.p
    u_off, u_weeks, *_ = ego.draw_at(Stream.CARE, 0, 0)
    on = u_off >= usual_share_off(p)
    leaving = p.treatment_stop if on else p.treatment_restart
    weeks = f4(int(min(-logarithm(u_weeks) / max(leaving * WEEK, TINY), f4(9999))))
    ego.treated = ONE if on else ZERO
    ego.weeks_treated, ego.weeks_off = (weeks, ZERO) if on else (ZERO, weeks)


def start(ego: Ego) -> None:
    """Everything that runs starts near its usual level; the run-in settles the rest."""
    ego.severity = unit(ego.base_severity + ego.acute * ego.peak)
    ego.share, ego.core = ONE, f4(2)
    p = ego.p
    ego.guilt, ego.care, ego.unmet = p.start_guilt, p.exchange_usual_giving, p.start_unmet
    ego.service_trust, ego.workers_met = p.start_service_trust, p.start_workers_met
    ego.overload = p.service_overload_start
    for function in ("emotional", "practical", "illness", "advocacy", "distraction"):
        setattr(ego, function, getattr(p, f"start_{function}"))
    ego.understood, ego.engagement = p.start_understood, p.start_engagement
    ego.groups = p.start_groups
    ego.wellbeing = ego.base_wellbeing


def poisson(u: Any, mean: Any) -> int:
    """The Poisson quantile of u, at most MOST_INITIAL_TIES."""
    number = 0
    term = total = survival(mean)
    while u > total and number < MOST_INITIAL_TIES:
        number += 1
        term = term * mean / f4(number)
        total = total + term
    return number


def begin_initial_ties(ego: Ego) -> None:
    """Ties there at the start: around the ego's set points."""
    u_partner, u_kin, u_young, u_friend = ego.draw_at(Stream.INITIAL_TIES, 0, 0)
    u_weak, u_outside, u_object, _ = ego.draw_at(Stream.INITIAL_TIES, 0, 1)
    young = young_share(ego.p)
    known = ego.p.formation_survivor_known
    if u_partner < ego.p.ties[Group.PARTNER].latent_mean:
        survive(ego, Group.PARTNER, 0, known)
    begin_group(ego, Group.KIN, ego.set_kin * (ONE - young), f4(2) * known, u_kin)
    begin_group(ego, Group.YOUNG_KIN, ego.set_kin * young, known, u_young)
    begin_group(ego, Group.FRIEND, ego.set_friend, known, u_friend)
    begin_group(ego, Group.WEAK, ego.set_weak, HALF * known, u_weak)
    begin_group(ego, Group.OUTSIDE, ego.set_outside, HALF * known, u_outside)
    begin_group(ego, Group.OBJECT, ego.set_object, known, u_object)


def begin_group(ego: Ego, group: Group, mean: Any, mean_known: Any, u: Any) -> None:
    """The first ties of a group, `mean` of them active and some more dormant."""
    if ego.p.family_switch > ZERO and group == Group.YOUNG_KIN:
        mean = mean * ego.p.family_young_others
    number = poisson(u, mean * (ONE + ego.p.ties[group].dormant_share))
    if ego.p.family_switch > ZERO and group == Group.KIN:
        for ordinal, kind in kin_at_start(ego, number):
            survive(ego, group, ordinal, mean_known, kind)
        return
    ordinals = list(range(number))
    if ego.p.family_switch > ZERO and group == Group.YOUNG_KIN:
        ordinals = young_kin_at_start(ego, number)
    for ordinal in ordinals:
        survive(ego, group, ordinal, mean_known)


def survive(
    ego: Ego, group: Group, ordinal: int, mean_known: Any, kind: Kind | None = None
) -> None:
    """A tie that has lasted until the start, known for some time; some of them are dormant."""
    identity = ordinal * 32 + group
    if kind is None:
        kind = kind_of_survivor(ego, group, identity)
    _, u_sleep, *_ = ego.draw_at(Stream.INITIAL_TIES, 1, identity)
    known = weeks_known(ego, kind, identity, mean_known)
    tie = ego.begin_tie(group, identity, kind=kind, survivor=ONE, known=known, born=NOT_OF_THIS_RUN)
    asleep = ego.p.ties[group].dormant_share
    if u_sleep * (ONE + asleep) < asleep:
        tie.active, tie.dormant = ZERO, ONE


def neediest(ego: Ego, share: Any, u: Any) -> int:
    """1 if the ego is among the neediest share, noisily."""
    noise = ego.p.service_need_noise
    edge = normal(ONE - share) * square_root(ONE + noise * noise) if share < ONE else f4(-99)
    return int(ego.need + noise * normal(u) > edge)


def begin_services(ego: Ego, week: int) -> None:
    """Lines of service, the worker on each, and when the next visit is due."""
    p = ego.p
    u_coordinated, u_supported, *_ = ego.draw_at(Stream.EGO_TRAITS, 6, 0)
    ego.lines[Line.PSYCHIATRIST].entitled = 1
    ego.lines[Line.COORDINATOR].entitled = neediest(ego, p.service_coordinated_share, u_coordinated)
    ego.lines[Line.SUPPORT_WORKER].entitled = neediest(ego, p.service_supported_share, u_supported)
    for line in ego.lines:
        if line.entitled:
            note_usual_care(ego, line)
        if not line.entitled or ego.on_caseload == ZERO:
            continue
        u_worker, u_due, u_age, u_even = ego.draw_at(Stream.INITIAL_LINES, 0, line.line)
        line.worker = ego.model.choose_post(line.line, u_worker)
        line.nominal = week + int(u_due * line.interval)
        parting = p.service_leaving + p.service_discharge
        parting += p.service_reassignment if line.line == Line.COORDINATOR else ZERO
        known = f4(int(-logarithm(u_age) / parting / WEEK))
        if line.worker is not None:
            known = weeks_with_worker(ego, line.worker, known, u_even)
        identity = Group.PSYCHIATRIST + line.line
        line.meet(identity, survivor=ONE, known=known, born=NOT_OF_THIS_RUN)


def note_usual_care(ego: Ego, line: ServiceLine) -> None:
    """What the ego needs of a line, before any shock: intervals, and the help it brings."""
    line.usual, line.usual_acute = line.interval, ego.p.lines[line.line].acute_interval_weeks
    ego.usual_interval = min(one.usual for one in ego.lines if one.usual > ZERO)
    ego.needed_lately += needed_units(line.units, line.usual, line.usual_acute, ZERO)
    ego.kept_lately = ego.needed_lately
    ego.staff_usual += ego.p.ties[Group.PSYCHIATRIST + line.line].usual_support
    ego.staff_lately = ego.staff_usual
