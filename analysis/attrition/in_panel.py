"""The dial of absence in the classical longitudinal model: one draw of everybody for each case."""

from __future__ import annotations

import numpy as np

from analysis.attrition.cases import Case, cases_of, study_in
from analysis.attrition.missing import Missing, Turned, apart_and_stray
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from analysis.trials.panel import PanelProcess, panel_in, panel_process
from analysis.trials.trial import Trial
from analysis.worlds.census import Truth
from sim.side_by_side import Progress
from sim.study.spec import Study

__all__ = ["missing_shares", "turned_in_panel"]

LOOKED_AT = 100
"""Studies in which it is looked up who is missing."""


def turned_in_panel(
    study: Study,
    plan: Plan,
    n: int,
    *,
    seed: int,
    replicates: int,
    threads: int,
    say: Progress,
) -> Turned:
    """Turn the dial; parameters as for `analysis.attrition.dial.attrition`."""
    panel = panel_in(plan, "this process")
    cases = cases_of(study)
    processes = [_process(study, case, seed) for case in cases]
    full, own = processes[0], processes[-1]
    asked = Trial(full, plan).asked
    fits = []
    for process in processes:
        fits.append(Trial(process, plan, threads).fits([n], range(replicates))[0])
        say("turning the dial", len(fits), len(cases))
    wave = asked[0].wave or len(full.weeks) - 1
    looked = range(min(LOOKED_AT, replicates))
    who = [_who(process, full, n, wave, looked) for process in processes]
    missing = [missing_shares(own, n, one.wave, replicates) for one in asked]
    truths = tuple(Truth(own.truth(one), 0.0, 0) for one in plan.question)
    return Turned(cases, fits, who, missing, panel.outcome, {panel.outcome: panel.sd}, truths)


def missing_shares(process: PanelProcess, n: int, wave: int, studies: int) -> Missing:
    """Of each arm, those missing at a wave in the first studies of a process."""
    parts = []
    for batch in process.draw(n, range(studies)):
        who = np.eye(len(process.arms))[batch.arm]
        parts.append(np.isnan(batch.y[:, :, wave]) @ who / np.maximum(who.sum(axis=0), 1))
        people = who.sum(axis=0)
    share = np.concatenate(parts)
    return Missing(share, np.broadcast_to(people, share.shape))


def _process(study: Study, case: Case, seed: int) -> PanelProcess:
    changed = study_in(study, case)
    return panel_process(changed, plan_of(changed), seed)


def _who(
    process: PanelProcess, full: PanelProcess, n: int, wave: int, numbers: range
) -> np.ndarray:
    """Share seen at a wave, and `apart_and_stray`, of each study, (L, 3)."""
    return np.array(
        [
            (np.isfinite(y[:, wave]).mean(), *apart_and_stray(y, whole, some.arm, wave))
            for some, every in zip(process.draw(n, numbers), full.draw(n, numbers), strict=True)
            for y, whole in zip(some.y, every.y, strict=True)
        ]
    )
