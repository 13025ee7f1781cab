"""What the world's parameters leave uncertain in a plan: the parameter band.

Monte Carlo error shrinks with more simulation; ignorance of the parameters does not. So the plan is
asked again of worlds in which everything assumed is drawn at once (`drawn_worlds`). Each draw gives

- the truth of every question, from a few paired worlds of the whole caseload, and
- a few studies, analysed as the plan does: success or failure at every size of the curve.

What the draws say together is in `over`. All is given once more for the draws near the shipped
world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from analysis.estimators.contract import Fits
from analysis.planning.band.over import Over, over
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from analysis.runs.chunks import ChunkRows, kept_map, on_threads
from analysis.runs.parameter_space import Space
from analysis.runs.purposes import Purpose
from analysis.runs.run import Run, made_by
from analysis.trials.trial import Trial
from analysis.worlds.census import Truth, census, contrast_of
from analysis.worlds.drawn_worlds import DrawnWorlds
from analysis.worlds.process import WorldProcess
from sim.side_by_side import Progress
from sim.sources import HOUSE

__all__ = ["AskedDraws", "Drawn", "ParameterBand", "ask_draw", "parameter_band"]

TRUTHS, STUDIES = 2, 2
"""Paired worlds and studies of each draw."""
FEWEST = 10
"""Draws near the shipped world below which nothing is said of them."""
TRUTH = ("truth", "truth_mcse", "paired_worlds")
MAKE_ROWS = (
    HOUSE / "analysis" / "planning" / "band" / "band.py",
    HOUSE / "analysis" / "estimators",
)


class Drawn(NamedTuple):
    """What one draw of the parameters gave.

    Attributes
    ----------
    truths : tuple of Truth
        By question.
    won : tuple of tuple of bool
        By size, whether each study succeeded.
    estimates, errors : tuple of tuple of float
        By size and question, the mean estimate and the root mean square of its standard error.
    near : bool
        Whether the draw is near the shipped world.
    """

    truths: tuple[Truth, ...]
    won: tuple[tuple[bool, ...], ...]
    estimates: tuple[tuple[float, ...], ...]
    errors: tuple[tuple[float, ...], ...]
    near: bool


@dataclass(frozen=True)
class ParameterBand:
    """A plan over joint draws of everything assumed.

    Attributes
    ----------
    drawn : tuple of Drawn
        By draw.
    sizes : tuple of int
    varied : int
        Parameters drawn.
    truths_each, studies_each : int
        Paired worlds and studies of each draw.
    every : Over
        Of all draws.
    near : Over or None
        Of those near the shipped world; None if they are fewer than FEWEST.
    """

    drawn: tuple[Drawn, ...]
    sizes: tuple[int, ...]
    varied: int
    truths_each: int
    studies_each: int
    every: Over
    near: Over | None


def parameter_band(
    process: WorldProcess,
    sizes: Sequence[int],
    draws: int,
    *,
    shipped: Sequence[float],
    target: float,
    space: Space | None = None,
    threads: int = 1,
    kept: Run | None = None,
    progress: Progress | None = None,
) -> ParameterBand:
    """Ask a plan of worlds with other parameters.

    Parameters
    ----------
    process : WorldProcess
        As shipped.
    sizes : sequence of int
        Numbers of people.
    draws : int
        At least 2.
    shipped : sequence of float
        The truths as shipped, by question; their signs are looked for.
    target : float
        The chance that is wanted.
    space : Space, optional
        What varies; everything assumed by default.
    threads : int
        Draws side by side; no figure depends on it.
    kept : Run, optional
        That of the plan: where draws are kept, and taken from if they are there.
    progress : callable, optional
        Called with the name of the stage, the number of draws done, and of all.
    """
    plan = plan_of(process.study)
    worlds = DrawnWorlds(process, draws, space)
    worlds.find_balance()

    spec = AskedDraws(worlds, plan, tuple(sizes))
    store = (
        None
        if kept is None
        else kept.store(
            "band", draws=draws, sizes=spec.sizes, varied=worlds.space.paths, **made_by(*MAKE_ROWS)
        )
    )
    tables = kept_map(
        ask_draw, spec, range(draws), store=store, driver=on_threads(threads), progress=progress,
        stage="drawing the parameters",
    )  # fmt: skip
    drawn = [_of_rows(table, len(plan.question)) for table in tables]
    signs = [
        truth if one.about != "mean" else None
        for one, truth in zip(plan.question, shipped, strict=True)
    ]

    said = partial(_said, sizes=sizes, signs=signs, target=target, seed=process.seed)
    near = [one for one in drawn if one.near]
    return ParameterBand(
        tuple(drawn), tuple(sizes), len(worlds.space.paths), TRUTHS, STUDIES, said(drawn),
        said(near) if len(near) >= FEWEST else None,
    )  # fmt: skip


def _said(some: Sequence[Drawn], **asked: Any) -> Over:
    """What some draws say together; the rest as for `over`."""
    won = np.array([one.won for one in some], np.float64)
    return over([one.truths for one in some], won, **asked)


@dataclass(frozen=True)
class AskedDraws:
    """What the rows of a draw depend on."""

    worlds: DrawnWorlds
    plan: Plan
    sizes: tuple[int, ...]


def ask_draw(spec: AskedDraws, draw: int) -> ChunkRows:
    """Truths and studies of one draw: a row for each number of people and question."""
    world = spec.worlds.at(draw)
    process = world.process
    sums = [
        census(process.study, process.lived, process.questions, process.seed, replicate)
        for replicate in Purpose.BAND_TRUTH.some(TRUTHS, draw)
    ]
    process.truths[:] = [
        contrast_of(question, np.stack([one[q] for one in sums]))
        for q, question in enumerate(process.questions)
    ]
    trial = Trial(process, spec.plan)
    fits = trial.fits(spec.sizes, Purpose.BAND.some(STUDIES, draw))
    won = [trial.successes(each) for each in fits]
    questions, sizes = len(process.questions), len(spec.sizes)
    return {
        "n": np.repeat(spec.sizes, questions),
        "question": np.tile(np.arange(1, questions + 1), sizes),
        "truth": np.tile([one.value for one in process.truths], sizes),
        "truth_mcse": np.tile([one.mcse for one in process.truths], sizes),
        "paired_worlds": np.tile([one.replicates for one in process.truths], sizes),
        "estimate": np.array([_mean(one, one.estimate) for each in fits for one in each]),
        "se": np.array([np.sqrt(_mean(one, one.se**2)) for each in fits for one in each]),
        "succeeded": pa.array([each.tolist() for each in won for _ in range(questions)]),
        "near": np.full(sizes * questions, world.near),
    }


def _of_rows(table: pa.Table, questions: int) -> Drawn:
    """A draw from its rows."""
    truths = zip(*(table[name].to_pylist() for name in TRUTH), strict=True)
    estimate, se = (table[name].to_numpy().reshape(-1, questions) for name in ("estimate", "se"))
    return Drawn(
        tuple(Truth(*one) for one in truths)[:questions],
        tuple(tuple(each) for each in table["succeeded"].to_pylist()[::questions]),
        tuple(tuple(each) for each in estimate.tolist()),
        tuple(tuple(each) for each in se.tolist()),
        table["near"][0].as_py(),
    )


def _mean(fits: Fits, values: np.ndarray) -> float:
    """Mean over the studies with a fit; nan if there is none."""
    return float(values[fits.converged].mean()) if fits.converged.any() else float("nan")
