"""``egocohort plan``: how many people a study needs."""

from pathlib import Path

import click

from egocohort import options


@click.command(
    "plan",
    epilog="Every figure has its Monte Carlo standard error and the number of simulated studies "
    "behind it. A failed fit counts as no success; the table says what would change if it did.",
)
@click.argument("study")
@click.option(
    "--n", "sizes", type=click.IntRange(1), multiple=True, metavar="N",
    help="Look at this number of people and search for none; may be repeated.",
)  # fmt: skip
@click.option(
    "--detect", type=click.IntRange(1), metavar="N",
    help="Search for the smallest effect that N people detect.",
)  # fmt: skip
@click.option(
    "--replicates", type=click.IntRange(100, 1_000_000), default=None, metavar="N",
    help="Studies to simulate at each point of the curve; 1000, or 500 of the world.",
)  # fmt: skip
@click.option(
    "--draws", type=click.IntRange(0, 100_000), default=0, show_default=True, metavar="N",
    help="Joint draws of all that the world assumes, to show what that leaves uncertain; 200 for a "
    "result, 0 for none. Plans from the world only.",
)  # fmt: skip
@options.seed
@options.threads
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=None, metavar="DIR",
    help="Folder for curve.csv, performance.csv, curve.png, and band.csv if drawn; those there are "
    "replaced.",
)  # fmt: skip
@options.json_flag
def command(
    study: str,
    sizes: tuple[int, ...],
    detect: int | None,
    replicates: int | None,
    draws: int,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Find how many people STUDY needs to answer what its [plan] asks.

    STUDY is the name of a shipped study, such as network-intervention-trial, or a .toml file. The
    people are simulated: this plans a study and is no evidence about patients.
    """
    from egocohort.planning import make_plan
    from egocohort.starting import processors, seed_or_drawn
    from egocohort.terminal import Stages, print_json

    seed = seed_or_drawn(seed)
    with Stages() as stages:
        planned = make_plan(
            study, seed=seed, sizes=sizes, detect=detect, replicates=replicates, draws=draws,
            threads=threads or processors(), progress=stages,
        )  # fmt: skip
    written = planned.save(out) if out is not None else []
    if as_json:
        print_json({**planned.as_data(), "files": [str(file) for file in written]})
    else:
        if written:
            click.echo(f"Picture and tables in {out}\n")
        click.echo(planned.summary())
