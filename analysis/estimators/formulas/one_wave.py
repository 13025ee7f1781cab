"""Formulas for analyses of one wave, told of a design."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Design, Form
from analysis.estimators.formulas.numbers_seen import averaged, mean_reciprocal

__all__ = ["of_ancova", "of_changes", "of_clusters", "of_scores", "t_form"]


def of_scores(design: Design) -> Form | None:
    """The t test, or t interval, of scores at the wave."""
    wave = design.asked.wave
    return t_form(design, float(np.sqrt(design.covariance[wave, wave])), "t test")


def of_changes(design: Design) -> Form | None:
    """The t test, or t interval, of changes since baseline."""
    v, wave = design.covariance, design.asked.wave
    sd = float(np.sqrt(v[0, 0] + v[wave, wave] - 2 * v[0, wave]))
    return t_form(design, sd, "t test of changes")


def t_form(design: Design, sd: float, source: str) -> Form | None:
    """A t test, or t interval, of values that have this standard deviation in every arm.

    Exact: of as many people as are seen the test is a noncentral t, and chance decides how many.
    """
    if not _applies(design):
        return None
    question = design.asked.question
    narrow, alpha = question.success == "narrow", question.alpha

    def of_seen(*groups: np.ndarray) -> np.ndarray:
        se = sd * np.sqrt(sum(1 / one for one in groups))
        df = np.asarray(sum(groups) - len(groups))
        if narrow:
            return closed.chances_of_half_width(question.half_width or 0.0, se, df, alpha)
        return closed.two_sided_powers(abs(design.truth) / se, df, alpha)

    def power(n: int) -> float:
        return averaged(of_seen, design.people(n), design.seen)

    if narrow:
        return Form(power, "derived here: the spread of the estimated error")
    return Form(power, source, call=_call(design, sd))


def of_ancova(design: Design) -> Form | None:
    """The analysis of covariance; None for the width of its interval.

    Exact where baseline and outcome are normal, as they are in a panel.
    """
    question, v, wave = design.asked.question, design.covariance, design.asked.wave
    if not _applies(design) or question.success == "narrow":
        return None
    sd = float(np.sqrt(v[wave, wave]))
    r = float(v[0, wave] / np.sqrt(v[0, 0] * v[wave, wave]))

    def of_seen(n1: np.ndarray, n2: np.ndarray) -> np.ndarray:
        enough = n1 + n2 > 3
        found = np.zeros(n1.shape)
        groups = n1[enough], n2[enough]
        found[enough] = closed.ancova_powers(design.truth, sd, r, *groups, question.alpha)
        return found

    def power(n: int) -> float:
        return averaged(of_seen, design.people(n), design.seen)

    return Form(power, "derived here: exact for a normal covariate")


def of_clusters(design: Design) -> Form | None:
    """The t test of means of clusters; of people where there are none.

    Exact where all clusters are of one size and one variance and everybody is seen.
    """
    if not any(design.clustered):
        return of_scores(design)
    question, wave = design.asked.question, design.asked.wave
    if question.success != "significant":
        return None
    within = design.covariance[wave, wave]
    nested = design.clustered

    def power(n: int) -> float:
        homes = design.homes(n)
        (k1, v1), (k2, v2) = (_units(design, place, homes[place], within) for place in (0, 1))
        if min(k1, k2) <= 1:
            return np.nan
        if all(nested):
            se = float(np.sqrt(v1 / k1 + v2 / k2))
            return closed.two_sided_power(design.truth, se, k1 + k2 - 2, question.alpha)
        return closed.welch_power(design.truth, (v1, v2), (k1, k2), question.alpha)

    if not all(nested):
        source = "derived here: Welch's test"
        return Form(power, source, "approximate: the df of Welch's test are")
    return Form(power, "t test of cluster means", _unlike(design))


def _unlike(design: Design) -> str:
    """Why the means of clusters have no one variance; empty if they have."""
    if design.clusters_differ:
        return "approximate where clusters differ in size"
    if min(design.seen) < 1:
        return "approximate where not everybody of a cluster is seen"
    if not np.allclose(design.between, design.between[0]):
        return "approximate where clusters of the arms differ in their variance"
    return ""


def _call(design: Design, sd: float) -> Callable[[float], str] | None:
    """The call of R for a t test of people, where arms are alike."""
    compares = design.asked.question.about == "difference"
    if compares and not design.is_balanced:
        return None
    kind = "two.sample" if compares else "one.sample"
    d, alpha = abs(design.truth) / sd, design.asked.question.alpha
    return lambda chance: (
        f"pwr::pwr.t.test(d = {d:.7g}, sig.level = {alpha:g}, power = {chance:.7g}, "
        f'type = "{kind}")'
    )


def _applies(design: Design) -> bool:
    """Whether people are independent and, where no arms are compared, of one mean."""
    if any(design.clustered):
        return False
    return design.asked.question.about == "difference" or len(design.arms) == 1


def _units(design: Design, place: int, home: np.ndarray, within: float) -> tuple[float, float]:
    """Number of units of an arm that are seen, and the variance of one's mean."""
    kept = float(design.kept[place][design.asked.wave])
    if not design.clustered[place]:
        return kept * home.size, within
    sizes = np.unique(home, return_counts=True)[1]  # some clusters may have nobody yet
    seen = 1 - (1 - kept) ** sizes
    each = np.array([mean_reciprocal(int(m), kept) for m in sizes])
    variance = design.between[place] + within * float((seen * each).sum() / seen.sum())
    return float(seen.sum()), variance
