"""The world as functions: its evidence and patterns, what it rests on, how it is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egocohort.results.assumptions import IgnoranceBand
    from egocohort.results.calibration import Calibration
    from egocohort.results.evidence import Verification
    from egocohort.results.patterns import PatternVerdicts
    from egocohort.results.pilot_reading import PilotReading
    from egocohort.results.sensitivity import Sensitivity
    from sim.side_by_side import Progress

__all__ = [
    "calibrate",
    "check_pilot",
    "evidence",
    "patterns",
    "sensitivity",
    "sensitivity_band",
]


def evidence(
    studies: int = 1000,
    teams: int = 200,
    *,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Compare the shipped world with what was published, target by target.

    Parameters
    ----------
    studies
        Founding studies to simulate, at least 2; a thousand take three minutes of one processor.
    teams
        Teams of usual care to follow for illness, services, losses and drift, at least 2.
    seed
        Seed of all random draws; drawn if absent, and kept in the result.
    threads
        Studies or teams side by side; the figures do not depend on it.
    out
        Folder for evidence.csv, evidence.png, drift.csv and drift.png; those there are replaced.
    progress
        Called with the name of the stage, the number of its steps done, and of all.

    Returns
    -------
    egocohort.results.evidence.Verification

    Raises
    ------
    sim.errors.HeldError
        If another run is at work in the folder.
    sim.errors.RunError
        If the disk is full or cannot be written.
    """
    from egocohort.results.evidence import verify
    from egocohort.simulation_run import draw_seed
    from sim.files.folder import hold_results

    seed = draw_seed() if seed is None else seed
    with hold_results(out):
        found = verify(studies, teams, seed=seed, threads=threads, progress=progress)
        if out is not None:
            found.save(out)
    return found


