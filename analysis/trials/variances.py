"""How the variance of a panel's outcome is divided: clusters, people, what passes.

People who come from clusters share part of the variance there is; clusters that treatment makes add
theirs, so that they have their share of the whole from the first follow-up on.
"""

from __future__ import annotations

import numpy as np

from analysis.questions.panel import Clusters, Panel, Therapists
from sim.errors import InputError
from sim.study.spec import Study

__all__ = [
    "by_person",
    "check_clusters",
    "cluster_autocorrelations",
    "cluster_sds",
    "person_variances",
]


def by_person(study: Study) -> bool:
    """Whether people are allocated to arms, so that clusters are what treatment makes."""
    return study.arms is None or study.arms.unit == "ego"


def check_clusters(study: Study, panel: Panel) -> None:
    """Raise an `InputError` if the clusters of arms do not go with the arms or with each other."""
    if panel.therapists is not None:
        _check_therapists(study, panel.therapists)
    if by_person(study) or study.arms is None:
        return
    unit, where = study.arms.unit, "plan.panel.clusters"
    absent = [name for name in study.arm_names if name not in panel.clusters]
    if absent:
        raise InputError(
            f'{where}: says nothing of arm "{absent[0]}", but the study\'s arms are allocated by '
            f"{unit}; give each arm its clusters"
        )
    for key in ("icc", "cac"):
        if len({getattr(one, key) for one in panel.clusters.values()}) > 1:
            raise InputError(
                f"{where}: before treatment the arms are alike, so where whole clusters are "
                f"allocated {key} must be the same in every arm"
            )
    for name, count in (study.arms.count or {}).items():
        number = panel.clusters[name].number
        if number is not None and number != count:
            raise InputError(
                f"{where}.{name}: has {number} clusters, but arms.count says {count} {unit}s; "
                "give the same number"
            )


def _check_therapists(study: Study, therapists: Therapists) -> None:
    where = "plan.panel.therapists"
    if study.arms is not None and not by_person(study):
        raise InputError(
            f"{where}: treat people of every arm, but arms are allocated by {study.arms.unit}; "
            'give arms.unit = "ego", or [plan.panel.clusters]'
        )
    parts = study.arms.parts if study.arms else (1.0,)
    if therapists.size is not None and max(parts) > min(parts):
        raise InputError(
            f"{where}: size is of people in each arm, so it needs arms of one share; give the "
            "number of therapists instead"
        )


def cluster_sds(study: Study, panel: Panel) -> np.ndarray:
    """SD of the effects of clusters, (A, T)."""
    arms = study.arm_names or ("",)
    found = np.zeros((len(arms), len(study.waves.weeks)))
    made = by_person(study)
    for name, one in panel.clusters.items():
        share = one.icc / (1 - one.icc) if made else one.icc
        found[arms.index(name), 1 if made else 0 :] = panel.sd * np.sqrt(share)
    return found


def cluster_autocorrelations(study: Study, panel: Panel) -> np.ndarray:
    """Correlation of the effects of one cluster at two waves, (A,)."""
    arms = study.arm_names or ("",)
    return np.array([panel.clusters[name].cac if name in panel.clusters else 1.0 for name in arms])


def person_variances(study: Study, panel: Panel) -> tuple[float, float]:
    """Variance of people's levels within clusters, and of what passes between two waves."""
    whole, lasting = panel.sd**2, panel.correlation * panel.sd**2
    clusters = _from_the_start(study, panel)
    if clusters is None:
        return lasting, (1 - panel.correlation) * whole
    of_cluster = round(float(panel.sd * np.sqrt(clusters.icc)) ** 2, 12)
    level = lasting - clusters.cac * of_cluster
    if level < -1e-9:
        more = "icc is" if clusters.cac == 1 else "cac times icc is"
        raise InputError(
            f"plan.panel.clusters: {more} more than correlation = {panel.correlation:g}; what "
            "people of a cluster share, a person shares with themselves"
        )
    passing = (1 - panel.correlation) * whole - (1 - clusters.cac) * of_cluster
    if passing < -1e-9:
        raise InputError(
            f"plan.panel.clusters: with icc = {clusters.icc:g} and cac = {clusters.cac:g} clusters "
            f"change more between waves than people with correlation = {panel.correlation:g}; "
            "give a larger cac or a smaller correlation"
        )
    return max(level, 0.0), max(passing, 0.0)


def _from_the_start(study: Study, panel: Panel) -> Clusters | None:
    """The clusters people come from; None where treatment makes them, or there are none."""
    return None if by_person(study) else next(iter(panel.clusters.values()), None)
