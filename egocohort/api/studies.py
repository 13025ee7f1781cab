"""Studies as functions: simulate, show, make again, report, cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.study_files.begin import new

if TYPE_CHECKING:
    from egocohort.results.citations import Citations
    from egocohort.results.listing import Listing
    from egocohort.results.lives_check import LivesCheck
    from egocohort.results.network_measures import NetworkMeasures
    from egocohort.results.page import Page
    from egocohort.results.reproduction import Reproduction
    from egocohort.results.simulation import Simulation
    from egocohort.results.simulations import Simulations
    from sim.side_by_side import Progress

__all__ = [
    "check_lives",
    "cite",
    "measures",
    "new",
    "report",
    "rerun",
    "show",
    "simulate",
    "simulate_many",
]


def simulate(
    study: str | Path = "founding-study",
    *,
    scenario: str | Path | None = None,
    seed: int | None = None,
    replicate: int | None = None,
    truth: str = "lived",
    errors: str | Mapping[str, Any] | None = None,
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
    truth
        "lived": the truth of the lives that were lived. "counterfactual": also what each
        participant would have been in each arm, everybody else in it too. "direct": the same with
        everybody else as allocated; lives a team as often as it has participants.
    errors
        Errors of data to put in, in place of those the study file asks for: ``"typical"``,
        ``"aliases=high,duplicates=0.05"``, or a mapping; ``docs/errors.md`` lists the kinds.
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
    from egocohort.simulation_run import carry_out, read_run, settled_seed

    seed = settled_seed(seed)
    run = read_run(study, scenario, seed=seed, replicate=replicate, truth=truth, errors=errors)
    with run.placed(out, force=force):
        made = carry_out(run, threads=threads, progress=progress)
        if out is not None:
            made.save(out, force=force)
    return made


def simulate_many(
    study: str | Path = "founding-study",
    *,
    replicates: int,
    scenario: str | Path | None = None,
    seed: int | None = None,
    tables: Iterable[str] | None = None,
    truth: str = "lived",
    errors: str | Mapping[str, Any] | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Simulations:
    """Simulate one study many times; nothing is simulated before it is asked for.

    Parameters
    ----------
    study, scenario, truth, errors
        As in `simulate`.
    replicates
        How many, numbered from 0: each is that of `simulate` with this replicate.
    seed
        Seed of all of them; drawn if absent, and kept in the result.
    tables
        Names of the tables that there are to be, such as ``["alters", "truth/ties"]``. By default
        all, each made when it is asked for; in a data set, those of what the study saw.
    threads
        Studies to simulate side by side; the results do not depend on it.
    progress
        Called with the name of the stage, the number of replicates done, and of all.

    Returns
    -------
    egocohort.results.simulations.Simulations
        To iterate over, in bounded memory, or to `save` as one data set.

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the study, the scenario, or what is asked for.

    Examples
    --------
    >>> import egocohort as ec
    >>> many = ec.simulate_many(replicates=100, seed=1, tables=["alters"])  # doctest: +SKIP
    >>> sizes = [len(one.alters) for one in many]  # doctest: +SKIP
    >>> many.save("results")  # doctest: +SKIP
    """
    from egocohort.replicates.request import read_many
    from egocohort.results.simulations import Simulations
    from egocohort.simulation_run import settled_seed

    asked = read_many(
        study, scenario, seed=settled_seed(seed), replicates=replicates, tables=tables,
        truth=truth, errors=errors,
    )  # fmt: skip
    return Simulations(asked, threads, progress)


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


def check_lives(bundle: str | Path | Simulation) -> LivesCheck:
    """Check a bundle for contradictions in what it says of people, ties and interviews.

    Parameters
    ----------
    bundle
        Folder of a bundle, or a simulated study.

    Returns
    -------
    egocohort.results.lives_check.LivesCheck
        What cannot be must not be found; what people get wrong must be found as often as the
        parameters say.

    Raises
    ------
    sim.errors.InputError
        If the folder is no bundle, or is not as it was written.
    """
    from egocohort.results.lives_check import lives_check

    return lives_check(bundle)


def measures(bundle: str | Path | Simulation, *, out: str | Path | None = None) -> NetworkMeasures:
    """Measure the personal networks of a study, interview by interview.

    Parameters
    ----------
    bundle
        Folder of a bundle, or a simulated study.
    out
        Folder for the tables; those there are replaced.

    Returns
    -------
    egocohort.results.network_measures.NetworkMeasures
        Tables ``interviews`` (of people), ``with_objects``, ``classes`` and ``change``. A measure
        that is not defined, or of ties that were not asked about, is nan.

    Raises
    ------
    sim.errors.InputError
        If the folder is no bundle, or is not as it was written.
    sim.errors.HeldError, sim.errors.RunError
        If another run is at work in the folder; if the disk is full or cannot be written.

    Examples
    --------
    >>> import egocohort as ec
    >>> found = ec.measures(ec.simulate("founding-study", seed=1))  # doctest: +SKIP
    >>> found.interviews[["egoID", "size", "density", "constraint"]]  # doctest: +SKIP
    """
    from egocohort.results.network_measures import measures_of

    found = measures_of(bundle)
    if out is not None:
        found.save(out)
    return found


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
