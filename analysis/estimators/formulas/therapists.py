"""The formula for arms compared within therapists, told of a design.

What a therapist adds in both arms cancels; what they add in one does not, however many they treat.
"""

from __future__ import annotations

import numpy as np

from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Design, Form
from analysis.estimators.formulas.numbers_seen import mean_reciprocal

__all__ = ["of_therapists"]


def of_therapists(design: Design) -> Form | None:
    """The t test of differences within therapists; None for the width of its interval.

    Exact where all treat as many and everybody is seen.
    """
    question, wave = design.asked.question, design.asked.wave
    if question.success != "significant" or not all(design.clustered):
        return None
    within = float(design.covariance[wave, wave])
    between = float(np.sum(design.between)) - 2 * design.alike * float(
        np.sqrt(np.prod(design.between))
    )

    def power(n: int) -> float:
        homes = design.homes(n)
        count = max(int(home.max()) for home in homes) + 1
        sizes = [np.bincount(home, minlength=count) for home in homes]
        both = np.all([one > 0 for one in sizes], axis=0)
        seen, of_people = np.ones(int(both.sum())), np.zeros(int(both.sum()))
        for people, kept in zip(sizes, design.seen, strict=True):
            seen *= 1 - (1 - kept) ** people[both]
            of_people += [mean_reciprocal(int(m), kept) for m in people[both]]
        therapists = float(seen.sum())
        if therapists <= 1:
            return np.nan
        variance = between + within * float(seen @ of_people) / therapists
        se = float(np.sqrt(variance / therapists))
        return closed.two_sided_power(design.truth, se, therapists - 1, question.alpha)

    return Form(power, "t test of differences within therapists, derived here", _unlike(design))


def _unlike(design: Design) -> str:
    """Why the differences have no one variance; empty if they have."""
    if design.clusters_differ:
        return "approximate where therapists differ in how many they treat"
    if min(design.seen) < 1:
        return "approximate where not everybody of a therapist is seen"
    return ""