def patterns(
    ids: Sequence[str] = (),
    *,
    quick: bool = False,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> PatternVerdicts:
    """Measure the patterns that the world must show, and judge each.

    Parameters
    ----------
    ids
        Which, such as ``["P24"]``; all that have a measure by default.
    quick
        A tenth of the teams: a minute of two processors, and wider intervals.
    seed
        Seed of all random draws; by default that of the rows in `out`, or drawn.
    threads
        Teams side by side; the figures do not depend on it.
    out
        Folder for patterns.csv and patterns.png, which are replaced, and for rows, from which a
        later call goes on.
    progress
        Called with the name of the stage, the number of its steps done, and of all.

    Returns
    -------
    egocohort.results.patterns.PatternVerdicts

    Raises
    ------
    sim.errors.InputError
        If there is no pattern of such a name.
    sim.errors.ResumeError
        If another run is at work in the folder, or its rows are of another run.
    sim.errors.RunError
        If the disk is full or cannot be written.
    """
    from analysis.runs.run import job_seed
    from egocohort.results.patterns import PATTERNS, find_patterns
    from egocohort.simulation_run import settled_seed
    from sim.files.folder import hold_results

    seed = settled_seed(seed, job_seed(out, PATTERNS))
    with hold_results(out):
        found = find_patterns(
            ids, quick=quick, seed=seed, threads=threads, out=out, progress=progress
        )
        if out is not None:
            found.save(out)
    return found


def calibrate(
    targets: str | Path | None = None,
    *,
    pilot: str | Path | None = None,
    map_file: str | Path | None = None,
    study: str | Path | None = None,
    quick: bool = False,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Fit named parameters of the world to targets, with intervals, by simulation.

    Parameters
    ----------
    targets
        Name of shipped targets ("founding-paper"), or path of a ``.toml`` file that lists free
        parameters and targets. May be left out with a pilot.
    pilot
        Folder with ``egos.csv`` and ``alters.csv`` of a pilot, or another layout that
        docs/pilots.md names. Free text is not read, and figures of fewer than five people are not
        used.
    map_file
        A ``.toml`` file that says what the pilot's columns and words are in ours.
    study
        Name or path of the study whose interviews are simulated; by default the targets' own.
    quick
        Simulate little, and get a rough fit in under a minute.
    seed
        Seed of all random draws; by default that of the rows in `out`, or drawn.
    threads
        Teams side by side; the figures do not depend on it.
    out
        Folder for scenario.toml, fitted.csv, predictive.csv and predictive.png, which are
        replaced, and for rows, from which a later call goes on.
    progress
        Called with the name of the stage, the number of its steps done, and of all.

    Returns
    -------
    egocohort.results.calibration.Calibration

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the targets or with the pilot's tables.
    sim.errors.ResumeError
        If another run is at work in the folder, or its rows are of another run.
    sim.errors.RunError
        If the disk is full or cannot be written.
    """
    from analysis.runs.run import job_seed
    from egocohort.results.calibration import CALIBRATION, read_request
    from egocohort.simulation_run import settled_seed
    from sim.files.folder import hold_results

    asked = read_request(targets, pilot=pilot, map_file=map_file, study=study)
    seed = settled_seed(seed, job_seed(out, CALIBRATION))
    with hold_results(out):
        found = asked.fit(quick=quick, seed=seed, threads=threads, out=out, progress=progress)
        if out is not None:
            found.save(out)
    return found


def check_pilot(
    folder: str | Path, *, map_file: str | Path | None = None, out: str | Path | None = None
) -> PilotReading:
    """Read a pilot's tables and say what is in them; fit nothing.

    Parameters
    ----------
    folder
        As `calibrate` takes it.
    map_file
        A ``.toml`` file that says what the pilot's columns and words are in ours.
    out
        Folder for pilot.csv, figures.csv and pilot.txt; those there are replaced.

    Returns
    -------
    egocohort.results.pilot_reading.PilotReading

    Raises
    ------
    sim.errors.InputError
        Whatever is wrong with the tables: all of it, each with file and line.
    sim.errors.HeldError
        If another run is at work in the folder.
    sim.errors.RunError
        If the disk is full or cannot be written.
    """
    from egocohort.results.pilot_reading import read_folder

    found = read_folder(folder, map_file)
    if out is not None:
        found.save(out)
    return found


def sensitivity(
    output: str,
    *,
    method: str = "both",
    among: Sequence[str] = ("assumed",),
    quick: bool = False,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Find the parameters that an output of the simulated world depends on.

    Parameters
    ----------
    output
        Name of an output, such as ``"friend_retention_12m"``; see `analysis.sensitivity.names`.
    method
        ``"morris"`` (screening), ``"sobol"`` (shares of variance, of few parameters) or ``"both"``.
    among
        ``["assumed"]``, ``["fitted"]``, ``["all"]``, or paths of parameters, ``*`` for anything.
    quick
        Fewer draws: a minute of two processors, and wider intervals.
    seed
        Seed of all random draws; by default that of the rows in `out`, or drawn.
    threads
        Draws side by side; the figures do not depend on it.
    out
        Folder for a table, a text and a picture, which are replaced, and for rows, from which a
        later call goes on.
    progress
        Called with the name of the stage, the number of its steps done, and of all.

    Returns
    -------
    egocohort.results.sensitivity.Sensitivity

    Raises
    ------
    sim.errors.InputError
        If there is no such output, method or parameter, or the parameter cannot vary.
    sim.errors.ResumeError
        If another run is at work in the folder, or its rows are of another run.
    sim.errors.RunError
        If the output does not exist for most draws, or files cannot be written.
    """
    from analysis.runs.run import job_seed
    from analysis.sensitivity.names import SENSITIVITY
    from egocohort.results.sensitivity import find_sensitivity
    from egocohort.simulation_run import settled_seed
    from sim.files.folder import hold_results

    seed = settled_seed(seed, job_seed(out, SENSITIVITY))
    with hold_results(out):
        found = find_sensitivity(
            output, method=method, among=among, quick=quick, seed=seed, threads=threads,
            out=out, progress=progress,
        )  # fmt: skip
        if out is not None:
            found.save(out)
    return found


def sensitivity_band(
    *,
    among: Sequence[str] = ("assumed",),
    quick: bool = False,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> IgnoranceBand:
    """See whether the headline statements hold when everything assumed may be otherwise.

    Parameters
    ----------
    among, quick, seed, threads, out, progress
        As for `sensitivity`.

    Returns
    -------
    egocohort.results.assumptions.IgnoranceBand

    Raises
    ------
    sim.errors.InputError
        If there is no such parameter, or it cannot vary.
    sim.errors.ResumeError
        If another run is at work in the folder, or its rows are of another run.
    sim.errors.RunError
        If files cannot be written.
    """
    from analysis.runs.run import job_seed
    from analysis.sensitivity.names import SENSITIVITY
    from egocohort.results.assumptions import find_band
    from egocohort.simulation_run import settled_seed
    from sim.files.folder import hold_results

    seed = settled_seed(seed, job_seed(out, SENSITIVITY))
    with hold_results(out):
        found = find_band(
            among=among, quick=quick, seed=seed, threads=threads, out=out, progress=progress
        )
        if out is not None:
            found.save(out)
    return found
