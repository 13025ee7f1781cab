"""``egocohort calibrate``: parameters fitted to published figures, or to a pilot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from egocohort.terminal import options

if TYPE_CHECKING:
    from egocohort.results.calibration import Request


@click.command(
    "calibrate",
    epilog="TARGETS is a TOML file, or the name of one that is shipped (founding-paper). It lists "
    'free parameters and targets; only targets with use = "calibration" are fitted to. A pilot\'s '
    "folder holds egos.csv and alters.csv with columns called as in a bundle; names and free text "
    "are not read, nothing of a single person is written, and figures of fewer than five people "
    "are neither shown nor used.",
)
@click.argument("targets", required=False, metavar="[TARGETS]")
@click.option(
    "--pilot", type=click.Path(path_type=Path), default=None, metavar="FOLDER",
    help="Fit to the tables of a pilot; without TARGETS, the usual parameters of ties and maps.",
)  # fmt: skip
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
        click.echo(statistics_text())
        return
    seed = seed_or_drawn(seed, job_seed(out, CALIBRATION))
    announce_compiling()
    asked = read_request(targets, pilot=pilot, study=study)
    _warn(asked)
    with hold_results(out):
        with Stages() as stages:
            found = asked.fit(
                quick=quick, seed=seed, threads=threads or processors(), out=out, progress=stages
            )
        written = found.save(out)
    if as_json:
        print_json({**found.as_data(), "files": [str(file) for file in written]})
        return
    click.echo(found.summary())
    click.echo(f"\nThe fitted world, tables and picture are in {out}. To use it:")
    what = out / "study.toml" if pilot is not None else found.fit.recipe.study.id
    click.echo(f"  egocohort simulate {what} --scenario {out / 'scenario.toml'}")


def _warn(asked: Request) -> None:
    """Say on stderr what to read with care in a pilot, and if too much is to be fitted."""
    from egocohort.terminal.output import say

    for note in asked.pilot.notes if asked.pilot is not None else ():
        say(note)
    n_free, n_aims = len(asked.recipe.free), len(asked.recipe.aims)
    if n_free > n_aims:
        say(f"{n_free} free parameters but {n_aims} targets to fit to: not all can be identified")
