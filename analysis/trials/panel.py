"""The classical longitudinal model as a process of studies.

y[i, t] = mean[arm, t] + cluster[t] + a[i] + b[i] years[t] + residual, all normal. Who is
interviewed follows the dial of `sim.study.participate`: logit P(miss wave t) = a[t, arm] +
log(OR) z at fixed retention, z being nothing, the last recorded score, the one due, or the score
due without its residual, in SD with worse above zero.

Streams: [PANEL_PERSON] level and slope, [PANEL_WAVE] residual, absence and return,
[PANEL_CLUSTER] effects of clusters and their sizes. An address names person, wave or cluster and
never a sample size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numba.extending import register_jitable

from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.trials.absence import NEVER, solve_absence
from analysis.trials.batch import Batch, StudyInRounds
from analysis.trials.cluster_sizes import drawn_sizes, drawn_weights
from analysis.trials.model import Model
from analysis.trials.moderator import moderated, moderations, moderator_of, moderators
from analysis.trials.predictor import lasting_of, passing_of, predictors, with_predictor
from analysis.trials.rounds import Enrolment, Rounds
from analysis.trials.structure import known_at_baseline, strata_order, structured, within_strata
from analysis.trials.study_key import study_key
from analysis.trials.variances import (
    by_person,
    check_clusters,
    cluster_autocorrelations,
    cluster_sds,
    person_variances,
)
from sim.errors import InputError
from sim.study.settings import MECHANISMS
from sim.study.spec import Study
from sim.world.arithmetic import ONE, exponential, f4, normal
from sim.world.compiled import compiled
from sim.world.kinds import WEEKS_A_YEAR
from sim.world.streams import Stream, uniforms

__all__ = ["PanelProcess", "model_of", "panel_process"]

PERSON, WAVE, CLUSTER = (
    int(Stream.PANEL_PERSON), int(Stream.PANEL_WAVE), int(Stream.PANEL_CLUSTER),
)  # fmt: skip
MAR, OUTCOME, STATE = (MECHANISMS.index(name) for name in ("MAR", "MNAR-outcome", "MNAR-state"))
EVERY_ARM = 0xFFFF
"""In the place of an arm: what a therapist adds in all of them."""
BATCH = 256
"""Replicates drawn together."""


@register_jitable(forceinline=True)
def is_missed(model, a, t, record, recorded, state, score, v):  # type: ignore[no-untyped-def]
    """Whether wave t is missed by somebody of arm a whose last record is of wave `record`."""
    logit = model.absence[a, t]
    if logit <= f4(NEVER):
        return False
    z = f4(0)
    if model.mechanism[a] == MAR:
        z = (recorded - model.centre[record]) / model.spread[record]
    elif model.mechanism[a] == OUTCOME:
        z = (score - model.centre[t]) / model.spread[t]
    elif model.mechanism[a] == STATE:
        z = (state - model.centre[t]) / model.state_spread[t]
    logit += model.odds[a] * model.worse * z
    return v < ONE / (ONE + exponential(-logit))


@register_jitable(forceinline=True)
def draw_person(model, i, key):  # type: ignore[no-untyped-def]
    """What person i adds at every wave, and their change a year."""
    u, v, w, _ = uniforms(PERSON, i, 0, 0, key)
    level = normal(u)
    along = f4(np.sqrt(ONE - model.tilt * model.tilt))
    change = model.slope * (model.tilt * level + along * normal(v))
    level = model.person * level
    if model.known > f4(0):
        level += model.known * normal(w)
    if model.offset.size > 0:
        level += model.offset[i]
    return level, change


@register_jitable(forceinline=True)
def draw_score(model, a, t, shared, level, change, u, z):  # type: ignore[no-untyped-def]
    """The state at wave t and the score; z has what correlates the waves up to t."""
    if model.ratio.size > 0:
        own = shared * model.cluster[a, t] + level + change * model.years[t]
        for s in range(t + 1):
            own += model.factor[t, s] * z[s]
        state = model.mean[a, t] + model.ratio[a, t] * own
        return state, state + model.ratio[a, t] * model.residual * normal(u)
    state = (
        model.mean[a, t] + shared * model.cluster[a, t] + level + change * model.years[t]
    )  # fmt: skip
    return state, state + model.residual * normal(u)


@register_jitable(forceinline=True)
def lasting_share(model, a, home, key):  # type: ignore[no-untyped-def]
    """What of a cluster's effect in an arm lasts, standard normal; zero for people in none."""
    if home < 0:
        return f4(0)
    u, _, _, _ = uniforms(CLUSTER, home, a, 0, key)
    if model.crossed <= f4(0):
        return normal(u)
    common, _, _, _ = uniforms(CLUSTER, home, EVERY_ARM, 0, key)
    apart = f4(np.sqrt(ONE - model.crossed * model.crossed))
    return model.crossed * normal(common) + apart * normal(u)


