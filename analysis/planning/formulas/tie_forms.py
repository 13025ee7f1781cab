"""A planned study of ties as formulas take it."""

from __future__ import annotations

import numpy as np

from analysis.estimators.catalogue import analysis
from analysis.estimators.formulas.design import Form
from analysis.estimators.formulas.ties import TieDesign
from analysis.questions.ties import PanelTies
from analysis.trials.analyses import Asked
from analysis.trials.panel_ties import TiePanelProcess

__all__ = ["tie_form"]


def tie_form(process: TiePanelProcess, asked: Asked, law: PanelTies | None = None) -> Form | None:
    """The formula for a question about ties, or None where there is none.

    Parameters
    ----------
    process, asked
        Of the plan.
    law
        Of its ties, where it is another.
    """
    of_analysis = analysis(asked.question.analysis).closed_form
    if of_analysis is None:
        return None
    law = law or process.law
    arms = asked.arms or tuple(range(len(process.arms)))
    kept = [process.kept[arm][asked.wave - 1] for arm in arms]

    def people(n: int) -> list[int]:
        return [int(np.count_nonzero(process.arm[:n] == arm)) for arm in arms]

    design = TieDesign(
        asked, [1 - law.linked(one) for one in kept], [law.linked_icc(one) for one in kept],
        process.named.mean, process.named.weighted_mean, people,
        [float(process.seen[arm, asked.wave]) for arm in arms],
    )  # fmt: skip
    return of_analysis(design)
