"""Stress tests as functions: a user's own analysis on studies whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from egocohort.study_files.new_analysis import new_analysis

if TYPE_CHECKING:
    from analysis.stress.code import Limits
    from egocohort.results.stress import StressTest
    from egocohort.results.stress_check import AnalysisTried
    from sim.side_by_side import Progress

__all__ = ["new_analysis", "stress", "try_analysis"]


def stress(
    code: str,
    study: str | Path = "founding-study",
    *,
    estimates: Sequence[str] = (),
    effect: str = "",
    conditions: Sequence[str] = (),
    must: Sequence[str] = (),
    replicates: int = 1600,
    zones: Mapping[str, float] | None = None,
    limits: Limits | None = None,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> StressTest:
    """Run an analysis on studies whose truth is known, and say where it holds and where not.

    Parameters
    ----------
    code
        ``"my.py:fit"``, or a command such as ``"Rscript fit.R"``; see `docs/stress.md`.
    study
        Name of a shipped study, or path of a ``.toml`` file.
    estimates
        What each term estimates, such as ``"kept = kept friend 52"``; else lines of the file
        say it, or the study's plan.
    effect
        Planted in one arm, such as ``"swemwbs 0.35 SD at 52"``, else that of ``[stress]``; see
        `docs/stress.md`.
    conditions
        Names, with "+" between those that hold together; else those of the study's ``[stress]``,
        or the usual ones.
    must
        Conditions that must hold; else those of ``[stress]``, or no_effect, clean, effect and
        absence.
    replicates
        Studies of each condition at most.
    zones
        Edges of what is as it should be, such as ``{"coverage": 0.9}``.
    limits
        Seconds, MB of memory and MB of output for one study.
    seed, threads
        As in `simulate`; without a seed, that of the rows in `out`, if there are any.
    out
        Where to keep rows, from which a later call goes on, tables, pictures and the certificate.
    progress
        Called with the name of the stage, the number of its steps done, and of all.

    Returns
    -------
    egocohort.results.stress.StressTest

    Raises
    ------
    sim.errors.InputError
        Anything wrong with what is asked.
    sim.errors.HeldError, sim.errors.RunError
        If another run is at work in the folder; if the disk is full or cannot be written.

    Examples
    --------
    >>> egocohort.stress("my.py:fit", seed=1).verdict  # doctest: +SKIP
    """
    from egocohort.results.stress import run_stress
    from sim.side_by_side import silent

    return run_stress(
        code, study, estimates=estimates, effect=effect, conditions=conditions, must=must,
        replicates=replicates, zones=zones, limits=limits, seed=seed, out=out, threads=threads,
        progress=progress or silent,
    )  # fmt: skip


def try_analysis(
    code: str,
    study: str | Path = "founding-study",
    *,
    replicate: int = 0,
    estimates: Sequence[str] = (),
    effect: str = "",
    conditions: Sequence[str] = (),
    limits: Limits | None = None,
    seed: int | None = None,
) -> AnalysisTried:
    """Run an analysis on one study, and say what went in, what came back and what is wrong.

    Parameters
    ----------
    code, study, estimates, effect, limits, seed
        As of `stress`.
    replicate
        Number of the study; with the seed and condition of a run, its rows are those of the run.
    conditions
        "clean" by default; "effect" where one is planted.

    Returns
    -------
    egocohort.results.stress_check.AnalysisTried

    Raises
    ------
    sim.errors.InputError
        Anything wrong with what is asked.

    Examples
    --------
    >>> egocohort.try_analysis("my.py:fit", seed=1).usable  # doctest: +SKIP
    """
    from egocohort.results.stress_check import try_code

    return try_code(
        code, study, replicate=replicate, estimates=estimates, effect=effect,
        conditions=conditions, limits=limits, seed=seed,
    )  # fmt: skip
