"""Scenarios as functions: what they do, to whom, and what takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egocohort.results.comparison import Comparison
    from egocohort.results.sweep import DoseResponse
    from egocohort.study_files.cuts import NewScenario
    from egocohort.study_files.service import NewService
    from sim.side_by_side import Progress

__all__ = ["compare", "new_scenario", "new_service", "sweep"]


def compare(
    scenarios: Sequence[str | Path],
    *,
    weeks: int | None = None,
    every: int = 13,
    teams: int | None = None,
    replicates: int = 40,
    by: Sequence[str] = (),
    who: str | None = None,
    outcomes: Sequence[str] = (),
    precision: str | None = None,
    draws: int = 0,
    futures: int = 0,
    person: str | None = None,
    costs: str | Path | None = None,
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare scenarios on whole caseloads, person by person.

    Parameters
    ----------
    scenarios
        Names of shipped scenarios, or paths of ``.toml`` files, of one world; the first is what
        the others are compared with.
    weeks
        How long they are lived, from week 0 on; as the first says by default.
    every
        Weeks between looks.
    teams
        Whole teams of a replicate, one of each site first; 5 by default.
    replicates
        How many.
    by
        Subgroups: ``"diagnosis"``, ``"partner"``, ``"informal"``, ``"need"``, ``"household"``,
        ``"team"``, or some of them crossed, as in ``"partner*need"``; each of ten people or more.
    who
        Only these people, as in ``"partner=no,need=high"``; ten or more.
    outcomes
        Only these; all there are by default.
    precision
        Go on until the half-width of an outcome's interval is as small, as in ``"crises=0.2"``.
    draws
        Sets of assumptions under which to compare them as well, 200 or so; none by default.
    futures
        Of the state before worlds part, 200 or more, by which effects on single people are told
        from luck; none by default.
    person
        One person, whose year in each world is told: site, team and number, as in ``"1.1.17"``.
    costs
        Prices of a visit, a crisis and a day in hospital, with sources and year: a name such as
        ``"england-2023"``, or a file (``.toml``); what is saved, and what of it comes back. None by
        default.
    seed
        Seed of all random draws; by default that of the rows in `out`, or drawn.
    threads
        Replicates side by side; the figures do not depend on it.
    out
        Folder for tables, pictures and a page, which are replaced, and for rows, from which a
        later call goes on.
    progress
        Called with the name of the stage, the number of its steps done, and of all.

    Returns
    -------
    egocohort.results.comparison.Comparison

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the scenarios or with what is asked.
    sim.errors.ResumeError
        If another run is at work in the folder, or its rows are of another run.
    sim.errors.RunError
        If the precision is out of reach, or files cannot be written.
    """
    from analysis.compare.run import COMPARE
    from analysis.runs.run import job_seed
    from egocohort.results.comparison import find_comparison
    from egocohort.simulation_run import settled_seed
    from sim.files.folder import hold_results

    seed = settled_seed(seed, job_seed(out, COMPARE))
    with hold_results(out):
        found = find_comparison(
            scenarios, weeks=weeks, every=every, teams=teams, replicates=replicates, by=by,
            who=who, outcomes=outcomes, precision=precision, draws=draws,
            futures=futures, person=person, costs=costs, seed=seed, threads=threads, out=out,
            progress=progress,
        )  # fmt: skip
        if out is not None:
            found.save(out)
    return found


