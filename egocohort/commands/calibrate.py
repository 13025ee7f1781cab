"""``egocohort calibrate``: parameters fitted to published figures, or to a pilot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from egocohort.terminal import options


@click.command(
    "calibrate",
    epilog="TARGETS is a TOML file, or the name of one that is shipped (founding-paper). It lists "
    'free parameters and targets; only targets with use = "calibration" are fitted to. A pilot\'s '
    "folder holds egos.csv and alters.csv with columns called as in a bundle, or another layout "
    "that docs/pilots.md names; free text is not read, nothing of a single person is written, and "
    "figures of fewer than five people are neither shown nor used.",
)
@click.argument("targets", required=False, metavar="[TARGETS]")
@click.option(
    "--pilot", type=click.Path(path_type=Path), default=None, metavar="FOLDER",
    help="Fit to the tables of a pilot; without TARGETS, the usual parameters of ties and maps.",
)  # fmt: skip
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), default=None, metavar="FILE",
    help="What the pilot's columns and words are in ours (a .toml file; see docs/pilots.md).",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Only read the pilot, say what was read, and stop.")
@click.option(
    "--study", default=None, metavar="STUDY",
    help="Study (name or file) whose interviews are simulated; founding-study by default.",
)  # fmt: skip
@click.option("--quick", is_flag=True, help="A rough fit in under a minute.")
@click.option("--statistics", is_flag=True, help="List what targets can be of, and stop.")
@options.seed
@options.threads
@options.out(
    "Folder for scenario.toml, the tables and the picture, which are replaced, and rows, from "
    "which a later run goes on.",
    default=Path("calibration"),
)
@options.json_flag
def command(
    targets: str | None,
    pilot: Path | None,
    map_file: Path | None,
    check: bool,
    study: str | None,
    quick: bool,
    statistics: bool,
    seed: int | None,
    threads: int | None,
    out: Path,
    as_json: bool,
) -> None:
    """Fit named parameters of the world to targets, with intervals, by simulation.

    Writes a scenario that can be used at once, every target beside the fitted world, and which
    parameters the targets say nothing about.
    """
    from analysis.runs.run import job_seed
    from egocohort.results.calibration import CALIBRATION, read_request, statistics_text
    from egocohort.terminal.output import Stages, print_json
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn
    from sim.files.folder import hold_results

    if statistics:
        return click.echo(statistics_text())
    if check:
        return _check(pilot, map_file, as_json)
    seed = seed_or_drawn(seed, job_seed(out, CALIBRATION))
    announce_compiling()
    asked = read_request(targets, pilot=pilot, map_file=map_file, study=study)
    if asked.reading is not None and not as_json:
        click.echo(f"{asked.reading.summary()}\n")
    _warn(asked)
    with hold_results(out):
        with Stages() as stages:
            found = asked.fit(
                quick=quick, seed=seed, threads=threads or processors(), out=out, progress=stages
            )
        written = found.save(out)
    if as_json:
        return print_json({**found.as_data(), "files": [str(file) for file in written]})
    click.echo(found.summary())
    return click.echo(f"\nThe fitted world, tables and picture are in {out}.{_use(found, out)}")


def _warn(asked: Any) -> None:
    """Say on stderr, once work has begun, if too much is to be fitted."""
    from egocohort.terminal.output import say_once_begun

    n_free, n_aims = len(asked.recipe.free), len(asked.recipe.aims)
    if n_free > n_aims:
        say_once_begun(
            f"{n_free} free parameters but {n_aims} targets to fit to: not all can be identified"
        )


def _check(pilot: Path | None, map_file: Path | None, as_json: bool) -> None:
    """Read and report, and write nothing."""
    from egocohort.results.pilot_reading import read_folder
    from egocohort.terminal.output import print_json
    from sim.errors import InputError

    if pilot is None:
        raise InputError("--check reads a pilot; give its folder, --pilot FOLDER")
    found = read_folder(pilot, map_file)
    if as_json:
        print_json(found.as_data())
        return
    click.echo(found.summary())


def _use(found: Any, out: Path) -> str:
    """How to use a fitted world; or that it is not one to use, and what to do."""
    from sim.errors import typed

    if found.unmet:
        return (
            " It is not one to use as it is: see what is not met. Give parameters at a bound a "
            "wider range if you know of one, free others that move what is missed, or look whether "
            "the targets can be true together; leave out --quick before you judge."
        )
    what = out / "study.toml" if found.pilot is not None else found.fit.recipe.held_as
    command = typed("egocohort", "simulate", what, "--scenario", out / "scenario.toml")
    return f" To use it:\n  {command}"
