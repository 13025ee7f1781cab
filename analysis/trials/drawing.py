"""The draws of the panel model, study by study and person by person.

Loops are over people, one idea each, so that the compiler can make vector instructions of them.

Streams: [PANEL_PERSON] level and slope, [PANEL_WAVE] residual, absence and return,
[PANEL_CLUSTER] effects of clusters and their sizes. An address names person, wave or cluster and
never a sample size.
"""

import numpy as np

from analysis.trials.absence import NEVER
from analysis.trials.model import Model
from analysis.trials.moderator import moderator_of
from analysis.trials.predictor import lasting_of, passing_of
from analysis.trials.study_key import study_key
from sim.study.settings import MECHANISMS
from sim.world.arithmetic import ONE, exponential, f4, normal
from sim.world.compiled import compiled, inlined
from sim.world.streams import Stream, uniforms

__all__ = ["draw_panel", "draw_sizes", "draw_studies"]

PERSON, WAVE, CLUSTER = (
    int(Stream.PANEL_PERSON), int(Stream.PANEL_WAVE), int(Stream.PANEL_CLUSTER),
)  # fmt: skip
MAR, OUTCOME, STATE = (MECHANISMS.index(name) for name in ("MAR", "MNAR-outcome", "MNAR-state"))
EVERY_ARM = 0xFFFF
"""In the place of an arm: what a therapist adds in all of them."""


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
    level, change, shared = np.empty((3, n), np.float32)
    state, score, u, v, returns = np.empty((5, n), np.float32)
    z = np.empty((waves if model.factor.size > 0 else 0, n), np.float32)
    x, stays = np.empty((2, n), np.float32)
    for b in range(replicates):
        key = study_key(seed, first + b)
        draw_people(model, key, level, change)
        draw_clusters(model, arm, cluster, key, shared)
        draw_more(model, key, x, stays)
        record = np.zeros(n, np.int64)
        for t in range(waves):
            for i in range(n):
                u[i], v[i], returns[i], w = uniforms(WAVE, i, t, 0, key)
                if model.factor.size > 0:
                    z[t, i] = normal(w)
            at_wave(model, arm, cluster, t, key, shared, state)
            add_own(model, arm, t, z, level, change, u, state, score)
            add_more(model, arm, t, key, x, stays, state, score)
            for i in range(n):
                y[b, i, t] = np.nan
                if t > 0 and record[i] < t - 1 and returns[i] >= model.back:
                    continue
                recorded = f4(y[b, i, record[i]])
                if not is_missed(model, arm[i], t, record[i], recorded, state[i], score[i], v[i]):
                    y[b, i, t] = score[i]
                    record[i] = t


@inlined
def draw_people(model, key, level, change):  # type: ignore[no-untyped-def]
    """What people add at every wave, and their change a year."""
    along = f4(np.sqrt(ONE - model.tilt * model.tilt))
    for i in range(level.size):
        u, v, w, _ = uniforms(PERSON, i, 0, 0, key)
        level[i] = normal(u)
        change[i] = model.slope * (model.tilt * level[i] + along * normal(v))
        level[i] = model.person * level[i]
        if model.known > f4(0):
            level[i] += model.known * normal(w)
    if model.offset.size > 0:
        for i in range(level.size):
            level[i] += model.offset[i]


@inlined
def draw_clusters(model, arm, cluster, key, shared):  # type: ignore[no-untyped-def]
    """What of the effect of each person's cluster lasts, standard normal; zero in none."""
    apart = f4(np.sqrt(ONE - model.crossed * model.crossed))
    for i in range(shared.size):
        shared[i] = f4(0)
        if cluster[i] >= 0:
            u, _, _, _ = uniforms(CLUSTER, cluster[i], arm[i], 0, key)
            shared[i] = normal(u)
            if model.crossed > f4(0):
                common, _, _, _ = uniforms(CLUSTER, cluster[i], EVERY_ARM, 0, key)
                shared[i] = model.crossed * normal(common) + apart * shared[i]


@inlined
def at_wave(model, arm, cluster, t, key, shared, state):  # type: ignore[no-untyped-def]
    """The effect of each person's cluster at a wave, in SD."""
    for i in range(shared.size):
        state[i] = shared[i]
        if cluster[i] >= 0 and model.passing[arm[i]] > f4(0):
            own, _, _, _ = uniforms(CLUSTER, cluster[i], arm[i], t + 1, key)
            state[i] = model.lasting[arm[i]] * shared[i] + model.passing[arm[i]] * normal(own)


@inlined
def add_own(model, arm, t, z, level, change, u, state, score):  # type: ignore[no-untyped-def]
    """States at a wave from effects of clusters, and scores; z is what correlates waves up to t."""
    if model.ratio.size > 0:
        for i in range(state.size):
            a = arm[i]
            own = state[i] * model.cluster[a, t] + level[i] + change[i] * model.years[t]
            for s in range(t + 1):
                own += model.factor[t, s] * z[s, i]
            state[i] = model.mean[a, t] + model.ratio[a, t] * own
            score[i] = state[i] + model.ratio[a, t] * model.residual * normal(u[i])
    else:
        for i in range(state.size):
            a = arm[i]
            state[i] = (
                model.mean[a, t] + state[i] * model.cluster[a, t]
                + level[i] + change[i] * model.years[t]
            )  # fmt: skip
            score[i] = state[i] + model.residual * normal(u[i])


@inlined
def draw_more(model, key, x, stays):  # type: ignore[no-untyped-def]
    """Moderators of people, and what the lasting part of their predictor adds at every wave."""
    if model.moderation.size > 0:
        for i in range(x.size):
            x[i] = moderator_of(model.prevalence, i, key)
    if model.predictor.size > 0:
        for i in range(stays.size):
            stays[i] = f4(model.predictor[0] * model.predictor[2]) * lasting_of(i, key)


@inlined
def add_more(model, arm, t, key, x, stays, state, score):  # type: ignore[no-untyped-def]
    """What a moderator and a predictor add to states and scores at a wave."""
    if model.moderation.size > 0:
        for i in range(state.size):
            state[i] += x[i] * model.moderation[arm[i], t]
            score[i] += x[i] * model.moderation[arm[i], t]
    if model.predictor.size > 0:
        moves = f4(model.predictor[1] * model.predictor[3])
        for i in range(state.size):
            state[i] += stays[i]
            score[i] += stays[i] + moves * passing_of(i, t, key)


@inlined
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
def draw_studies(
    seed: tuple[int, int],
    first: int,
    people: np.ndarray,
    arm: np.ndarray,
    cluster: np.ndarray,
    model: Model,
    y: np.ndarray,
) -> None:
    """Fill y, (all people, T), study after study, each of so many people of its own."""
    start = 0
    for b in range(people.size):
        end = start + people[b]
        own = y[start:end].reshape((1, people[b], y.shape[1]))
        draw_panel(seed, first + b, arm[start:end], cluster[start:end], model, own)
        start = end


@compiled
def draw_sizes(seed: tuple[int, int], first: int, arm: int, u: np.ndarray) -> None:
    """Fill u, (B, clusters), with a uniform number for the size of each cluster of an arm."""
    for b in range(u.shape[0]):
        key = study_key(seed, first + b)
        for home in range(u.shape[1]):
            _, v, _, _ = uniforms(CLUSTER, home, arm, 0, key)
            u[b, home] = v