@register_jitable(forceinline=True)
def cluster_at(model, a, home, t, shared, key):  # type: ignore[no-untyped-def]
    """The effect of a cluster at a wave, in SD, from what of it lasts."""
    if home < 0 or model.passing[a] <= f4(0):
        return shared
    own, _, _, _ = uniforms(CLUSTER, home, a, t + 1, key)
    return model.lasting[a] * shared + model.passing[a] * normal(own)


@compiled
def draw_panel(
    seed: tuple[int, int],
    first: int,
    arm: np.ndarray,
    cluster: np.ndarray,
    model: Model,
    y: np.ndarray,
) -> None:
    """Fill y, (B, n, T), with replicates first, first + 1, ...; NaN where nobody came."""
    replicates, n, waves = y.shape
    z = np.zeros(waves, np.float32)
    for b in range(replicates):
        key = study_key(seed, first + b)
        for i in range(n):
            a, home = arm[i], cluster[i]
            level, change = draw_person(model, i, key)
            shared = lasting_share(model, a, home, key)
            x = moderator_of(model.prevalence, i, key) if model.moderation.size > 0 else f4(0)
            stays = f4(0)
            if model.predictor.size > 0:
                stays = f4(model.predictor[0] * model.predictor[2]) * lasting_of(i, key)
            record = 0
            for t in range(waves):
                u, v, returns, w = uniforms(WAVE, i, t, 0, key)
                z[t] = normal(w) if model.factor.size > 0 else f4(0)
                common = cluster_at(model, a, home, t, shared, key)
                state, score = draw_score(model, a, t, common, level, change, u, z)
                if model.moderation.size > 0:
                    state += x * model.moderation[a, t]
                    score += x * model.moderation[a, t]
                if model.predictor.size > 0:
                    state += stays
                    moves = f4(model.predictor[1] * model.predictor[3])
                    score += stays + moves * passing_of(i, t, key)
                y[b, i, t] = np.nan
                if t > 0 and record < t - 1 and returns >= model.back:
                    continue
                if not is_missed(model, a, t, record, f4(y[b, i, record]), state, score, v):
                    y[b, i, t] = score
                    record = t


@compiled
def draw_sizes(seed: tuple[int, int], number: int, arm: int, u: np.ndarray) -> None:
    """Fill u, (clusters,), with a uniform number for the size of each cluster of an arm."""
    key = study_key(seed, number)
    for home in range(u.size):
        _, v, _, _ = uniforms(CLUSTER, home, arm, 0, key)
        u[home] = v


