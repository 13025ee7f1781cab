"""The classical longitudinal model as a process of studies.

y[i, t] = mean[arm, t] + cluster + a[i] + b[i] years[t] + residual, all normal. Who is interviewed
follows the dial of `sim.study.participate`: logit P(miss wave t) = a[t, arm] + log(OR) z at fixed
retention, z being nothing, the last recorded score, the one due, or the score due without its
residual, in SD with worse above zero.

Streams: [PANEL_PERSON] level and slope, [PANEL_WAVE] residual, absence and return,
[PANEL_CLUSTER] clusters. An address names person, wave or cluster and never a sample size.
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
from analysis.trials.batch import Batch
from analysis.trials.enrolment import arm_order, cluster_order
from analysis.trials.model import Model
from sim.errors import InputError
from sim.study.settings import MECHANISMS
from sim.study.spec import Study
from sim.world.arithmetic import ONE, exponential, f4, normal
from sim.world.compiled import compiled
from sim.world.kinds import WEEKS_A_YEAR
from sim.world.streams import Stream, philox, uniforms

__all__ = ["PanelProcess", "model_of", "panel_process"]

PERSON, WAVE, CLUSTER = (
    int(Stream.PANEL_PERSON), int(Stream.PANEL_WAVE), int(Stream.PANEL_CLUSTER),
)  # fmt: skip
MAR, OUTCOME, STATE = (MECHANISMS.index(name) for name in ("MAR", "MNAR-outcome", "MNAR-state"))
BATCH = 256
"""Replicates drawn together."""


@register_jitable
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
    along = f4(np.sqrt(ONE - model.tilt * model.tilt))
    for b in range(replicates):
        number = first + b
        k0, k1, _, _ = philox(
            seed[0], seed[1], number & 0xFFFFFFFF, number >> 32, (0xE60C0, 0x57D1)
        )
        key = (k0, k1)
        for i in range(n):
            a, home = arm[i], cluster[i]
            u, v, _, _ = uniforms(PERSON, i, 0, 0, key)
            level = normal(u)
            change = model.slope * (model.tilt * level + along * normal(v))
            level = model.person * level
            shared = f4(0)
            if home >= 0:
                u, _, _, _ = uniforms(CLUSTER, home, a, 0, key)
                shared = normal(u)
            record = 0
            for t in range(waves):
                u, v, returns, _ = uniforms(WAVE, i, t, 0, key)
                state = (
                    model.mean[a, t] + shared * model.cluster[a, t]
                    + level + change * model.years[t]
                )  # fmt: skip
                score = state + model.residual * normal(u)
                y[b, i, t] = np.nan
                if t > 0 and record < t - 1 and returns >= model.back:
                    continue
                if not is_missed(model, a, t, record, f4(y[b, i, record]), state, score, v):
                    y[b, i, t] = score
                    record = t


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
    """

    arms: tuple[str, ...]
    weeks: tuple[int, ...]
    arm: np.ndarray
    cluster: np.ndarray
    model: Model
    truths: np.ndarray
    seed: int

    @property
    def frame(self) -> int:
        """People there are to enrol."""
        return int(self.arm.size)

    def draw(self, n: int, replicates: range) -> Iterator[Batch]:
        """Studies of the first n people, at most BATCH of them at a time."""
        arm, cluster = self.arm[:n], self.cluster[:n]
        seed = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        for start in range(replicates.start, replicates.stop, BATCH):
            count = min(BATCH, replicates.stop - start)
            y = np.empty((count, n, len(self.weeks)))
            draw_panel(seed, start, arm, cluster, self.model, y)
            yield Batch(y, arm, cluster)

    def truth(self, question: Question) -> float:
        """The estimand, from the means of the arms."""
        means, years = self.truths, np.array(self.weeks) / WEEKS_A_YEAR
        mine = [self.arms.index(name) for name in question.arms]
        if question.about == "slope":
            gap = means[mine[0]] - means[mine[1]]
            return float((gap[-1] - gap[0]) / years[-1])
        wave = self.weeks.index(question.at_week or 0)
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
    parts = study.arms.parts if study.arms else (1.0,)
    frame = plan.people_at_most
    arm = arm_order(parts, frame)
    cluster = np.full(frame, -1)
    for a, name in enumerate(arms):
        if name in panel.clusters:
            mine = arm == a
            cluster[mine] = cluster_order(panel.clusters[name], int(mine.sum()))
    model, means = model_of(study, panel, effect)
    return PanelProcess(arms, study.waves.weeks, arm, cluster, model, means, seed)


