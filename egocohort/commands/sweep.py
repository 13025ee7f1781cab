"""``egocohort sweep``: a cut at many doses."""

from __future__ import annotations

from pathlib import Path

import click

from egocohort.terminal import options


@click.command(
    "sweep",
    epilog="Dimensions: depth (1 as written, 0 nothing), weeks (how long the cut lasts), from_week "
    "(when it begins), staff (the share of everybody's time that is left, beside the cut). "
    "Thresholds are in the unit shown: --threshold unmet_visits=2 asks from which dose on "
    "people go without two more of the visits that they need; wellbeing=-0.05 asks for a fall.",
)
@click.argument("usual", metavar="A")
@click.argument("cut", metavar="B")
@click.option(
    "--over", multiple=True, required=True, metavar="NAME=FIRST:LAST:STEP",
    help="A dimension, or two; also NAME=X,Y,Z.",
)  # fmt: skip
@click.option(
    "--threshold", "thresholds", multiple=True, metavar="OUTCOME=X",
    help="From which dose on the difference is past X; may be given again.",
)  # fmt: skip
@options.weeks_lived
@options.whole_teams
@click.option(
    "--replicates", type=click.IntRange(1), default=20, show_default=True, metavar="N",
    help="With new people each, the same at each dose.",
)  # fmt: skip
@options.chosen_people
@options.chosen_outcomes
@options.seed
@options.threads
@options.out(
    "Folder for a page, tables, pictures, and rows, from which a later run goes on; none are "
    "written if absent."
)
@options.json_flag
def command(
    usual: str,
    cut: str,
    over: tuple[str, ...],
    thresholds: tuple[str, ...],
    weeks: int | None,
    teams: int | None,
    replicates: int,
    who: str | None,
    outcomes: tuple[str, ...],
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Live what scenario B adds to A at many doses: how the response grows with the dose.

    The people are simulated: this shows what follows from the model's assumptions, and is no
    evidence about patients, services or treatments.
    """
    from analysis.compare.sweep import SWEEP
    from analysis.runs.run import job_seed
    from egocohort.results.sweep import find_sweep
    from egocohort.terminal.output import Stages, print_result
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn
    from sim.files.folder import hold_results

    seed = seed_or_drawn(seed, job_seed(out, SWEEP))
    announce_compiling()
    with hold_results(out):
        with Stages() as stages:
            found = find_sweep(
                usual, cut, over, thresholds=thresholds, weeks=weeks, teams=teams,
                replicates=replicates, who=who, outcomes=outcomes, seed=seed,
                threads=threads or processors(), out=out, progress=stages,
            )  # fmt: skip
        written = found.save(out) if out is not None else []
    print_result(found, written, f"Page, pictures and tables in {out}", as_json=as_json)
