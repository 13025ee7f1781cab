"""The closed form that belongs to a question of a panel study, where there is one.

It is shown beside the simulation as a check of both. Drop-out counts as completely at random at the
study's retention; under another mechanism the formula is a neighbour and no more, and says so.
"""

from __future__ import annotations

import numpy as np

from analysis.estimators.catalogue import analysis
from analysis.estimators.formulas.design import Design, Form
from analysis.questions.known import adjusts
from analysis.questions.of_study import plan_in
from analysis.trials.analyses import Asked
from analysis.trials.panel import PanelProcess
from analysis.trials.process import Process
from analysis.trials.structure import covariances_of
from sim.study.spec import Study

__all__ = ["closed_form"]


def closed_form(study: Study, process: Process, asked: Asked) -> Form | None:
    """The formula for a question, or None where there is none."""
    of_analysis = analysis(asked.question.analysis).closed_form
    if not isinstance(process, PanelProcess) or asked.question.success == "covers":
        return None
    rules = study.participation
    named = [process.arms[a] for a in asked.arms] or list(process.arms)
    retained = [rules.of("retention", name) for name in named]
    drops = any(one and min(one) < 1 for one in retained)
    if of_analysis is None or (drops and rules.return_rate > 0):
        return None
    covariance = _covariance(process, asked)
    if covariance is None:
        return None
    found = of_analysis(_design(study, process, asked, covariance))
    if found is None:
        return None
    caveats = [found.caveat] if found.caveat else []
    if process.knows and adjusts(asked.question):
        caveats.append("but for the degrees of freedom that covariates and strata take")
    if drops and any(rules.of("mechanism", name) != "MCAR" for name in named):
        caveats.insert(0, "for drop-out completely at random at the same retention")
    return found._replace(caveat="; ".join(caveats))


def _design(study: Study, process: PanelProcess, asked: Asked, covariance: np.ndarray) -> Design:
    arms = asked.arms or tuple(range(len(process.arms)))
    plan = plan_in(study)
    panel = None if plan is None else plan.panel

    def homes(n: int) -> list[np.ndarray]:
        return [process.cluster[:n][process.arm[:n] == arm] for arm in arms]

    return Design(
        asked=asked,
        truth=process.truth(asked.question),
        arms=arms,
        covariance=covariance,
        kept=[_retention(study, process, arm) for arm in arms],
        between=[float(process.model.shared[arm, asked.wave]) ** 2 for arm in arms],
        homes=homes,
        clustered=tuple(bool((process.cluster[process.arm == a] >= 0).any()) for a in arms),
        sizes_vary=panel is not None and any(one.size_cv > 0 for one in panel.clusters.values()),
    )


def _retention(study: Study, process: PanelProcess, arm: int) -> np.ndarray:
    kept = study.participation.of("retention", process.arms[arm]) or ()
    return np.array([1.0, *(kept or [1.0] * (len(process.weeks) - 1))])


def _covariance(process: PanelProcess, asked: Asked) -> np.ndarray | None:
    """Of the waves of a person, clusters left out, (T, T).

    None where arms differ in it, and where the arms are balanced within strata that the analysis
    does not know of: the error it reckons with is then not that of its estimate.
    """
    knows = adjusts(asked.question)
    if process.model.offset.size and not knows:
        return None
    each = covariances_of(process.model, adjusted=knows)
    mine = each[list(asked.arms)] if asked.arms else each
    if not np.allclose(mine, mine[0]):
        return None
    flat = np.allclose(process.model.ratio, 1)
    return None if process.knows and knows and not flat else np.asarray(mine[0])
