"""The flow of people through the study, stage by stage, with reasons (CONSORT)."""

from __future__ import annotations

from collections import Counter

import numpy as np

from sim.study.columns import Columns, arms_of
from sim.study.missing import NOT_APPLICABLE
from sim.study.participate import REASONS
from sim.study.recruit import FATES
from sim.study.simulated import SimulatedStudy

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

Row = tuple[str, int, int, str, str, str]  # stage, wave, site, arm, outcome, reason


def flow(study: SimulatedStudy) -> Columns:
    """Columns of flow: at each stage, who reached it and who was lost, and why.

    Everybody approached is lost once or reaches the end. A wave counts all participants, and
    those analysed are those interviewed at the last wave.
    """
    counts: Counter[Row] = Counter()
    for site in study.flow:
        for code, number in enumerate(np.bincount(site.fate, minlength=len(FATES)).tolist()):
            _count_approached(counts, site.candidates.site, FATES[code], number)
    _count_participants(counts, study)
    return _columns(+counts)  # of what never happened there is no row


def _count_approached(counts: Counter[Row], site: int, fate: str, number: int) -> None:
    counts["approached", NOT_APPLICABLE, site, "", "reached", ""] += number
    for stage in STAGES:
        if LEFT_AT.get(fate) == stage:
            counts[stage, NOT_APPLICABLE, site, "", "lost", fate] += number
            return
        counts[stage, NOT_APPLICABLE, site, "", "reached", ""] += number


def _count_participants(counts: Counter[Row], study: SimulatedStudy) -> None:
    n, waves = study.visits.attended.shape
    arms = arms_of(study)
    person, wave = np.repeat(np.arange(n), waves), np.tile(np.arange(waves), n)
    axes = (study.sample.site[person], arms.codes[person], wave, study.visits.reason.ravel())
    shape = (int(study.sample.site.max(initial=0)) + 1, len(arms.labels), waves, len(REASONS))
    found = np.zeros(shape, np.int64)
    np.add.at(found, axes, 1)
    for site, code, k, reason in np.argwhere(found).tolist():
        number, arm = int(found[site, code, k, reason]), str(arms.labels[code])
        said = ("reached", "") if REASONS[reason] == "completed" else ("lost", REASONS[reason])
        if k == 0:
            counts["allocated", NOT_APPLICABLE, site, arm, "reached", ""] += number
        counts["interviewed", k + 1, site, arm, *said] += number
        if k == waves - 1:
            counts["analysed", k + 1, site, arm, *said] += number


def _columns(counts: Counter[Row]) -> Columns:
    order = ("approached", *STAGES, "allocated", "interviewed", "analysed")
    rows = sorted(
        counts, key=lambda row: (order.index(row[0]), row[1:4], row[4] != "reached", row[5])
    )
    stage, wave, site, arm, outcome, reason = zip(*rows, strict=True)
    return {
        "stage": np.array(stage),
        "wave": np.array(wave),
        "site": np.array(site),
        "arm": np.array(arm),
        "outcome": np.array(outcome),
        "reason": np.array(reason),
        "n_people": np.array([counts[row] for row in rows]),
    }
