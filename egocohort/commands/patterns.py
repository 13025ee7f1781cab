"""``egocohort patterns``: whether the world shows the findings it is built to show."""

from pathlib import Path

import click

from egocohort.terminal import options


@click.command(
    "patterns",
    epilog="D: 95 % Monte Carlo intervals lie on the stated side of zero. M: figures lie in their "
    "bands. A: with the responsible rule switched off, at most a quarter of the contrast is left. "
    "V29: share of simulated studies of 29 people that see the sign. Exit code 0 only if every "
    "pattern passes or is on the documented list of failures.",
)
@click.argument("ids", nargs=-1, metavar="[P24 ...]")
@click.option("--quick", is_flag=True, help="Ten teams of 560: a minute, wider intervals.")
@options.seed
@options.threads
@options.out(
    "Folder for patterns.csv, patterns.png, and rows, from which a later run goes on; by default "
    "results/verification when all patterns are run in full.",
)
@options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    ids: tuple[str, ...],
    quick: bool,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Measure the patterns of the founding paper and the wider evidence in the simulated world.

    The people are simulated: this shows how the world behaves, and is no evidence about patients.
    """
    from analysis.runs.run import job_seed
    from egocohort.results.patterns import PATTERNS, find_patterns
    from egocohort.terminal.output import Stages, print_result
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn
    from sim.files.folder import hold_results

    if out is None and not ids and not quick:
        out = options.VERIFICATION
    seed = seed_or_drawn(seed, job_seed(out, PATTERNS))
    announce_compiling()
    with hold_results(out):
        with Stages() as stages:
            found = find_patterns(
                ids, quick=quick, seed=seed, threads=threads or processors(), out=out,
                progress=stages,
            )  # fmt: skip
        written = found.save(out) if out is not None else []
    print_result(found, written, f"Picture and table in {out}", as_json=as_json)
    ctx.exit(0 if found.as_documented else 1)
