"""Planning as functions: how many people, the cheapest design, saturation, feasibility."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egocohort.results.feasibility import FeasibilityStudy
    from egocohort.results.parts import CheapestDesign
    from egocohort.results.plan import StudyPlan
    from egocohort.results.saturation import SaturationStudy
    from sim.side_by_side import Progress

__all__ = ["cheapest", "feasibility", "plan", "saturation"]


def plan(
    study: str | Path,
    *,
    sizes: Sequence[int] = (),
    detect: int | None = None,
    attrition: bool = False,
    recruitment: bool = False,
    replicates: int | None = None,
    precision: float | None = None,
    draws: int = 0,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> StudyPlan:
    """Find how many people a study needs to answer what its ``[plan]`` asks.

    Parameters
    ----------
    sizes
        Numbers of people to look at; without them the smallest sufficient one is searched for.
    detect
        A number of people for which to find the smallest detectable effect instead.
    attrition, recruitment
        Add what absence costs, and how long recruiting takes, at the number of people found.
    replicates, draws
        Studies at each point of the curve, 1000 by default, 500 of the world; and joint draws of
        all that a world assumes, for its parameter band, 200 for a result.
    precision
        Standard error of the number of people, as a share of it, to which the search goes on; .01
        by default, .05 in the world. Rows that are kept are gone on from.
    study, seed, threads
        As in `simulate`; without a seed, that of the results in `out`, if there are any.
    out
        Where to keep rows, from which a later call goes on, tables, pictures, texts and a page.
    progress
        Called with the name of the stage, the number of its steps done, and of all.

    Returns
    -------
    egocohort.results.plan.StudyPlan

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the study, a plan that none can meet, results of another run.
    sim.errors.HeldError, sim.errors.RunError
        If another run is at work in the folder; if the disk is full or cannot be written.

    Examples
    --------
    >>> egocohort.plan("network-intervention-trial", seed=1).n  # doctest: +SKIP
    """
    from egocohort.results.plan import make_plan, seed_for
    from egocohort.simulation_run import draw_seed
    from sim.study.spec import read_study

    read = read_study(study)
    seed = seed_for(read, out) if seed is None else seed
    return make_plan(
        read, seed=draw_seed() if seed is None else seed, out=out, sizes=sizes, detect=detect,
        replicates=replicates, precision=precision, draws=draws, threads=threads,
        progress=progress, with_attrition=attrition, with_recruitment=recruitment,
    )  # fmt: skip


def cheapest(
    study: str | Path,
    *,
    attrition: bool = False,
    recruitment: bool = False,
    replicates: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> CheapestDesign:
    """Find the cheapest design that reaches the target, among the study's ``[plan.choices]``.

    Parameters
    ----------
    study, attrition, recruitment, replicates, precision, seed, threads, out, progress
        As of `plan`; what is added is of the design found.

    Returns
    -------
    egocohort.results.parts.CheapestDesign

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the study, or choices that make none.
    sim.errors.HeldError, sim.errors.RunError
        If another run is at work in the folder; if the disk is full or cannot be written.

    Examples
    --------
    >>> import egocohort as ec
    >>> ec.cheapest("retention-incentive", seed=1).tables["settings"]  # doctest: +SKIP
    """
    from egocohort.results.parts import make_cheapest
    from egocohort.simulation_run import draw_seed

    return make_cheapest(
        study, seed=draw_seed() if seed is None else seed, out=out, replicates=replicates,
        precision=precision, threads=threads, with_attrition=attrition,
        with_recruitment=recruitment, progress=progress,
    )  # fmt: skip


def saturation(
    study: str | Path,
    *,
    sizes: Sequence[int] = (),
    replicates: int = 500,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> SaturationStudy:
    """Judge how many people a qualitative study must interview to see its codes.

    Parameters
    ----------
    study
        Name of a shipped study with a ``[saturation]``, or path of a ``.toml`` file.
    sizes
        Numbers of people to look at; the study's own by default.
    replicates
        Studies to simulate.
    out
        Folder for the tables and saturation.png, which are replaced, and for rows, from which a
        later call goes on.
    seed, threads, progress
        As in `plan`.

    Returns
    -------
    egocohort.results.saturation.SaturationStudy

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the study, more people than its frame has, rows of another run.
    sim.errors.HeldError, sim.errors.RunError
        If another run is at work in the folder; if the disk is full or cannot be written.
    """
    from analysis.runs.run import job_seed
    from analysis.saturation.kept import SATURATION
    from egocohort.results.saturation import find_saturation
    from egocohort.simulation_run import settled_seed
    from sim.files.folder import hold_results

    seed = settled_seed(seed, job_seed(out, SATURATION))
    with hold_results(out):
        found = find_saturation(
            study, seed=seed, sizes=sizes, replicates=replicates, threads=threads, out=out,
            progress=progress,
        )  # fmt: skip
        if out is not None:
            found.save(out)
    return found


def feasibility(
    study: str | Path, *, sizes: Sequence[int] = (), out: str | Path | None = None
) -> FeasibilityStudy:
    """Judge what a feasibility study would tell: go, amber or stop, and how surely.

    Parameters
    ----------
    study
        Name of a shipped study with a ``[feasibility]``, or path of a ``.toml`` file.
    sizes
        Numbers of people, the one of most interest first; the study's own by default.
    out
        Folder for the tables, feasibility.png and protocol.md; those there are replaced.

    Returns
    -------
    egocohort.results.feasibility.FeasibilityStudy

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the study.
    sim.errors.HeldError, sim.errors.RunError
        If another run is at work in the folder; if the disk is full or cannot be written.
    """
    from egocohort.results.feasibility import find_feasibility

    found = find_feasibility(study, sizes=sizes)
    if out is not None:
        found.save(out)
    return found
