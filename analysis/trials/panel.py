"""The classical longitudinal model as a process of studies.

y[i, t] = mean[arm, t] + cluster[t] + a[i] + b[i] years[t] + residual, all normal. Who is
interviewed follows the dial of `sim.study.participate`: logit P(miss wave t) = a[t, arm] +
log(OR) z at fixed retention, z being nothing, the last recorded score, the one due, or the score
due without its residual, in SD with worse above zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.trials.absence import NEVER, solve_absence
from analysis.trials.batch import Batch, StudyInRounds
from analysis.trials.cluster_sizes import drawn_sizes, drawn_weights
from analysis.trials.drawing import draw_panel, draw_sizes, draw_studies
from analysis.trials.enrolment import enrol_in_rounds
from analysis.trials.frames import arm_shares, batches, words_of
from analysis.trials.model import Model
from analysis.trials.moderator import moderated, moderations, moderators
from analysis.trials.predictor import predictors, with_predictor
from analysis.trials.rounds import Enrolment, Rounds
from analysis.trials.structure import known_at_baseline, strata_order, structured, within_strata
from analysis.trials.together import OneAfterAnother
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
from sim.world.arithmetic import f4
from sim.world.kinds import WEEKS_A_YEAR

__all__ = ["PanelProcess", "model_of", "panel_process"]


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
        """Studies of the first n people, some of them at a time."""
        seed = words_of(self.seed)
        if self.sizes_are_drawn:
            for number in replicates:
                yield self._one(seed, n, number)
            return
        arm, cluster = self.arm[:n], self.cluster[:n]
        for first, count in batches(n, self.frame, replicates):
            yield self._batch(seed, first, count, arm, cluster)

    def enrolled(self, n: int, number: int) -> Enrolment:
        """Who is in study number `number`, planned for n people, where sizes are drawn."""
        rounds = self.rounds.of(n)
        drawn = self._drawn(rounds, range(number, number + 1))
        return rounds.enrolment({a: of_arm[0] for a, of_arm in drawn.items()})

    def _drawn(self, rounds: Rounds, replicates: range) -> dict[int, np.ndarray]:
        """Sizes of clusters, or their parts, in each study, (B, clusters), where they are drawn."""
        drawn = {}
        for a, one in enumerate(rounds.clusters):
            if one is not None and one.sizes == "drawn":
                u = np.empty((len(replicates), rounds.most_clusters(a)), np.float32)
                draw_sizes(words_of(self.seed), replicates.start, a, u)
                drawn[a] = (drawn_weights(one.size_cv) if one.number else drawn_sizes(one))(u)
        return drawn

    @property
    def is_laid_out_at_once(self) -> bool:
        """Whether `one_after_another` draws studies: of clusters that each have a drawn size."""
        sized = all(
            one is None or a in self.rounds.sized for a, one in enumerate(self.rounds.clusters)
        )
        return self.sizes_are_drawn and sized

    def one_after_another(self, n: int, replicates: range) -> OneAfterAnother:
        """The studies that `draw` gives one by one, where clusters have drawn sizes."""
        rounds, waves = self.rounds.of(n), len(self.weeks)
        people, sizes = rounds.of_studies(self._drawn(rounds, replicates))
        ends = people.sum(axis=1)
        arm, cluster, turn = np.empty((3, ends[:, -1].sum()), np.int64)
        enrol_in_rounds(people, sizes, arm, cluster, turn)
        y = np.empty((arm.size, waves))
        seed, count = words_of(self.seed), ends[:, -1]
        draw_studies(seed, replicates.start, count, arm, cluster, self.model, y)
        known = [
            np.reshape(of_study, (many, -1))
            for number, many in zip(replicates, count.tolist(), strict=True)
            if (of_study := known_at_baseline(self.model, seed, number, 1, many)) is not None
        ] if self.knows else []  # fmt: skip
        planned = self.whole[: ends.shape[1]]
        return OneAfterAnother(y, arm, cluster, turn, count, planned, known)

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
        mean = means[mine[0]] if mine else arm_shares(self.arm, len(self.arms)) @ means
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
