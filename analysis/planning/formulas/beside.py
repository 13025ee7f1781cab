"""The closed form that belongs to a question of a panel study, where there is one.

It is shown beside the simulation as a check of both. Drop-out counts as completely at random at the
study's retention; under another mechanism the formula is a neighbour and no more, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.planning.formulas import closed_forms as closed
from analysis.planning.formulas.longitudinal import (
    Seen,
    contrast_variance,
    monotone,
    random_effects,
    sandwich_variance,
)
from analysis.questions.of_study import plan_in
from analysis.trials.analyses import Asked, longitudinal_design
from analysis.trials.panel import PanelProcess
from analysis.trials.process import Process
from sim.study.spec import Study

__all__ = ["ClosedForm", "closed_form"]


@dataclass(frozen=True)
class ClosedForm:
    """A formula for the power of one question.

    Attributes
    ----------
    power : callable
        Of the number of people.
    source : str
    caveat : str
        In what it differs from what is simulated; empty if in nothing.
    """

    power: Callable[[int], float]
    source: str
    caveat: str


def closed_form(study: Study, process: Process, asked: Asked) -> ClosedForm | None:
    """The formula for a question, or None where there is none."""
    if not isinstance(process, PanelProcess) or asked.question.success == "covers":
        return None
    rules = study.participation
    named = [process.arms[a] for a in asked.arms] or list(process.arms)
    caveats = []
    retained = [rules.of("retention", name) for name in named]
    drops = any(one and min(one) < 1 for one in retained)
    if drops and any(rules.of("mechanism", name) != "MCAR" for name in named):
        caveats.append("for drop-out completely at random at the same retention")
    if drops and rules.return_rate > 0:
        return None
    form = _of_one_wave if asked.question.analysis in ONE_WAVE else _of_all_waves
    found = form(study, process, asked)
    if found is None:
        return None
    power, source, caveat = found
    return ClosedForm(power, source, "; ".join([*caveats, caveat] if caveat else caveats))


ONE_WAVE = ("t_test", "ancova", "change_score", "cluster_t")

Form = tuple[Callable[[int], float], str, str]


def _people(process: PanelProcess, n: int, arm: int) -> int:
    return int((process.arm[:n] == arm).sum())


def _retention(study: Study, process: PanelProcess, arm: int) -> np.ndarray:
    kept = study.participation.of("retention", process.arms[arm]) or ()
    return np.array([1.0, *(kept or [1.0] * (len(process.weeks) - 1))])


def _covariance(process: PanelProcess) -> np.ndarray:
    """Of the waves of a person, clusters left out, (T, T)."""
    m = process.model
    level, slope = float(m.person), float(m.slope)
    return random_effects(
        m.years, level**2, slope**2, float(m.tilt) * level * slope, float(m.residual) ** 2
    )


def _of_one_wave(study: Study, process: PanelProcess, asked: Asked) -> Form | None:
    question, wave = asked.question, asked.wave
    v = _covariance(process)
    arms = asked.arms or tuple(range(len(process.arms)))
    if any(bool((process.cluster[process.arm == a] >= 0).any()) for a in arms):
        is_plain = question.analysis == "cluster_t" and question.success == "significant"
        return _of_clusters(study, process, asked, v[wave, wave]) if is_plain else None
    if question.about != "difference" and len(arms) > 1:
        return None  # a mean over arms whose means differ
    sd = float(np.sqrt(v[wave, wave]))
    if question.analysis == "change_score":
        sd = float(np.sqrt(v[0, 0] + v[wave, wave] - 2 * v[0, wave]))
    r = float(v[0, wave] / np.sqrt(v[0, 0] * v[wave, wave]))
    truth, alpha = process.truth(question), question.alpha

    def power(n: int) -> float:
        groups = [float(_retention(study, process, a)[wave] * _people(process, n, a)) for a in arms]
        if question.analysis == "ancova":
            return closed.ancova_power(truth, sd, r, groups[0], groups[1], alpha)
        se = sd * float(np.sqrt(sum(1 / one for one in groups)))
        df = sum(groups) - len(groups)
        if question.success == "narrow":
            return closed.chance_of_half_width(question.half_width or 0.0, se, df, alpha)
        return closed.two_sided_power(truth, se, df, alpha)

    if question.success == "narrow":
        return None if question.analysis == "ancova" else (power, "Kupper and Hafner 1989", "")
    sources = {"ancova": "analysis of covariance, Shieh 2020", "change_score": "t test of changes"}
    return power, sources.get(question.analysis, "t test"), ""


def _of_clusters(study: Study, process: PanelProcess, asked: Asked, within: float) -> Form:
    question, wave = asked.question, asked.wave
    truth = process.truth(question)
    between = [float(process.model.cluster[a, wave]) ** 2 for a in asked.arms]
    nested = [bool((process.cluster[process.arm == a] >= 0).any()) for a in asked.arms]

    def units(n: int, place: int) -> tuple[float, float]:
        """Number of units of an arm that are seen, and the variance of one's mean."""
        arm = asked.arms[place]
        kept = float(_retention(study, process, arm)[wave])
        home = process.cluster[:n][process.arm[:n] == arm]
        if not nested[place]:
            return kept * home.size, within
        sizes = np.unique(home, return_counts=True)[1]  # some clusters may have nobody yet
        seen = 1 - (1 - kept) ** sizes
        each = np.array([_mean_reciprocal(int(m), kept) for m in sizes])
        variance = between[place] + within * float((seen * each).sum() / seen.sum())
        return float(seen.sum()), variance

    def power(n: int) -> float:
        (k1, v1), (k2, v2) = units(n, 0), units(n, 1)
        if min(k1, k2) <= 1:
            return np.nan
        if all(nested):
            se = float(np.sqrt(v1 / k1 + v2 / k2))
            return closed.two_sided_power(truth, se, k1 + k2 - 2, question.alpha)
        return closed.welch_power(truth, (v1, v2), (k1, k2), question.alpha)

    source = "t test of cluster means" if all(nested) else "Welch's test, Roberts and Roberts 2005"
    plan = plan_in(study)
    panel = None if plan is None else plan.panel
    sizes = panel is not None and any(one.size_cv > 0 for one in panel.clusters.values())
    return power, source, "approximate where clusters differ in size" if sizes else ""