def sweep(
    usual: str | Path,
    cut: str | Path,
    over: Sequence[str],
    *,
    thresholds: Sequence[str] = (),
    weeks: int | None = None,
    teams: int | None = None,
    replicates: int = 20,
    who: str | None = None,
    outcomes: Sequence[str] = (),
    seed: int | None = None,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> DoseResponse:
    """Live what one scenario adds to another at many doses.

    Parameters
    ----------
    usual, cut
        Scenarios as in `compare`; the second extends the first, by shocks alone.
    over
        One dimension or two, as in ``["depth=0:1.5:0.25", "from_week=0,13,26"]``: ``depth`` (1 as
        written), ``weeks`` (that the cut lasts), ``from_week`` and ``staff`` (the share of time of
        all staff that is left, beside the cut).
    thresholds
        From which dose on a difference is past a level, as in ``["unmet_visits=2"]``, in the unit
        shown, of the first dimension.
    weeks, teams, replicates, who, outcomes, seed, threads, out, progress
        As of `compare`.

    Returns
    -------
    egocohort.results.sweep.DoseResponse

    Raises
    ------
    sim.errors.InputError
        Anything wrong with the scenarios or with what is asked.
    sim.errors.ResumeError
        If another run is at work in the folder, or its rows are of another run.
    sim.errors.RunError
        If files cannot be written.
    """
    from analysis.compare.sweep import SWEEP
    from analysis.runs.run import job_seed
    from egocohort.results.sweep import find_sweep
    from egocohort.simulation_run import settled_seed
    from sim.files.folder import hold_results

    seed = settled_seed(seed, job_seed(out, SWEEP))
    with hold_results(out):
        found = find_sweep(
            usual, cut, over, thresholds=thresholds, weeks=weeks, teams=teams,
            replicates=replicates, who=who, outcomes=outcomes, seed=seed, threads=threads,
            out=out, progress=progress,
        )  # fmt: skip
        if out is not None:
            found.save(out)
    return found


def new_scenario(
    path: str | Path = "scenario.toml",
    *,
    base: str | Path = "usual-care",
    cut: str = "visits",
    depth: float | None = None,
    from_week: int | None = None,
    lasts: int | None = None,
    whom: str | None = None,
    force: bool = False,
) -> NewScenario:
    """Write a commented scenario file that can be compared at once.

    Parameters
    ----------
    path
        File to write, ending in ``.toml``; its name makes the scenario's id.
    base
        What it is a change of: the name of a shipped scenario, or the path of a file.
    cut
        ``"visits"``, ``"support"``, ``"staff"``, ``"turnover"``, ``"discharge"`` or ``"drop-ins"``.
    depth
        A share, or for turnover and discharge how much more; proposed by default. Parameters go as
        far as their ranges do; the file's note names those that stop before.
    from_week, lasts
        First week, 13 by default, and number of weeks; 0, the default, is to the end.
    whom
        As in ``"site=2"`` or ``"diagnosis=bipolar"``; everybody by default.
    force
        Replace a file that is already there.

    Returns
    -------
    egocohort.study_files.cuts.NewScenario

    Raises
    ------
    sim.errors.InputError
        If something is out of range or has no meaning for that cut, or the file exists.
    """
    from egocohort.study_files.cuts import write_scenario

    given = {
        "base": base,
        "cut": cut,
        "depth": depth,
        "from_week": from_week,
        "lasts": lasts,
        "whom": whom,
    }
    return write_scenario(path, given, force=force)


def new_service(
    path: str | Path = "service.toml",
    *,
    seed: int = 1,
    replicates: int = 40,
    threads: int = 1,
    force: bool = False,
    progress: Progress | None = None,
    **counts: float,
) -> NewService:
    """Make a baseline world of local counts, and say which of them it has.

    Parameters
    ----------
    path
        File to write, ending in ``.toml``; its name makes the scenario's id.
    seed
        Of the people by whom it is fitted; it is checked with others.
    replicates
        Teams that are lived in each round.
    threads
        Replicates side by side.
    force
        Replace a file that is already there.
    progress
        Called with the name of the stage, the number of its steps done, and of all.
    counts
        Of one team: ``psychiatrist``, ``cpn``, ``care_coordinator`` and ``support_worker`` in
        full-time equivalents, ``caseload`` in people, ``vacancies`` and ``missed`` in %, and
        ``visits``, ``admissions`` and ``bed_days`` a year; about those of usual care by default.

    Returns
    -------
    egocohort.study_files.service.NewService

    Raises
    ------
    sim.errors.InputError
        If a count is unknown or out of range, or the file exists.
    """
    from egocohort.study_files.service import SERVICE_QUESTIONS, write_service
    from sim.errors import InputError, meant_or_known

    known = [one.name for one in SERVICE_QUESTIONS]
    for name in counts:
        if name not in known:
            hint = meant_or_known(name, known)
            raise InputError(f'there is no count "{name}"{hint}')
    return write_service(
        path, counts, seed=seed, replicates=replicates, threads=threads, force=force,
        progress=progress,
    )  # fmt: skip