@dataclass(frozen=True)
class PanelProcess:
    """Studies drawn from the classical longitudinal model; see `analysis.trials.process`.

    Attributes
    ----------
    arms : tuple of str
    weeks : tuple of int
    arm, cluster : ndarray of int, (frame,)
    model : Model
    truths : ndarray of float64, (A, T)
        Mean of each arm at each wave.
    seed : int
    rounds : Rounds
        How people join.
    moderation : ndarray of float64, (A, T)
        What each arm adds at each wave for a unit of the moderator.
    """

    arms: tuple[str, ...]
    weeks: tuple[int, ...]
    arm: np.ndarray
    cluster: np.ndarray
    model: Model
    truths: np.ndarray
    seed: int
    rounds: Rounds
    moderation: np.ndarray

    @property
    def frame(self) -> int:
        """People there are to enrol."""
        return int(self.arm.size)

    @property
    def knows(self) -> bool:
        """Whether anything is known of people at baseline: covariates, or strata."""
        return bool(self.model.known > 0 or self.model.offset.size)

    @property
    def whole(self) -> np.ndarray:
        """People of studies of 1, 2, ... whole clusters an arm.

        Their mean where sizes are drawn; empty where people join one by one.
        """
        return self.rounds.planned.sum(axis=0) if self.rounds.sized else np.zeros(0, np.int64)

    @property
    def sizes_are_drawn(self) -> bool:
        """Whether clusters have other sizes in each study."""
        return any(one is not None and one.sizes == "drawn" for one in self.rounds.clusters)

    def draw(self, n: int, replicates: range) -> Iterator[Batch | StudyInRounds]:
        """Studies of the first n people, at most BATCH of them at a time."""
        seed = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        if self.sizes_are_drawn:
            for number in replicates:
                yield self._one(seed, n, number)
            return
        if not 1 <= n <= self.frame:
            raise InputError(f"{n} people cannot be drawn: the plan has 1 to {self.frame} of them")
        arm, cluster = self.arm[:n], self.cluster[:n]
        for start in range(replicates.start, replicates.stop, BATCH):
            count = min(BATCH, replicates.stop - start)
            yield self._batch(seed, start, count, arm, cluster)

    def enrolled(self, n: int, number: int) -> Enrolment:
        """Who is in study number `number`, planned for n people, where sizes are drawn."""
        seed = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        rounds, drawn = self.rounds.of(n), {}
        for a, one in enumerate(rounds.clusters):
            if one is not None and one.sizes == "drawn":
                u = np.empty(rounds.most_clusters(a), np.float32)
                draw_sizes(seed, number, a, u)
                drawn[a] = (drawn_weights(one.size_cv) if one.number else drawn_sizes(one))(u)
        return rounds.enrolment(drawn)

    def _one(self, seed: tuple[int, int], n: int, number: int) -> Batch | StudyInRounds:
        """One study with cluster sizes of its own."""
        arm, cluster, ends = self.enrolled(n, number)
        batch = self._batch(seed, number, 1, arm, cluster)
        planned = self.whole[: ends.size]
        return StudyInRounds(batch, ends, planned) if ends.size else batch

    def _batch(
        self, seed: tuple[int, int], first: int, count: int, arm: np.ndarray, cluster: np.ndarray
    ) -> Batch:
        """So many studies from the first on, of the same people."""
        y = np.empty((count, arm.size, len(self.weeks)))
        draw_panel(seed, first, arm, cluster, self.model, y)
        known = known_at_baseline(self.model, seed, first, count, arm.size)
        moderator = moderators(self.model, seed, first, count, arm.size)
        predictor = predictors(self.model, seed, first, count, arm.size)
        return Batch(y, arm, cluster, known, moderator, predictor)

    def truth(self, question: Question) -> float:
        """The estimand, from the means of the arms."""
        means, years = self.truths, np.array(self.weeks) / WEEKS_A_YEAR
        mine = [self.arms.index(name) for name in question.arms]
        if question.about == "slope":
            gap = means[mine[0]] - means[mine[1]]
            return float((gap[-1] - gap[0]) / years[-1])
        wave = self.weeks.index(question.at_week or 0)
        if question.about == "change_on_change":
            return float(self.model.predictor[3])
        if question.about == "moderation":
            return float(self.moderation[mine[0], wave] - self.moderation[mine[1], wave])
        if question.about == "difference":
            return float(means[mine[0], wave] - means[mine[1], wave])
        shares = np.bincount(self.arm, minlength=len(self.arms)) / self.frame
        mean = means[mine[0]] if mine else shares @ means
        return float(mean[wave] - (mean[0] if question.about == "change" else 0.0))


