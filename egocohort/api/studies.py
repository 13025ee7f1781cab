"""Studies as functions: simulate, plan, show, make again, report, cite."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from egocohort.study_files.begin import new

if TYPE_CHECKING:
    from egocohort.results.cheapest import CheapestDesign
    from egocohort.results.citations import Citations
    from egocohort.results.feasibility import FeasibilityStudy
    from egocohort.results.listing import Listing
    from egocohort.results.page import Page
    from egocohort.results.plan import StudyPlan
    from egocohort.results.reproduction import Reproduction
    from egocohort.results.saturation import SaturationStudy
    from egocohort.results.simulation import Simulation
    from sim.side_by_side import Progress

__all__ = [
    "cheapest",
    "cite",
    "feasibility",
    "new",
    "plan",
    "report",
    "rerun",
    "saturation",
    "show",
    "simulate",
]


def simulate(
    study: str | Path = "founding-study",
    *,
    scenario: str | Path | None = None,
    seed: int | None = None,
    replicate: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> Simulation:
    """Simulate one study: a world, and what the study gets to see of it.

    Parameters
    ----------
    study
        Name of a shipped study, or path of a ``.toml`` file.
    scenario
        Name or path of the world it is held in; the study's own by default.
    seed
        Seed of all random draws; drawn if absent, and kept in the result.
    replicate
        Number of the repetition. The same seed and replicate in two scenarios share every draw.
    out
        Folder in which to write the bundle's folder; without it the study stays in memory.
    force
        Replace the same bundle if it is already there; never files that are no part of it.
    threads
        Teams to run side by side; the results do not depend on it.
    progress
        Called with the name of the stage, the number of its steps done, and of all.

    Returns
    -------
    egocohort.results.simulation.Simulation

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the study, the scenario or the place for the bundle.
    sim.errors.HeldError, sim.errors.RunError
        If another run is at work in the folder; if the disk is full or cannot be written.

    Examples
    --------
    >>> import egocohort as ec
    >>> founding = ec.simulate("founding-study", seed=1)  # doctest: +SKIP
    >>> founding.persons.head()  # doctest: +SKIP
    >>> founding.plot()  # doctest: +SKIP
    """
    from egocohort.simulation_run import carry_out, draw_seed, read_run

    seed = draw_seed() if seed is None else seed
    run = read_run(study, scenario, seed=seed, replicate=replicate)
    with run.placed(out, force=force):
        made = carry_out(run, threads=threads, progress=progress)
        if out is not None:
            made.save(out, force=force)
    return made


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
    egocohort.results.cheapest.CheapestDesign

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
    from egocohort.results.cheapest import make_cheapest
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


def show(name: str | Path | None = None) -> Listing:
    """List what a scenario or study sets, or all parameters there are.

    Parameters
    ----------
    name
        Name or path of a scenario or study; the plain world by default.

    Returns
    -------
    egocohort.results.listing.Listing
        With ``parameters``, ``shocks`` and ``targets`` as DataFrames.

    Raises
    ------
    sim.errors.InputError
        If there is none of that name, or anything is wrong with it.
    """
    from egocohort.results.listing import listing

    return listing(name)


def rerun(
    manifest: str | Path,
    *,
    out: str | Path | None = None,
    force: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> Reproduction:
    """Make a bundle again from its manifest and compare every file.

    Parameters
    ----------
    manifest
        A ``manifest.json``, or the folder it lies in.
    out
        Folder in which to keep what is made; without it only the comparison is kept.
    force, threads, progress
        As in `simulate`.

    Returns
    -------
    egocohort.results.reproduction.Reproduction

    Raises
    ------
    sim.errors.InputError
        If the manifest cannot be read or is of another version.
    """
    from egocohort.results.reproduction import reproduce

    return reproduce(manifest, out=out, force=force, threads=threads, progress=progress)


def report(
    bundle: str | Path | Simulation, *, out: str | Path | None = None, force: bool = False
) -> Page:
    """Write a page on one study that needs no other file.

    Parameters
    ----------
    bundle
        Folder of a bundle, or a simulated study.
    out
        File to write. By default ``pictures/report.html`` in the bundle's folder, or nowhere if
        there is none.
    force
        Replace a page that is already there.

    Returns
    -------
    egocohort.results.page.Page

    Raises
    ------
    sim.errors.InputError
        If the folder is no bundle, or the page exists.
    """
    from egocohort.results.page import write_page

    return write_page(bundle, out=out, force=force)


def cite(what: str | Path | None = None) -> Citations:
    """List what to cite, and for what.

    Parameters
    ----------
    what
        Name or path of a scenario or study, the folder of a bundle, or the id of a source such as
        "B46", whose uses are then listed; by default the parameters as shipped.

    Returns
    -------
    egocohort.results.citations.Citations

    Raises
    ------
    sim.errors.InputError
        If there is none of that name, or anything is wrong with it.
    """
    from egocohort.results.citations import citations

    return citations(what)
