"""The closed form that belongs to a question of a panel study, where there is one.

It is shown beside the simulation as a check of both. Drop-out counts as completely at random at the
study's retention; under another mechanism the formula is a neighbour and no more, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from math import isnan, nan
from statistics import fmean

import numpy as np

from analysis.estimators.catalogue import analysis
from analysis.estimators.formulas.design import Design, Form
from analysis.planning.formulas.tie_forms import tie_form
from analysis.questions.known import adjusts
from analysis.questions.of_study import plan_in
from analysis.runs.purposes import Purpose
from analysis.trials.analyses import Asked
from analysis.trials.panel import PanelProcess
from analysis.trials.panel_ties import TiePanelProcess
from analysis.trials.process import Process
from analysis.trials.structure import covariances_of
from sim.study.settings import Participation
from sim.study.spec import Study

__all__ = ["closed_form"]

STUDIES = 40
"""Studies over which a formula is averaged where sizes of clusters are drawn."""

ONE_WAVE = ("one wave", "one wave and baseline")


def closed_form(study: Study, process: Process, asked: Asked) -> Form | None:
    """The formula for a question, or None where there is none."""
    if isinstance(process, TiePanelProcess):
        return tie_form(process, asked)
    of_analysis = analysis(asked.question.analysis).closed_form
    if not isinstance(process, PanelProcess) or asked.question.success == "covers":
        return None
    one_wave = analysis(asked.question.analysis).rows in ONE_WAVE
    rules = study.participation
    named = [process.arms[a] for a in asked.arms] or list(process.arms)
    retained = [rules.of("retention", name) for name in named]
    drops = any(one and min(one) < 1 for one in retained)
    if of_analysis is None or (drops and rules.return_rate > 0 and not one_wave):
        return None
    plan = plan_in(study)
    needs = analysis(asked.question.analysis).needs
    if plan and plan.panel and plan.panel.therapists and needs != "therapists":
        return None  # which takes the therapists of two arms for different people
    covariance = _covariance(process, asked)
    if covariance is None:
        return None
    found = _over_sizes(process, _design(study, process, asked, covariance), of_analysis)
    if found is None:
        return None
    caveats = [found.caveat] if found.caveat else []
    if process.knows and adjusts(asked.question):
        caveats.append("but for the degrees of freedom that covariates and strata take")
    moderator = plan.panel.moderator if plan and plan.panel else None
    if moderator is not None and moderator.effect and needs != "moderator":
        caveats.append("but for what the moderator adds to the variance within an arm")
    if drops and any(_depends(rules, name) for name in named):
        caveats.insert(0, "for drop-out completely at random at the same retention")
    return found._replace(caveat="; ".join(caveats), call=None if caveats else found.call)


def _depends(rules: Participation, arm: str) -> bool:
    """Whether absence hangs on anything but chance."""
    return rules.of("mechanism", arm) != "MCAR" and rules.of("odds_ratio", arm) != 1


def _over_sizes(
    process: PanelProcess, design: Design, of_analysis: Callable[[Design], Form | None]
) -> Form | None:
    """The formula; its mean over some studies where sizes of clusters are drawn."""
    if not process.sizes_are_drawn:
        return of_analysis(design)
    each = [
        of_analysis(replace(design, homes=_homes(process, design.arms, number)))
        for number in Purpose.COST.some(STUDIES)
    ]
    forms = [one for one in each if one is not None]
    if not forms:
        return None

    @cache
    def power(n: int) -> float:
        known = [chance for one in forms if not isnan(chance := one.power(n))]
        return fmean(known) if known else nan

    return forms[0]._replace(power=power)


def _homes(
    process: PanelProcess, arms: Sequence[int], number: int
) -> Callable[[int], list[np.ndarray]]:
    """The clusters of people of each arm in one study, by what it was planned for."""

    def homes(n: int) -> list[np.ndarray]:
        found = process.enrolled(n, number)
        return [found.cluster[found.arm == arm] for arm in arms]

    return homes


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
        shared=[_shared(process, arm) for arm in arms],
        homes=homes,
        clustered=tuple(bool((process.cluster[process.arm == a] >= 0).any()) for a in arms),
        sizes_vary=panel is not None and any(one.size_cv > 0 for one in panel.clusters.values()),
        prevalence=(panel.moderator.share or 0.0) if panel and panel.moderator else 0.0,
        moving=float(2 * process.model.predictor[1] ** 2) if process.model.predictor.size else 0.0,
        alike=float(process.model.crossed) ** 2,
    )


def _retention(study: Study, process: PanelProcess, arm: int) -> np.ndarray:
    kept = study.participation.of("retention", process.arms[arm]) or ()
    return np.array([1.0, *(kept or [1.0] * (len(process.weeks) - 1))])


def _shared(process: PanelProcess, arm: int) -> np.ndarray:
    """Covariance of the effects of a cluster at the waves, (T, T)."""
    sd, lasting = process.model.shared[arm].astype(float), float(process.model.lasting[arm]) ** 2
    return np.asarray(np.outer(sd, sd) * np.where(np.eye(sd.size) > 0, 1.0, lasting))


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
