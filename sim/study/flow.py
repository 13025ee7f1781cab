"""The flow of people through the study, stage by stage, with reasons (CONSORT)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from sim.study.columns import Columns, arms_of
from sim.study.participate import REASONS
from sim.study.recruit import FATES

if TYPE_CHECKING:
    from sim.study.simulate import SimulatedStudy

__all__ = ["flow"]

STAGES = ("interested", "eligible", "consented")
LEFT_AT = {
    "not_interested": "interested",
    "died": "eligible",
    "ineligible": "eligible",
    "ill": "eligible",
    "not_contactable": "consented",
    "circumstances": "consented",
    "declined": "consented",
}
NO_WAVE = -7

Row = tuple[str, int, int, str, str, str]  # stage, wave, site, arm, outcome, reason


def flow(study: SimulatedStudy) -> Columns:
    """Columns of flow: at each stage, who reached it and who was lost, and why.

    Everybody approached is lost once or reaches the end. A wave counts all participants, and
    those analysed are those interviewed at the last wave.
    """
    counts: Counter[Row] = Counter()
    for site in study.flow:
        for code in site.fate.tolist():
            _count_person(counts, site.candidates.site, FATES[code])
    waves = study.visits.attended.shape[1]
    arms, reasons = arms_of(study), np.array(REASONS, dtype=object)[study.visits.reason]
    for i, site_number in enumerate(study.sample.site.tolist()):
        counts["allocated", NO_WAVE, site_number, arms[i], "reached", ""] += 1
        for wave in range(waves):
            reason = reasons[i, wave]
            here = study.visits.attended[i, wave]
            said = ("reached", "") if here else ("lost", reason)
            counts["interviewed", wave + 1, site_number, arms[i], *said] += 1
            if wave == waves - 1:
                counts["analysed", wave + 1, site_number, arms[i], *said] += 1
    return _columns(counts)


def _count_person(counts: Counter[Row], site: int, fate: str) -> None:
    counts["approached", NO_WAVE, site, "", "reached", ""] += 1
    for stage in STAGES:
        if LEFT_AT.get(fate) == stage:
            counts[stage, NO_WAVE, site, "", "lost", fate] += 1
            return
        counts[stage, NO_WAVE, site, "", "reached", ""] += 1


def _columns(counts: Counter[Row]) -> Columns:
    order = ("approached", *STAGES, "allocated", "interviewed", "analysed")
    rows = sorted(
        counts, key=lambda row: (order.index(row[0]), row[1:4], row[4] != "reached", row[5])
    )
    stage, wave, site, arm, outcome, reason = zip(*rows, strict=True)
    return {
        "stage": np.array(stage, dtype=object),
        "wave": np.array(wave),
        "site": np.array(site),
        "arm": np.array(arm, dtype=object),
        "outcome": np.array(outcome, dtype=object),
        "reason": np.array(reason, dtype=object),
        "n_people": np.array([counts[row] for row in rows]),
    }
