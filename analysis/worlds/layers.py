"""Maps on a layer of the truth, of anybody: as interviews record them, without error, or ties."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from analysis.worlds.interviews import asks_for_maps
from sim.study.conditions import terms_of
from sim.study.interview import draw_maps
from sim.study.simulate import map_rules
from sim.study.spec import Study

__all__ = ["maps_on_layer"]


def maps_on_layer(
    study: Study,
    layer: str,
    wanted: Collection[str],
    egos: np.ndarray,
    members: np.ndarray,
    site: np.ndarray,
    weeks: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
) -> np.ndarray:
    """Who is on the maps of some people on one layer, nobody but the dead absent: (n, W, S).

    Parameters
    ----------
    study
        Whose interviews they are; all face to face.
    layer
        A name of `analysis.questions.asking.Layer`.
    wanted
        Outcomes; where none is read off a map, nobody is on one.
    egos, members : ndarray, (n, W) and (n, W, S)
        As `sim.study.seen.gather` has them.
    site, weeks : ndarray of int, (n,) and (n, W)
        Of the interviews.
    params, key : ndarray
        The record of parameters; the key of the replicate.
    """
    if not any(asks_for_maps(one) for one in wanted):
        return np.zeros(members.shape, bool)
    if layer == "latent":
        return np.asarray((members["active"] > 0) & (members["group"] >= 0))
    alive = egos["alive"] > 0
    by_telephone = np.zeros(egos.shape[0], bool)
    terms = terms_of(study, site, weeks, alive, by_telephone, key)
    rules = (*map_rules(study), False, terms)
    maps = draw_maps(egos, members, alive, by_telephone, params, key, *rules)
    return maps.recorded if layer == "elicited" else maps.ideal
