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
from sim.world.latents import Latent
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
from sim.world.twin.birth import young_share
from sim.world.twin.family import (
    kin_at_start,
    kind_of_survivor,
    weeks_known,
    weeks_with_worker,
    young_kin_at_start,
)
from sim.world.twin.network import NOT_OF_THIS_RUN
from sim.world.twin.people import Latents, draw_household, draw_traits, latents_of
from sim.world.twin.professional import AHEAD, FILLED

if TYPE_CHECKING:
    from sim.world.agents import CohortModel
    from sim.world.twin.ego import Ego
    from sim.world.twin.professional import Professional
    from sim.world.twin.visits import ServiceLine

MOST_INITIAL_TIES = 40
MOST_TRIES = 60
PAST_YEARS = {Diagnosis.BIPOLAR: f4(100)}
USUAL_PAST_YEARS = f4(25)
"""How far back illness is followed; bipolar illness needs longer to forget its beginning."""


def populate(model: CohortModel) -> None:
    """Fill a team of blank posts and egos: posts, people, their illness, services and ties."""
    for post in model.posts:
        staff_post(post, model.week)
    u_team, *_ = uniforms(Stream.TEAM_EFFECT, model.place.address, 0, 0, model.key)
    for ego in model.egos:
        own = latents_of(ego)
        draw_traits(ego, own, normal(u_team))
        draw_set_points(ego, own)
        draw_past(ego)
        draw_treatment(ego)
        start(ego)
        begin_initial_ties(ego, own.u[Latent.PARTNER])
        draw_household(ego)
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


def draw_set_points(ego: Ego, own: Latents) -> None:
    """How many ties of each group the ego tends to have."""
    stigma = ego.p.ego_stigma_set_point
    mean = {group: ego.p.ties[group].latent_mean for group in Group}
    kin = mean[Group.KIN] + mean[Group.YOUNG_KIN]
    ego.set_kin = set_point(ego, Group.KIN, kin, own.z[Latent.KIN], ZERO)
    ego.set_outside = set_point(
        ego, Group.OUTSIDE, mean[Group.OUTSIDE], own.z[Latent.OUTSIDE], ZERO
    )
    ego.set_object = set_point(ego, Group.OBJECT, mean[Group.OBJECT], own.z[Latent.OBJECT], ZERO)
    ego.set_friend = set_point(ego, Group.FRIEND, mean[Group.FRIEND], own.z[Latent.FRIEND], stigma)
    ego.set_weak = set_point(ego, Group.WEAK, mean[Group.WEAK], own.z[Latent.WEAK], stigma)


def set_point(ego: Ego, group: Group, mean: Any, z: Any, stigma_effect: Any) -> Any:
    """How many ties of a group the ego tends to have: log-normal around the mean.

    Sociable people have more friends, those who feel stigma fewer.
    """
    sd, loading = ego.p.ties[group].set_point_log_sd, ego.p.ties[group].sociability_loading
    own = loading * ego.sociability + square_root(ONE - loading * loading) * z
    stigma = stigma_effect * (ego.stigma + HALF * stigma_effect)
    return mean * exponential(sd * own - HALF * sd * sd - stigma)


def years_until_onset(ego: Ego, u: Any) -> Any:
    """Years without an episode: the inverse of the cumulative hazard times frailty."""
    p = ego.p
    lost = usual_protection_lost(p.start_off_treatment, hazard_ratio_off(ego.bipolar, p))
    risk = -logarithm(u) / max(ego.frailty * p.illness_onset_multiplier * lost, TINY)
    if ego.bipolar == ZERO:
        return risk / p.illness_onset_rate
    return exponential(logarithm(risk / p.illness_bipolar_scale) / p.illness_bipolar_shape)


def draw_past(ego: Ego) -> None:
    """Years of illness, admissions, and the first history that a caseload would take."""
    p = ego.p
    u_onset, u_admitted, *_ = ego.draw_at(Stream.EGO_TRAITS, 9, 0)
    age = f4(ego.age)
    u_past = u_onset * onset_by(age, ego.bipolar, p)
    z = normal(min(max(u_past, TINY), ONE - TINY))
    years = age - min(age_at_onset(z, ego.bipolar, p), age)
    ego.years_ill = int(years)
    ego.past_admissions = poisson(u_admitted, admissions_expected(years, ego.frailty, ego.prone, p))
    for tried in range(MOST_TRIES + 1):
        live_past(ego, years, tried)
        if p.service_recent_floor >= ONE:
            break
        u_taken, *_ = ego.draw_at(Stream.EPISODE, tried, 3)
        if is_taken_on(u_taken, ego.acute, ego.weeks_well, p):
            break


def live_past(ego: Ego, years: Any, tried: int) -> None:
    """Wells and episodes in turn from the onset or the far past on; what holds at the start."""
    from_onset = ego.p.illness_from_onset > ZERO
    span = PAST_YEARS.get(ego.diagnosis, USUAL_PAST_YEARS) / WEEK
    if from_onset:
        span = max(years / WEEK, ONE)
    now = onset = ended = ZERO
    episodes = 0
    ego.acute = ZERO
    while now < span and ego.acute == ZERO:
        ended = now
        u, *_ = ego.draw_at(Stream.EPISODE, episodes, 4 * tried + 1)
        if episodes > 0 or not from_onset:
            now += max(years_until_onset(ego, u) / WEEK, ONE)
        if now < span:
            episodes += 1
            onset = now
            length, depth, *_ = ego.draw_at(Stream.EPISODE, episodes, 4 * tried)
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
    on = u_off >= p.start_off_treatment
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


def begin_initial_ties(ego: Ego, u_partner: Any) -> None:
    """Ties there at the start: around the ego's set points."""
    _, u_kin, u_young, u_friend = ego.draw_at(Stream.INITIAL_TIES, 0, 0)
    u_weak, u_outside, u_object, _ = ego.draw_at(Stream.INITIAL_TIES, 0, 1)
    young = young_share(ego.p)
    known = ego.p.formation_survivor_known
    if u_partner < ego.p.ties[Group.PARTNER].latent_mean:
        survive(ego, Group.PARTNER, 0, known)
    begin_group(ego, Group.KIN, ego.set_kin * (ONE - young), f4(2) * known, u_kin)
    begin_group(ego, Group.YOUNG_KIN, ego.set_kin * young, known, u_young)
    begin_group(ego, Group.FRIEND, ego.set_friend, known, u_friend)
    standing = standing_factor(ego.employed, ego.settled, ego.p)
    begin_group(ego, Group.WEAK, ego.set_weak * standing, HALF * known, u_weak)
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
