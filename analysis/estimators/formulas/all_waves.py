"""Formulas for analyses of all waves, told of a design.

A source is named where its formula gives the variance of this very design; elsewhere the same sum
over patterns of drop-out is our own.
"""

from __future__ import annotations

import numpy as np

from analysis.estimators.all_waves import longitudinal_design
from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Design, Form
from analysis.estimators.formulas.longitudinal import (
    Seen,
    contrast_variance,
    has_random_effects,
    monotone,
    sandwich_variance,
)

__all__ = [
    "of_all_waves", "of_equal_correlations", "of_equations", "of_levels_and_slopes", "variance_of",
]  # fmt: skip

LARGE = "for many people: the variances count as known"
BY_T = "with Student's t for the normal"
DERIVED = "derived here: generalised least squares over the patterns of drop-out"
SANDWICH = "derived here: the sandwich of estimating equations"


def of_all_waves(design: Design) -> Form | None:
    """A model whose covariance of the waves is the true one."""
    return _form(design, _least_squares(design), None)


def of_equal_correlations(design: Design) -> Form | None:
    """A model that takes all correlations for equal; None where they are not.

    Its standard errors are then wrong, and no formula is of use.
    """
    is_right = np.allclose(design.covariance, _exchangeable(design.covariance))
    return of_all_waves(design) if is_right else None


def of_levels_and_slopes(design: Design) -> Form | None:
    """A model of random levels and slopes; None where waves correlate otherwise."""
    is_right = has_random_effects(design.covariance, design.asked.years)
    return of_all_waves(design) if is_right else None


def of_equations(design: Design) -> Form | None:
    """Estimating equations that work with equal correlations, whatever is true."""
    working = _exchangeable(design.covariance)
    is_right = np.allclose(design.covariance, working)
    published = is_right and len(design.arms) == 2 and not _drops(design)
    source = "variance of Liu and Liang 1997" if published else SANDWICH
    return _form(design, source, None if is_right else working)


def variance_of(design: Design, n: int, working: np.ndarray | None = None) -> float:
    """Variance of the estimate in a study of n people.

    Parameters
    ----------
    design
        The study.
    n
        People.
    working
        A covariance of the waves that is taken for the true one; None where that is right.
    """
    asked, v, arms = design.asked, design.covariance, design.arms
    designs = [
        longitudinal_design(asked, np.array([bool(asked.arms) and a == asked.arms[0]]))
        for a in arms
    ]
    x, contrast = [one[0][0] for one in designs], designs[0][1]
    seen: list[Seen] = [monotone(one) for one in design.kept]
    true, people = [v] * len(arms), design.people(n)
    if working is None:
        return contrast_variance(x, true, seen, people, contrast)
    return sandwich_variance(x, [working] * len(arms), true, seen, people, contrast)


def _form(design: Design, source: str, working: np.ndarray | None) -> Form | None:
    """The formula; None of the width of an interval, and where people share clusters."""
    question = design.asked.question
    if question.success != "significant" or any(design.clustered):
        return None
    at_last = [one[design.asked.wave or -1] for one in design.kept]

    def power(n: int) -> float:
        se = float(np.sqrt(variance_of(design, n, working)))
        df = float(np.dot(design.people(n), at_last)) - len(design.arms)
        return closed.two_sided_power(design.truth, se, df, question.alpha)

    return Form(power, f"{source}, {BY_T}", LARGE)


def _least_squares(design: Design) -> str:
    """Who published the variance of generalised least squares for such a design."""
    question, drops = design.asked.question, _drops(design)
    free = question.baseline != "constrained"
    if question.about == "difference" and free:
        return "variance of Lu, Luo and Chen 2008"
    if question.about == "slope" and free and not drops and _is_even(design):
        return "variance of Diggle et al. 2002, page 29"
    alike = np.allclose(design.kept[0], design.kept[-1])
    levels = has_random_effects(design.covariance, design.asked.years)
    if question.about == "slope" and not free and alike and levels:
        return "variance of Hu, Mackey and Thomas 2021"
    return DERIVED


def _drops(design: Design) -> bool:
    return any((one < 1).any() for one in design.kept)


def _is_even(design: Design) -> bool:
    """Whether the two arms are of one size."""
    first, second = design.people(1000)
    return abs(first - second) <= 1


def _exchangeable(v: np.ndarray) -> np.ndarray:
    """The nearest covariance with all variances and all correlations equal."""
    t = v.shape[0]
    off = (v.sum() - np.trace(v)) / (t * (t - 1)) if t > 1 else 0.0
    return np.full((t, t), off) + np.eye(t) * (np.trace(v) / t - off)
