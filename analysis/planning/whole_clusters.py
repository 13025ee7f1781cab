"""The clusters of planned studies: how many of which size each arm has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.planning.processes import process_of
from analysis.questions.of_study import plan_of
from analysis.trials.flow import ArmClusters, Expected, flow_of
from sim.study.spec import Study

__all__ = ["InClusters", "OfArm", "cluster_word", "in_clusters"]


class OfArm(NamedTuple):
    """The people of an arm and their clusters; none where people are in none."""

    name: str
    people: Expected
    clusters: ArmClusters | None


class InClusters(NamedTuple):
    """A study of n people.

    Attributes
    ----------
    n : int
    arms : tuple of OfArm
    alike : bool
        Whether all arms have as many clusters of the same sizes, drawn or not.
    """

    n: int
    arms: tuple[OfArm, ...]
    alike: bool


def cluster_word(study: Study) -> str:
    """What clusters of a panel are called, in the singular."""
    return study.arms.unit if study.arms is not None and study.arms.unit != "ego" else "group"


def in_clusters(study: Study, sizes: Sequence[int], seed: int) -> tuple[InClusters, ...]:
    """The clusters in studies of these sizes; nothing where a panel has none, and of the world."""
    plan = plan_of(study)
    if plan.panel is None or not plan.panel.clusters:
        return ()
    process = process_of(study, plan, seed)
    rules = {plan.panel.clusters.get(name) for name in process.arms}
    found = []
    for n in sizes:
        arms = tuple(OfArm(*one[:3]) for one in flow_of(study, process, n).arms)
        same = len({(one.clusters.number, one.clusters.sizes) for one in arms if one.clusters}) == 1
        found.append(InClusters(n, arms, same and len(rules) == 1))
    return tuple(found)
