"""Formulas for analyses of all waves, told of a design."""

from __future__ import annotations

import numpy as np

from analysis.estimators.all_waves import longitudinal_design
from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Design, Form
from analysis.estimators.formulas.longitudinal import (
    Seen,
    contrast_variance,
    monotone,
    sandwich_variance,
)

__all__ = ["of_all_waves", "of_equal_correlations", "of_equations"]

LARGE = "for many people: the variances count as known"


def of_all_waves(design: Design, source: str) -> Form | None:
    """A model whose covariance of the waves is the true one."""
    return _form(design, source, None)


def of_equal_correlations(design: Design, source: str) -> Form | None:
    """A model that takes all correlations for equal; None where they are not.

    Its standard errors are then wrong, and no formula is of use.
    """
    is_right = np.allclose(design.covariance, _exchangeable(design.covariance))
    return _form(design, source, None) if is_right else None


def of_equations(design: Design, source: str) -> Form | None:
    """Estimating equations that work with equal correlations, whatever is true."""
    working = _exchangeable(design.covariance)
    is_right = np.allclose(design.covariance, working)
    return _form(design, source, None if is_right else working)


def _form(design: Design, source: str, working: np.ndarray | None) -> Form | None:
    """The formula; `working` is a covariance that is wrong, None where that used is right."""
    asked, v, arms = design.asked, design.covariance, design.arms
    if asked.question.success != "significant" or any(design.clustered):
        return None
    designs = [
        longitudinal_design(asked, np.array([bool(asked.arms) and a == asked.arms[0]]))
        for a in arms
    ]
    x, contrast = [one[0][0] for one in designs], designs[0][1]
    seen: list[Seen] = [monotone(one) for one in design.kept]
    at_last = [one[asked.wave or -1] for one in design.kept]
    true = [v] * len(arms)

    def power(n: int) -> float:
        people = design.people(n)
        if working is None:
            variance = contrast_variance(x, true, seen, people, contrast)
        else:
            each = [working] * len(arms)
            variance = sandwich_variance(x, each, true, seen, people, contrast)
        df = float(np.dot(people, at_last)) - len(arms)
        se = float(np.sqrt(variance))
        return closed.two_sided_power(design.truth, se, df, asked.question.alpha)

    return Form(power, source, LARGE)


def _exchangeable(v: np.ndarray) -> np.ndarray:
    """The nearest covariance with all variances and all correlations equal."""
    t = v.shape[0]
    off = (v.sum() - np.trace(v)) / (t * (t - 1)) if t > 1 else 0.0
    return np.full((t, t), off) + np.eye(t) * (np.trace(v) / t - off)
