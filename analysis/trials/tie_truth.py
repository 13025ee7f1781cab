"""What analyses of ties estimate, from the shares that people of each arm lose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.catalogue import analysis
from analysis.questions.question import Question

__all__ = ["true_value_of"]


def true_value_of(
    question: Question,
    lost: Sequence[float],
    weights: Sequence[float],
) -> float:
    """What a question asks for, on the scale of its analysis.

    Parameters
    ----------
    question
        Of ties.
    lost
        Share of ties lost, of the arms asked about.
    weights
        People of those arms.
    """
    used = analysis(question.analysis)
    means = np.array(lost)
    if len(question.arms) < 2:
        means = np.array([means @ np.array(weights) / sum(weights)])
    if used.of_means is not None:
        means = used.of_means(means)
    return float(means[0] - means[1]) if means.size == 2 else float(means[0])
