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
    "--replicates", type=click.IntRange(100, 1_000_000), default=1000, show_default=True,
    metavar="N", help="Studies to simulate at each point of the curve.",
)  # fmt: skip
@options.seed
@options.threads
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=None, metavar="DIR",
    help="Keep every simulated study as a row in DIR/STUDY, from which a later run goes on, and "
    "write tables, pictures, texts for the protocol and a page there.",
)  # fmt: skip
@click.option(
    "--protocol", "as_protocol", is_flag=True,
    help="Print texts for the protocol (SPIRIT, DELTA2, CONSORT, ADEMP) instead.",
)  # fmt: skip
@options.json_flag
def command(
    study: str,
    sizes: tuple[int, ...],
    detect: int | None,
    replicates: int,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_protocol: bool,
    as_json: bool,
) -> None:
    """Find how many people STUDY needs to answer what its [plan] asks.

    STUDY is the name of a shipped study, such as network-intervention-trial, or a .toml file. The
    people are simulated: this plans a study and is no evidence about patients.
    """
    from egocohort.commands.simulate import processors
    from egocohort.making import draw_seed
    from egocohort.planning import make_plan, seed_for
    from egocohort.terminal import Stages, print_json, say
    from sim.study.spec import read_study

    if as_protocol and len(sizes) > 1:
        raise click.UsageError("--protocol is about one number of people; give one --n, or none")
    read = read_study(study)
    if seed is None:
        there = seed_for(read, out)
        seed = draw_seed() if there is None else there
        say(f"seed {seed}" + (", that of the results there" if there is not None else ""))
    with Stages() as stages:
        planned = make_plan(
            read, seed=seed, out=out, sizes=sizes, detect=detect, replicates=replicates,
            threads=threads or processors(), progress=stages,
        )  # fmt: skip
    if planned.folder is not None:
        say(f"Rows, tables, pictures and a page in {planned.folder}")
    if as_json:
        texts = {"protocol": planned.protocol()} if as_protocol else {}
        files = [str(file) for file in planned.files]
        print_json({**planned.as_data(), **texts, "files": files})
    else:
        click.echo(planned.protocol() if as_protocol else planned.summary())
