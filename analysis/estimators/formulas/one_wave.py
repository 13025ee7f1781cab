"""Formulas for analyses of one wave, told of a design."""

from __future__ import annotations

import numpy as np

from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Design, Form

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
    """A t test, or t interval, of values that have this standard deviation in every arm."""
    if not _applies(design):
        return None
    question = design.asked.question
    narrow, alpha = question.success == "narrow", question.alpha

    def power(n: int) -> float:
        groups = design.seen(n)
        se = sd * float(np.sqrt(sum(1 / one for one in groups)))
        df = sum(groups) - len(groups)
        if narrow:
            return closed.chance_of_half_width(question.half_width or 0.0, se, df, alpha)
        return closed.two_sided_power(design.truth, se, df, alpha)

    return Form(power, "derived here: the spread of the estimated error" if narrow else source)


def of_ancova(design: Design) -> Form | None:
    """The analysis of covariance; None for the width of its interval."""
    question, v, wave = design.asked.question, design.covariance, design.asked.wave
    if not _applies(design) or question.success == "narrow":
        return None
    sd = float(np.sqrt(v[wave, wave]))
    r = float(v[0, wave] / np.sqrt(v[0, 0] * v[wave, wave]))

    def power(n: int) -> float:
        groups = design.seen(n)
        return closed.ancova_power(design.truth, sd, r, groups[0], groups[1], question.alpha)

    return Form(power, "derived here: exact for a normal covariate")


def of_clusters(design: Design) -> Form | None:
    """The t test of means of clusters; of people where there are none."""
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

    source = "t test of cluster means" if all(nested) else "derived here: Welch's test"
    return Form(
        power, source, "approximate where clusters differ in size" if design.sizes_vary else ""
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
    each = np.array([_mean_reciprocal(int(m), kept) for m in sizes])
    variance = design.between[place] + within * float((seen * each).sum() / seen.sum())
    return float(seen.sum()), variance


def _mean_reciprocal(size: int, kept: float) -> float:
    """Expectation of 1 / m, m of `size` members being seen, given that any is."""
    if kept >= 1:
        return 1 / size
    from scipy import stats

    m = np.arange(1, size + 1)
    chance = stats.binom.pmf(m, size, kept)
    return float((chance / m).sum() / chance.sum())
