"""The measures as tables: one row an interview, a class at one, a step from one to the next."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from analysis.measures.networks.kernels.change import overlap_of
from analysis.measures.networks.kernels.composition import category_counts, diversity_of
from analysis.measures.networks.kernels.homophily import ei_of_members, ei_of_ties
from analysis.measures.networks.kernels.structure import MEASURES_OF_TIES, network_structure
from analysis.measures.networks.layout import SEXES_TOLD, Networks
from analysis.measures.networks.waves import Steps
from sim.world.kinds import TIE_CLASSES, TieClass

__all__ = [
    "MeasureColumns",
    "change_measures",
    "class_measures",
    "member_measures",
    "people_measures",
]

MeasureColumns: TypeAlias = dict[str, np.ndarray]
"""Columns by name; nan where a measure is not defined or was not asked."""

PEOPLE_CLASSES = tuple(one for one in TieClass if one is not TieClass.OBJECT)


def people_measures(networks: Networks) -> MeasureColumns:
    """All measures of people, (n,) each; objects are left out."""
    people = networks.among(networks.human)
    return {
        **_by_class(people, PEOPLE_CLASSES),
        **_of_sex(people),
        **_structure(people),
        "ei_class": _ei(people, people.tie_class, len(TIE_CLASSES)),
        "ei_sex": _ei(people, people.sex, len(SEXES_TOLD)),
    }


def member_measures(networks: Networks) -> MeasureColumns:
    """Measures of all members, (n,) each: objects count as members who know nobody.

    Those of sex are as they are of people, and left out here.
    """
    return {
        **_by_class(networks, tuple(TieClass)),
        **_structure(networks),
        "ei_class": _ei(networks, networks.tie_class, len(TIE_CLASSES)),
    }


def class_measures(networks: Networks) -> MeasureColumns:
    """Measures of each class by itself, (n K,) each, the classes of an interview together.

    `interview` and `tie_class` are positions, the latter in `TIE_CLASSES`. Ties between objects are
    never asked about.
    """
    parts = []
    for one in TieClass:
        found = networks.among(networks.tie_class == one)
        if one is TieClass.OBJECT:
            found = found._replace(asked=np.zeros_like(found.asked))
        parts.append(
            {
                "interview": np.arange(found.asked.size),
                "tie_class": np.full(found.asked.size, int(one)),
                "size": found.size,
                "share": _share(found.size, networks.size),
                **_of_sex(found),
                **_structure(found),
                "ei_sex": _ei(found, found.sex, len(SEXES_TOLD)),
            }
        )
    return {name: np.stack([one[name] for one in parts], axis=1).ravel() for name in parts[0]}


def change_measures(networks: Networks, steps: Steps, kept: np.ndarray) -> MeasureColumns:
    """How some members changed from one interview to the next, (p,) each.

    Parameters
    ----------
    networks, steps
        Of the interviews.
    kept : ndarray of bool, (M,)
        The members that it is about, at either interview.
    """
    those = networks.among(kept)
    alters = int(networks.alter.max(initial=-1)) + 1
    counts = overlap_of(those.begin, those.alter, steps.first, steps.second, alters)
    before, after, both = counts.T
    lost, new = before - both, after - both
    return {
        "before": before, "after": after, "kept": both, "lost": lost, "new": new,
        "stability": _share(both, before),
        "turnover": _share(lost + new, before + after),
        "jaccard": _share(both, both + lost + new),
    }  # fmt: skip


def _by_class(those: Networks, classes: tuple[TieClass, ...]) -> MeasureColumns:
    """Size, and counts, shares and diversity of some classes, which are the first there are."""
    counts = category_counts(those.begin, those.tie_class, len(TIE_CLASSES))
    counts = np.ascontiguousarray(counts[:, : len(classes)])
    diversity = diversity_of(counts)
    names = [TIE_CLASSES[one] for one in classes]
    return {
        "size": those.size,
        **{f"n_{name}": counts[:, k] for k, name in enumerate(names)},
        **{f"share_{name}": _share(counts[:, k], those.size) for k, name in enumerate(names)},
        "iqv_class": diversity[:, 0],
        "entropy_class": diversity[:, 1],
    }


def _of_sex(those: Networks) -> MeasureColumns:
    """Diversity of those whose sex was told, and how like the ego they are."""
    diversity = diversity_of(category_counts(those.begin, those.sex, len(SEXES_TOLD)))
    return {
        "iqv_sex": diversity[:, 0],
        "entropy_sex": diversity[:, 1],
        "comp_ei": ei_of_members(those.begin, those.sex, those.ego_sex),
    }


def _structure(those: Networks) -> MeasureColumns:
    found = network_structure(those.begin, those.tie_begin, those.source, those.target, those.asked)
    return {name: found[:, k] for k, name in enumerate(MEASURES_OF_TIES)}


def _ei(those: Networks, code: np.ndarray, categories: int) -> np.ndarray:
    found: np.ndarray = ei_of_ties(
        those.begin, those.tie_begin, those.source, those.target, those.asked, code, categories
    )
    return found


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part of a whole; nan of none."""
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