def panel_in(plan: Plan, what: str) -> Panel:
    """The plan's `[plan.panel]`, which `what` needs; an `InputError` if it has none."""
    if plan.panel is None:
        raise InputError(
            f'{what} takes its numbers from [plan.panel], so it needs process = "panel"; the plan '
            f'has process = "{plan.process}"'
        )
    return plan.panel


def model_of(study: Study, panel: Panel, effect: float = 1.0) -> tuple[Model, np.ndarray]:
    """The model, and the mean of each arm at each wave in float64, (A, T)."""
    arms = study.arm_names or ("",)
    weeks = study.waves.weeks
    years = np.array(weeks) / WEEKS_A_YEAR
    parts = np.array(study.arms.parts if study.arms else (1.0,))
    means = _means(study, panel, arms, effect)
    clusters = _cluster_sds(study, panel, arms)
    between = _person_variance(panel, clusters)
    by_slope = panel.slope_sd * years
    level = np.sqrt(between)
    state = between + 2 * panel.slope_correlation * level * by_slope + by_slope**2
    state = parts @ (state + clusters**2)
    strays = panel.members.strays(study.map.most_members) if panel.members else 0.0
    residual = (1 - panel.correlation) * panel.sd**2 + strays
    centre = parts @ means
    apart = parts @ (means - centre) ** 2
    worse = -1.0 if panel.measured_on.worse == "low" else 1.0
    rules = study.participation
    mechanism = np.array([MECHANISMS.index(rules.of("mechanism", one)) for one in arms], np.int8)
    odds = np.array([np.log(rules.of("odds_ratio", one)) for one in arms]) * (mechanism > 0)
    unsolved = Model(
        means.astype(np.float32), f4(level), f4(panel.slope_sd), f4(panel.slope_correlation),
        f4(np.sqrt(residual)), clusters.astype(np.float32), years.astype(np.float32),
        centre.astype(np.float32), np.sqrt(state + apart + residual).astype(np.float32),
        np.sqrt(np.maximum(state + apart, 1e-12)).astype(np.float32), f4(worse), mechanism,
        odds.astype(np.float32), np.full(means.shape, NEVER, np.float32), f4(rules.return_rate),
    )  # fmt: skip
    absence = [
        solve_absence(unsolved, a, rules.of("retention", one) or ()) for a, one in enumerate(arms)
    ]
    return unsolved._replace(absence=np.array(absence, np.float32)), means


def _means(study: Study, panel: Panel, arms: tuple[str, ...], effect: float) -> np.ndarray:
    """Mean of each arm at each wave, (A, T)."""
    means = np.full((len(arms), len(study.waves.weeks)), panel.mean)
    if panel.trend:
        means[:, 1:] += panel.trend
    for name, added in panel.effect.items():
        means[arms.index(name), 1:] += effect * panel.sd * np.array(added)
    return means


def _cluster_sds(study: Study, panel: Panel, arms: tuple[str, ...]) -> np.ndarray:
    """SD of the effects of clusters, (A, T).

    People who come from clusters share part of the variance there is; clusters that treatment
    makes add theirs, so that they have their share of the whole from the first follow-up on.
    """
    found = np.zeros((len(arms), len(study.waves.weeks)))
    by_person = study.arms is None or study.arms.unit == "ego"
    for name, one in panel.clusters.items():
        share = one.icc / (1 - one.icc) if by_person else one.icc
        found[arms.index(name), 1 if by_person else 0 :] = panel.sd * np.sqrt(share)
    if not by_person and study.arms is not None:
        absent = [name for name in arms if name not in panel.clusters]
        if absent:
            raise InputError(
                f'plan.panel.clusters: says nothing of arm "{absent[0]}", but the study\'s arms '
                f"are allocated by {study.arms.unit}; give each arm its clusters"
            )
    return found


def _person_variance(panel: Panel, clusters: np.ndarray) -> float:
    """Variance of people's levels within clusters."""
    at_baseline = {round(float(sd) ** 2, 12) for sd in clusters[:, 0]}
    if len(at_baseline) > 1:
        raise InputError(
            "plan.panel.clusters: before treatment the arms are alike, so where whole clusters are "
            "allocated icc must be the same in every arm"
        )
    within = panel.correlation * panel.sd**2 - at_baseline.pop()
    if within < -1e-9:
        raise InputError(
            f"plan.panel.clusters: icc is more than correlation = {panel.correlation:g}; what "
            "people of a cluster share, a person shares with themselves"
        )
    return max(within, 0.0)
