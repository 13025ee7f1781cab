"""How often every analysis that a study can name finds what is not there.

Studies without any effect are drawn and analysed as a plan draws and analyses them, under
circumstances that an analysis may or may not be made for: people stay away by how they last were,
change at their own pace, share clusters. What is counted is how often the interval misses the
truth; of a difference between arms that is the type I error. `docs/levels.md` shows the table,
which is made, with that page's tables, by

    python -m tests.verify.type_one

in results/verification/type_one.csv; a quarter of an hour on one processor.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from io import StringIO
from pathlib import Path
from types import MappingProxyType

import numpy as np

from analysis.estimators.catalogue import answering
from analysis.estimators.contract import Fits
from analysis.estimators.record import Circumstance
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.trials.panel import PanelProcess, panel_process
from analysis.trials.trial import Trial
from sim.errors import InputError
from sim.files.whole import write_whole
from sim.study.spec import parse_study
from tests.verify.other_outcomes import LAWS, counts_and_shares, ties

__all__ = ["CIRCUMSTANCES", "RECORDED", "SIZES", "Under", "WithoutEffect", "of_scores", "without"]

ALPHA, SIZES, REPLICATES, OF_TIES = 0.05, (20, 40, 100, 250), 10_000, 1_000
RECORDED = Path("results") / "verification" / "type_one.csv"
COMPARES = ("difference", "slope")

STUDY = """\
id = "no-effect"
title = "Two arms that do not differ"
[recruitment]
n = 100
[arms]
unit = "ego"
share = { control = 1, treated = 1 }
[waves]
weeks = [0, 13, 26, 52]
[plan]
chance = 0.8
people_at_most = 500
[[plan.question]]
outcome = "swemwbs"
analysis = "t_test"
[plan.panel]
outcome = "swemwbs"
mean = 19
sd = 4
correlation = 0.6
"""
LEAVE = (
    "[waves]",
    '[participation]\nretention = [0.8, 0.65, 0.5]\nmechanism = "MAR"\nodds_ratio = 2.0\n[waves]',
)
PACE = ("correlation = 0.6", "correlation = 0.6\nslope_sd = 4")
BY_TEAM = ('unit = "ego"', 'unit = "team"')


def _clusters(rule: str, *arms: str) -> tuple[str, str]:
    lines = "".join(f"{arm} = {{ icc = 0.1, {rule} }}\n" for arm in arms)
    return "[plan.panel]", f"[plan.panel.clusters]\n{lines}[plan.panel]"


THREE, EIGHTS = _clusters("number = 3", "treated"), _clusters("size = 8", "treated")
FOUR = _clusters("number = 4", "control", "treated")
TWELVE = _clusters("number = 12, size_cv = 0.4", "control", "treated")


@dataclass(frozen=True)
class Under:
    """What a study is like: changes of its file, and the circumstances that an analysis meets."""

    changes: tuple[tuple[str, str], ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    drops: bool = False


CIRCUMSTANCES: Mapping[str, Under] = MappingProxyType(
    {
        "none": Under(),
        "half stay away": Under((LEAVE,), (), True),
        "own pace": Under((PACE,), ("own pace",)),
        "own pace, half stay away": Under((PACE, LEAVE), ("own pace",), True),
        "three groups in one arm": Under((THREE,), ("groups in one arm",)),
        "groups of 8 in one arm": Under((EIGHTS,), ("groups in one arm",)),
        "four clusters an arm": Under((BY_TEAM, FOUR), ("clusters",)),
        "twelve clusters an arm": Under((BY_TEAM, TWELVE), ("clusters",)),
        "twelve clusters, half stay away": Under((BY_TEAM, TWELVE, LEAVE), ("clusters",), True),
    }
)
"""Of scores. Half have left at the last of four waves, those who were worse sooner (MAR)."""


@dataclass(frozen=True)
class WithoutEffect:
    """One analysis of one kind of question at one size: simulated studies, not real ones.

    Attributes
    ----------
    people : int
        Asked about, at baseline.
    missed : float
        Share of the fits that converged whose 95 % interval misses the truth.
    mcse : float
        Monte Carlo standard error of a share of .05.
    converged : float
        Share of all replicates.
    """

    family: str
    under: str
    about: str
    analysis: str
    people: int
    missed: float
    mcse: float
    converged: float
    replicates: int
    synthetic: str = "TRUE"


def without(
    family: str, under: str, asked: Question, people: int, fits: Fits, truth: float
) -> WithoutEffect:
    """The row of a question that was put to studies of so many people."""
    good = fits.converged
    missed = ~((fits.lo <= truth) & (truth <= fits.hi))[good]
    return WithoutEffect(
        family, under, asked.about, asked.analysis, people,
        missed=float(missed.mean()) if missed.size else float("nan"),
        mcse=float(np.sqrt(ALPHA * (1 - ALPHA) / max(missed.size, 1))),
        converged=float(good.mean()), replicates=good.size,
    )  # fmt: skip


def of_scores(
    under: str,
    *,
    replicates: int = REPLICATES,
    seed: int = 1,
    sizes: Sequence[int] = SIZES,
    names: Sequence[str] | None = None,
) -> Iterator[WithoutEffect]:
    """Rows of all analyses of scores, or of those named, under one of `CIRCUMSTANCES`.

    Where arms are not compared the question is about those treated, and studies are twice as large.
    """
    text = STUDY
    for old, new in CIRCUMSTANCES[under].changes:
        text = text.replace(old, new)
    study = parse_study(tomllib.loads(text), "no-effect.toml")
    plan = plan_of(study)
    for about, fitting in answering("value").items():
        compares = about in COMPARES
        asked = tuple(
            Question(
                outcome="swemwbs", about=about, analysis=name,
                at_week=None if about == "slope" else 52,
                arms=("treated", "control") if compares else ("treated",),
            )
            for name in fitting if names is None or name in names
        )  # fmt: skip
        process = panel_process(study, plan, seed)
        for people in sizes:
            n = people if compares else 2 * people
            here = tuple(one for one in asked if _has_room(plan, process, one, n))
            trial = Trial(process, plan.model_copy(update={"question": here}))
            found = trial.fits([n], range(replicates))[0] if here else []
            for one, fits in zip(here, found, strict=True):
                yield without("value", under, one, people, fits, process.truth(one))


def _has_room(plan: Plan, process: PanelProcess, one: Question, n: int) -> bool:
    """Whether an analysis can be made of n people: some are about clusters, of two or more."""
    trial = Trial(process, plan.model_copy(update={"question": (one,)}))
    try:
        trial.fits([n], range(1))
    except InputError:
        return False
    return True


def everything(seed: int = 1) -> Iterator[WithoutEffect]:
    """All rows there are."""
    for under in CIRCUMSTANCES:
        yield from of_scores(under, seed=seed)
    for family, law in LAWS:
        for half in (False, True):
            for people in SIZES:
                under = law + ", half stay away" * half
                for one, fits, truth in counts_and_shares(
                    family, law, people, half, replicates=REPLICATES, seed=seed
                ):
                    yield without(family, under, one, people, fits, truth)
    for people in SIZES[1:3]:  # a study at a time: some milliseconds each
        for one, fits, truth in ties(people, replicates=OF_TIES, seed=seed):
            yield without("ties", "none", one, people, fits, truth)


def _record() -> None:
    sink = StringIO(newline="")
    out = csv.writer(sink, lineterminator="\n")
    out.writerow([field.name for field in fields(WithoutEffect)])
    for row in everything():
        out.writerow([f"{c:.4g}" if isinstance(c, float) else c for c in astuple(row)])
    write_whole(RECORDED, sink.getvalue().encode())


if __name__ == "__main__":
    _record()