def _mean_reciprocal(size: int, kept: float) -> float:
    """Expectation of 1 / m, m of `size` members being seen, given that any is."""
    if kept >= 1:
        return 1 / size
    from scipy import stats

    m = np.arange(1, size + 1)
    chance = stats.binom.pmf(m, size, kept)
    return float((chance / m).sum() / chance.sum())


def _of_all_waves(study: Study, process: PanelProcess, asked: Asked) -> Form | None:
    question = asked.question
    arms = asked.arms or tuple(range(len(process.arms)))
    if question.success != "significant":
        return None
    if any((process.cluster[process.arm == a] >= 0).any() for a in arms):
        return None
    v = _covariance(process)
    designs = [
        longitudinal_design(asked, np.array([bool(asked.arms) and a == asked.arms[0]]))
        for a in arms
    ]
    contrast = designs[0][1]
    seen: list[Seen] = [monotone(_retention(study, process, a)) for a in arms]
    truth = process.truth(question)
    working = _exchangeable(v)
    assumes_equal = question.analysis in ("gee", "random_intercept")
    is_right = not assumes_equal or np.allclose(v, working)
    if question.analysis == "random_intercept" and not is_right:
        return None  # its standard errors are then wrong, and no formula is of use

    def power(n: int) -> float:
        people = [_people(process, n, a) for a in arms]
        x = [one[0][0] for one in designs]
        if is_right:
            variance = contrast_variance(x, [v] * len(arms), seen, people, contrast)
        else:
            each = [working] * len(arms)
            variance = sandwich_variance(x, each, [v] * len(arms), seen, people, contrast)
        at_last = [_retention(study, process, a)[asked.wave or -1] for a in arms]
        df = float(np.dot(people, at_last)) - len(arms)
        return closed.two_sided_power(truth, float(np.sqrt(variance)), df, question.alpha)

    sources = {
        "mmrm": "mixed model of repeated measures, Lu, Luo and Chen 2008",
        "gee": "estimating equations, Liu and Liang 1997",
        "random_slope": "random slopes, Hu, Mackey and Thomas 2021",
        "random_intercept": "generalised least squares, Diggle et al. 2002",
    }
    return power, sources[question.analysis], "for many people: the variances count as known"


def _exchangeable(v: np.ndarray) -> np.ndarray:
    """The nearest covariance with all variances and all correlations equal."""
    t = v.shape[0]
    off = (v.sum() - np.trace(v)) / (t * (t - 1)) if t > 1 else 0.0
    return np.full((t, t), off) + np.eye(t) * (np.trace(v) / t - off)
