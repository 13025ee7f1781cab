"""``egocohort evidence``: whether the world shows what was published."""

from pathlib import Path

import click

from egocohort.terminal import options


@click.command(
    "evidence",
    epilog="A mean that calibration set must lie within 5 % of its target; a count published of "
    "one study inside the 95 % predictive interval of simulated ones; a rate inside the bounds of "
    "its evidence. Exit code 1 if anything does not hold.",
)
@click.option(
    "--studies", type=click.IntRange(2, 1_000_000), default=1000, show_default=True, metavar="N",
    help="Founding studies to simulate.",
)  # fmt: skip
@click.option(
    "--teams", type=click.IntRange(2, 1_000_000), default=200, show_default=True, metavar="N",
    help="Teams of usual care to follow.",
)  # fmt: skip
@options.seed
@options.threads
@options.out(
    "Folder for the tables and pictures; those there are replaced.",
    default=options.VERIFICATION,
)
@options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    studies: int,
    teams: int,
    seed: int | None,
    threads: int | None,
    out: Path,
    as_json: bool,
) -> None:
    """Compare the simulated world with what was published, target by target.

    The people are simulated: this shows how far the world agrees with its sources, and is no
    evidence about patients.
    """
    from egocohort.results.evidence import verify
    from egocohort.terminal.output import Stages, print_result
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn
    from sim.files.folder import hold_results

    seed = seed_or_drawn(seed)
    announce_compiling()
    with hold_results(out):
        with Stages() as stages:
            found = verify(
                studies, teams, seed=seed, threads=threads or processors(), progress=stages
            )
        written = found.save(out)
    print_result(found, written, f"Pictures and tables in {out}", as_json=as_json)
    ctx.exit(0 if found.holds else 1)