def panel_process(study: Study, plan: Plan, seed: int, effect: float = 1.0) -> PanelProcess:
    """The process a study file describes.

    Parameters
    ----------
    study, plan
        The study and its `[plan]`.
    seed
        Of all draws.
    effect
        Multiplies the effects of the arms.

    Raises
    ------
    sim.errors.InputError
        Numbers that do not fit together; the message says which.
    """
    panel = panel_in(plan, "this process")
    arms = study.arm_names or ("",)
    check_clusters(study, panel)
    parts = study.arms.parts if study.arms else (1.0,)
    clusters = tuple(panel.clusters.get(name) for name in arms)
    rounds = Rounds(parts, clusters, by_person(study), plan.people_at_most)
    arm, cluster, _ = rounds.enrolment()
    if panel.strata is not None:
        arm = within_strata(tuple(parts), strata_order(panel.strata, arm.size))
    model, means = model_of(study, panel, effect, arm.size)
    more = moderations(study, panel, effect)
    return PanelProcess(arms, study.waves.weeks, arm, cluster, model, means, seed, rounds, more)


def panel_in(plan: Plan, what: str) -> Panel:
    """The plan's `[plan.panel]`, which `what` needs; an `InputError` if it has none."""
    if plan.panel is None:
        raise InputError(
            f'{what} takes its numbers from [plan.panel], so it needs process = "panel"; the plan '
            f'has process = "{plan.process}"'
        )
    return plan.panel


def model_of(
    study: Study, panel: Panel, effect: float = 1.0, frame: int = 1
) -> tuple[Model, np.ndarray]:
    """The model of a frame of people, and the mean of each arm at each wave in float64, (A, T)."""
    arms = study.arm_names or ("",)
    weeks = study.waves.weeks
    years = np.array(weeks) / WEEKS_A_YEAR
    parts = np.array(study.arms.parts if study.arms else (1.0,))
    means = _means(study, panel, arms, effect)
    clusters, cac = cluster_sds(study, panel), cluster_autocorrelations(study, panel)
    between, within = person_variances(study, panel)
    by_slope = panel.slope_sd * years
    level = np.sqrt(between)
    state = between + 2 * panel.slope_correlation * level * by_slope + by_slope**2
    state = parts @ (state + clusters**2)
    strays = panel.members.strays(study.map.most_members) if panel.members else 0.0
    residual = within + strays
    centre = parts @ means
    apart = parts @ (means - centre) ** 2
    worse = -1.0 if panel.measured_on.worse == "low" else 1.0
    rules = study.participation
    mechanism = np.array([MECHANISMS.index(rules.of("mechanism", one)) for one in arms], np.int8)
    odds = np.array([np.log(rules.of("odds_ratio", one)) for one in arms]) * (mechanism > 0)
    unsolved = Model(
        means.astype(np.float32), f4(level), f4(panel.slope_sd), f4(panel.slope_correlation),
        f4(np.sqrt(residual)), clusters.astype(np.float32),
        np.sqrt(cac).astype(np.float32), np.sqrt(1 - cac).astype(np.float32),
        years.astype(np.float32),
        centre.astype(np.float32), np.sqrt(state + apart + residual).astype(np.float32),
        np.sqrt(np.maximum(state + apart, 1e-12)).astype(np.float32), f4(worse), mechanism,
        odds.astype(np.float32), np.full(means.shape, NEVER, np.float32), f4(rules.return_rate),
    )  # fmt: skip
    if panel.therapists is not None:
        unsolved = unsolved._replace(crossed=f4(np.sqrt(panel.therapists.alike)))
    unsolved = structured(moderated(unsolved, study, panel, effect), study, panel, frame)
    absence = [
        solve_absence(unsolved, a, rules.of("retention", one) or ()) for a, one in enumerate(arms)
    ]
    solved = unsolved._replace(absence=np.array(absence, np.float32))
    return with_predictor(solved, panel, effect), means


def _means(study: Study, panel: Panel, arms: tuple[str, ...], effect: float) -> np.ndarray:
    """Mean of each arm at each wave, (A, T)."""
    means = np.full((len(arms), len(study.waves.weeks)), panel.mean)
    if panel.trend:
        means[:, 1:] += panel.trend
    for name, added in panel.effect.items():
        means[arms.index(name), 1:] += effect * panel.sd * np.array(added)
    return means
