"""Outcome scales on their published metrics, from the latent state, with stated reliability.

score = mean + sd (sqrt(r) latent + sqrt(1 - r) error), rounded and cut to the scale. The latent
part of a scale is a sum of what it shares with wellbeing, severity, trust in professionals and
company, all in SD, and a lasting part of its own that fills it up to variance 1.

Streams: [SCALE] the own part and the error of each interview.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.study.settings import SCORES
from sim.world.arithmetic import ONE, ZERO, f4, normal, square_root
from sim.world.compiled import compiled
from sim.world.kinds import FIRST_PROFESSIONAL, LAST_PROFESSIONAL
from sim.world.parameters import catalogue
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["draw_scores", "latents"]

SCALE = int(Stream.SCALE)
LATENTS = ("wellbeing", "severity", "trust", "company")
NUMBERS = ("mean", "sd", "reliability", "lowest", "highest", "step")


def _table(params: np.ndarray, reliability: Mapping[Any, float]) -> tuple[np.ndarray, np.ndarray]:
    """What the catalogue says of each scale, (5, 6), and its loadings on the latents, (5, 4)."""
    known, record = catalogue(), params[0]
    table, loadings = np.zeros((5, 6), np.float32), np.zeros((5, 4), np.float32)
    for s, scale in enumerate(SCORES):
        for column, name in enumerate(NUMBERS):
            table[s, column] = record[f"scale_{scale}_{name}"]
        table[s, 2] = reliability.get(scale, table[s, 2])
        for column, name in enumerate(LATENTS):
            if f"scale.{scale}.{name}" in known:
                loadings[s, column] = record[f"scale_{scale}_{name}"]
    return table, loadings


def draw_scores(
    egos: np.ndarray,
    members: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
    reliability: Mapping[Any, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Scores of some people at all their waves, as if all took place.

    Parameters
    ----------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    params : ndarray, (1,)
    key : ndarray of uint32, shape (2,)
    reliability : dict, optional
        Of scales for which it is not the catalogue's.

    Returns
    -------
    scores, true : ndarray of float32, (n, W, 5)
        As recorded, and without error, rounding or limits; scales in the order of SCORES. HCCQ is
        nan for those who have no professional.
    """
    state = latents(egos, members, params)
    table, loadings = _table(params, reliability or {})
    n, waves, _ = state.shape
    scores, true = np.zeros((n, waves, 5), np.float32), np.zeros((n, waves, 5), np.float32)
    who = np.ascontiguousarray(egos["address"][:, 0])
    _score(who, state, table, loadings, key_pair(key), scores, true)
    return scores, true


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
def _score(who, state, table, loadings, key, scores, true):
    n, waves, _ = state.shape
    for i in range(n):
        for s in range(table.shape[0]):
            own, _, _, _ = uniforms(SCALE, who[i], 0, s, key)
            for k in range(waves):
                error, _, _, _ = uniforms(SCALE, who[i], k + 1, s, key)
                latent = latent_of(state[i, k], loadings[s], normal(own))
                mean, sd, reliability = table[s, 0], table[s, 1], table[s, 2]
                true[i, k, s] = mean + sd * square_root(reliability) * latent
                raw = true[i, k, s] + sd * square_root(ONE - reliability) * normal(error)
                scores[i, k, s] = on_scale(raw, table[s, 3], table[s, 4], table[s, 5])


@register_jitable
def latent_of(state, loadings, own):
    """The latent part of a scale: what it shares, and a part of its own up to variance 1."""
    latent, shared = ZERO, ZERO
    for c in range(4):
        if loadings[c] != ZERO:
            latent += loadings[c] * state[c]
            shared += loadings[c] * loadings[c]
    return latent + square_root(max(ONE - shared, ZERO)) * own


@register_jitable
def on_scale(x, lowest, highest, step):
    """The nearest score the scale has; nan stays nan."""
    if np.isnan(x):
        return x
    return min(max(f4(np.floor(x / step + f4(0.5))) * step, lowest), highest)
