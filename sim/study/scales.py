"""Outcome scales from their items: latent state, answers, what was left out, scores.

The latent of a scale is a sum of what it shares with wellbeing, severity, trust in professionals
and company, all in SD, and a lasting part of its own that fills it up to variance 1. How answers
come of it is in `sim.study.item_model`, how scores come of answers in `sim.study.instruments`.

Streams: [SCALE] the own part, a person's habits, the occasion, each answer, items left out.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.study.instruments import INSTRUMENTS, ITEMS, item_places
from sim.study.item_model import FIRST_LATENT, LATENT_STEP, LATENTS_SHOWN, Norm, item_model
from sim.study.missing import DOES_NOT_KNOW, NOT_APPLICABLE, REFUSED
from sim.study.settings import SCORES
from sim.world.arithmetic import HALF, ONE, ZERO, f4, normal, square_root
from sim.world.compiled import compiled
from sim.world.kinds import FIRST_PROFESSIONAL, LAST_PROFESSIONAL
from sim.world.parameters import catalogue
from sim.world.streams import Stream, key_pair, uniforms

__all__ = [
    "LATENTS",
    "Scored",
    "draw_scores",
    "latent_moments",
    "latents",
    "norm_of",
    "scores_of_latents",
    "true_scores",
]

SCALE = int(Stream.SCALE)
LATENTS = ("wellbeing", "severity", "trust", "company")
RELATED = (("wellbeing", "severity"), ("wellbeing", "company"))
"""Latents whose correlation is known, because some scale shares both."""

ANSWERED, LEFT_OUT = 64, 512
"""First items of the addresses of answers and habits, and of what was left out; 16 a scale."""

CODE_REFUSED, CODE_UNKNOWN, CODE_OF_NONE = int(REFUSED), int(DOES_NOT_KNOW), int(NOT_APPLICABLE)
FIRST, STEP, LAST = f4(FIRST_LATENT), f4(LATENT_STEP), LATENTS_SHOWN - 1


class Scored(NamedTuple):
    """Scores of n people at W interviews, as if all took place; scales in the order of SCORES.

    Attributes
    ----------
    scores : ndarray of float32, (n, W, 5)
        As recorded; nan where too few items were answered, and for HCCQ where there is no
        professional.
    true : ndarray of float32, (n, W, 5)
        The score expected of the latent, over every error of measurement.
    answers : ndarray of int8, (n, W, ITEMS)
        Of each item, scale after scale; below 0 a missing code.
    codes : ndarray of int8, (n, W, 5)
        Why there is no score; 0 where there is one.
    """

    scores: np.ndarray
    true: np.ndarray
    answers: np.ndarray
    codes: np.ndarray


def norm_of(scale: str, record: Any, reliability: float | None = None) -> Norm:
    """What the record of parameters says of a scale and its items.

    Parameters
    ----------
    scale : str
        One of SCORES.
    record : numpy.record
    reliability : float, optional
        Alpha and retest, instead of the record's.
    """
    mean, sd, alpha, retest = (
        float(record[f"scale_{scale}_{name}"]) for name in ("mean", "sd", "alpha", "retest")
    )
    if reliability is not None:
        alpha = retest = float(reliability)
    habit, spread = float(record["scale_items_habit"]), float(record["scale_items_spread"])
    return Norm(mean, sd, alpha, retest, habit, spread)


class _Tables(NamedTuple):
    """What the compiled part takes, scale by scale.

    `layout` (5, 6): first column, items, lowest and highest answer, items needed, whether the score
    is a mean. `weights` (5, 6): width, latent, occasion, habit, chance, weight of the own part.
    `loadings` (5, 4), `start` (ITEMS,), `points` (5, most sums), `expected` (5, LATENTS_SHOWN).
    """

    layout: np.ndarray
    weights: np.ndarray
    loadings: np.ndarray
    start: np.ndarray
    points: np.ndarray
    expected: np.ndarray


def _tables(record: Any, reliability: Mapping[Any, float]) -> _Tables:
    n, most = len(SCORES), max(one.points.size for one in INSTRUMENTS.values())
    tables = _Tables(
        np.zeros((n, 6), np.int64), np.zeros((n, 6), np.float32), _loadings(record),
        np.zeros(ITEMS, np.float32), np.zeros((n, most), np.float32),
        np.zeros((n, LATENTS_SHOWN), np.float32),
    )  # fmt: skip
    for s, scale in enumerate(SCORES):
        one, items = INSTRUMENTS[scale], item_places(scale)
        model = item_model(scale, norm_of(scale, record, reliability.get(scale)))
        is_mean = int(one.how == "mean")
        tables.layout[s] = items.start, one.items, one.least, one.most, one.needed, is_mean
        own = _own(tables.loadings[s], record)
        parts = (model.width, model.latent, model.occasion, model.habit, model.chance, own)
        tables.weights[s] = parts
        tables.start[items] = model.start
        tables.points[s, : one.points.size] = one.points
        tables.expected[s] = model.expected
    return tables


def _loadings(record: Any) -> np.ndarray:
    """What each scale shares with each latent, (5, 4)."""
    known, found = catalogue(), np.zeros((len(SCORES), len(LATENTS)), np.float32)
    for s, scale in enumerate(SCORES):
        for column, name in enumerate(LATENTS):
            if f"scale.{scale}.{name}" in known:
                found[s, column] = record[f"scale_{scale}_{name}"]
    return found


def _own(loadings: np.ndarray, record: Any) -> np.float32:
    """Weight of the own part that fills a latent up to variance 1."""
    shared = f4(0)
    for loading in loadings:
        shared += loading * loading
    for one, other in RELATED:
        both = loadings[LATENTS.index(one)] * loadings[LATENTS.index(other)]
        shared += f4(2) * both * record[f"scale_latent_{one}_{other}"]
    return square_root(max(ONE - shared, ZERO))


def draw_scores(
    egos: np.ndarray,
    members: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
    reliability: Mapping[Any, float] | None = None,
    shift: np.ndarray | None = None,
) -> Scored:
    """Answers and scores of some people at all their waves, as if all took place.

    Parameters
    ----------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    params : ndarray, (1,)
    key : ndarray of uint32, shape (2,)
    reliability : dict, optional
        Alpha and retest of scales for which they are not the catalogue's.
    shift : ndarray of float32, (n, W, 5), optional
        Added to the latent of each scale, from `planted.planted_shift`.
    """
    return _drawn(egos, members, params, key, reliability, shift, True)


def true_scores(
    egos: np.ndarray,
    members: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
    reliability: Mapping[Any, float] | None = None,
    shift: np.ndarray | None = None,
) -> np.ndarray:
    """`Scored.true` alone, (n, W, 5), without asking a question; arguments as of `draw_scores`."""
    return _drawn(egos, members, params, key, reliability, shift, False).true


def _drawn(
    egos: np.ndarray,
    members: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
    reliability: Mapping[Any, float] | None,
    shift: np.ndarray | None,
    asked: bool,
) -> Scored:
    who = np.ascontiguousarray(egos["address"][:, 0])
    state = latents(egos, members, params)
    return scores_of_latents(who, state, params, key, reliability, shift, asked)


def scores_of_latents(
    who: np.ndarray,
    state: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
    reliability: Mapping[Any, float] | None = None,
    shift: np.ndarray | None = None,
    asked: bool = True,
) -> Scored:
    """Answers and scores of some people whose latents are known.

    Parameters
    ----------
    who : ndarray of uint32, (n,)
        Addresses.
    state : ndarray of float32, (n, W, 4)
        From `latents`.
    params, key, reliability, shift
        As of `draw_scores`.
    asked : bool
        Without, `Scored.true` alone is made.
    """
    shape = state.shape[:2]
    if shift is None:
        shift = np.zeros((*shape, len(SCORES)), np.float32)
    tables = _tables(params[0], reliability or {})
    found = Scored(
        np.zeros((*shape, len(SCORES)), np.float32), np.zeros((*shape, len(SCORES)), np.float32),
        np.zeros((*shape, ITEMS), np.int8), np.zeros((*shape, len(SCORES)), np.int8),
    )  # fmt: skip
    left_out = (params[0]["scale_items_missing"], params[0]["scale_items_refused"])
    _score(who, state, shift, tables, left_out, key_pair(key), asked, found)
    return found


def latents(egos: np.ndarray, members: np.ndarray, params: np.ndarray) -> np.ndarray:
    """What scales share: wellbeing, severity, trust in professionals, company.

    Parameters
    ----------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    params : ndarray, (1,)

    Returns
    -------
    ndarray of float32, (n, W, 4)
        In SD around the caseload's mean, in the order of LATENTS; trust is nan for those who have
        no professional.
    """
    found = np.zeros((*egos.shape, 4), np.float32)
    _latents(records(egos), records(members), found)
    for column, name in enumerate(LATENTS):
        mean, sd = (params[0][f"scale_latent_{name}_{what}"] for what in ("mean", "sd"))
        found[:, :, column] = (found[:, :, column] - mean) / sd
    return found


def latent_moments(values: np.ndarray) -> dict[str, float]:
    """What `scale.latent.*` should be in a world: means, SDs, and correlations of RELATED.

    Parameters
    ----------
    values : ndarray, (n, 4)
        Latents in their own units, in the order of LATENTS; nan is left out.
    """
    found, z = {}, {}
    for column, name in enumerate(LATENTS):
        known = values[~np.isnan(values[:, column]), column]
        mean, sd = float(known.mean(dtype=float)), float(known.std(dtype=float))
        found[f"scale.latent.{name}_mean"], found[f"scale.latent.{name}_sd"] = mean, sd
        z[name] = (values[:, column].astype(float) - mean) / sd
    for one, other in RELATED:
        found[f"scale.latent.{one}_{other}"] = float((z[one] * z[other]).mean(dtype=float))
    return found


@compiled
def _latents(egos, members, found):
    n, waves, slots = members.shape
    for i in range(n):
        for k in range(waves):
            trust, workers, company = ZERO, ZERO, ZERO
            for s in range(slots):
                tie = members[i, k, s]
                if tie.group < 0 or tie.active == ZERO:
                    continue
                if FIRST_PROFESSIONAL <= tie.group <= LAST_PROFESSIONAL:
                    trust += tie.trust
                    workers += ONE
                elif tie.human > ZERO:
                    company += tie.closeness * tie.recent
            found[i, k, 0], found[i, k, 1] = egos[i, k].wellbeing, egos[i, k].severity
            found[i, k, 2] = trust / workers if workers > ZERO else f4(np.nan)
            found[i, k, 3] = company


@compiled
def _score(who, state, shift, tables, left_out, key, asked, found):
    n, waves, _ = state.shape
    habit, skips = np.zeros(16, np.float32), np.zeros(16, np.int8)
    for i in range(n):
        for s in range(tables.layout.shape[0]):
            layout, weights = tables.layout[s], tables.weights[s]
            first, end = layout[0], layout[0] + layout[1]
            own, _, _, _ = uniforms(SCALE, who[i], 0, s, key)
            habits(who[i], s, layout[1], key, habit)
            for k in range(waves):
                u, _, _, _ = uniforms(SCALE, who[i], k + 1, s, key)
                latent = latent_of(state[i, k], tables.loadings[s], weights[5] * normal(own))
                latent += shift[i, k, s]
                found.true[i, k, s] = expected_of(latent, tables.expected[s])
                if not asked:
                    continue
                leave_out(who[i], k, s, layout[1], latent, left_out, key, skips)
                common = weights[1] * latent + weights[2] * normal(u)
                answers = found.answers[i, k, first:end]
                answer_items(
                    who[i], k, s, common, habit, skips, layout, weights, tables.start[first:end],
                    key, answers,
                )  # fmt: skip
                score, why = score_of(answers, layout, tables.points[s])
                found.scores[i, k, s], found.codes[i, k, s] = score, why


@register_jitable
def latent_of(state, loadings, own):
    """The latent of a scale: what it shares with the state, and a part of its own."""
    latent = own
    for c in range(4):
        if loadings[c] != ZERO:
            latent += loadings[c] * state[c]
    return latent


@register_jitable
def expected_of(latent, expected):
    """The score expected of a latent, straight between those that are kept; nan stays nan."""
    if np.isnan(latent):
        return latent
    at = min(max((latent - FIRST) / STEP, ZERO), f4(LAST))
    below = min(int(at), LAST - 1)
    return expected[below] + (at - f4(below)) * (expected[below + 1] - expected[below])


@register_jitable
def habits(who, s, items, key, habit):
    """A person's lasting way with each item of a scale."""
    for j in range(0, items, 4):
        four = uniforms(SCALE, who, 0, ANSWERED + 16 * s + j // 4, key)
        for more in range(4):
            habit[j + more] = normal(four[more])


@register_jitable
def leave_out(who, k, s, items, latent, left_out, key, skips):
    """Why each item is left out at an interview; 0 where it is answered."""
    share, refused = left_out
    skips[:] = CODE_OF_NONE if np.isnan(latent) else 0
    if share <= ZERO or np.isnan(latent):
        return
    for j in range(0, items, 4):
        four = uniforms(SCALE, who, k + 1, LEFT_OUT + 16 * s + j // 4, key)
        for more in range(4):
            if four[more] < share:
                skips[j + more] = CODE_REFUSED if four[more] < share * refused else CODE_UNKNOWN


@register_jitable
def answer_items(who, k, s, common, habit, skips, layout, weights, start, key, answers):
    """The answers to one scale at one interview, or why there are none."""
    least, most = layout[2], layout[3]
    for j in range(0, answers.size, 4):
        four = uniforms(SCALE, who, k + 1, ANSWERED + 16 * s + j // 4, key)
        for item in range(j, min(j + 4, answers.size)):
            z = common + weights[3] * habit[item] + weights[4] * normal(four[item - j])
            if skips[item] != 0:
                answers[item] = skips[item]
            else:
                whole = least + int(np.floor(start[item] + weights[0] * z + HALF))
                answers[item] = min(max(whole, least), most)


@register_jitable
def score_of(answers, layout, points):
    """The score of some answers, or nan and the lowest of the missing codes."""
    items, least, needed, is_mean = layout[1], layout[2], layout[4], layout[5]
    total, given, why = 0, 0, 0
    for answer in answers:
        if answer < 0:
            why = min(why, int(answer))
        else:
            total += answer
            given += 1
    if given < needed:
        return f4(np.nan), why
    if is_mean:
        return f4(total) / f4(given), 0
    whole = int(np.floor(f4(total * items) / f4(given) + HALF))
    return points[whole - items * least], 0
