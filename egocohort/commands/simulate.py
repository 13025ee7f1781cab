"""``egocohort simulate``: one study, from the world to the bundle."""

from pathlib import Path
from typing import Any

import click

from egocohort.terminal import options
from sim.study.how_much_truth import LIVED, TRUTHS

RESULTS = Path("results")
MOST_REPLICATES = 10**6


@click.command(
    "simulate",
    epilog="The bundle's files are listed with their sha256 in manifest.json. The folder pictures/ "
    "inside it is not: it may be drawn anew at any time.",
)
@click.argument("study")
@click.option("--scenario", metavar="NAME", help="World to hold it in; the study's own by default.")
@options.seed
@click.option(
    "--replicate",
    type=click.IntRange(0, options.LARGEST_SEED),
    metavar="N",
    help="Number of the repetition; part of the key of the draws.",
)
@click.option(
    "--replicates",
    type=click.IntRange(1, MOST_REPLICATES),
    metavar="N",
    help="Simulate it so many times, into one Parquet data set; taken up again if interrupted.",
)
@click.option(
    "--tables",
    metavar="NAMES",
    help="Tables of the data set, with commas between; by default those of what the study saw.",
)
@click.option("--bundles", is_flag=True, help="With --replicates: a bundle each, no data set.")
@click.option(
    "--errors",
    metavar="KINDS",
    help='Errors of data to put in, as "typical" or "aliases=high,duplicates=0.05"; those of the '
    "study file, if any, by default. docs/errors.md lists the kinds.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the bundle's folder; results/STUDY/SCENARIO by default.",
)
@click.option(
    "--truth",
    type=click.Choice(TRUTHS),
    default=LIVED,
    show_default=True,
    help="Truth of the lives lived; with each participant's other life in every arm "
    "(counterfactual: everybody in the arm; direct: the own allocation alone changed).",
)
@options.force_flag
@options.threads
@options.json_flag
def command(
    study: str,
    scenario: str | None,
    seed: int | None,
    replicate: int | None,
    replicates: int | None,
    tables: str | None,
    bundles: bool,
    errors: str | None,
    out: Path | None,
    truth: str,
    force: bool,
    threads: int | None,
    as_json: bool,
) -> None:
    """Simulate STUDY and write its bundle.

    STUDY is the name of a shipped study (egocohort show lists them) or a .toml file. The bundle is
    a folder of tables, what truly happened, a codebook, and the recipe that makes the same bytes
    again.

    With --replicates it is simulated again and again. The tables of all replicates then lie in one
    data set, a folder of Parquet files for each table, that pandas, Polars, DuckDB and R read
    whole.
    """
    _check(replicate, replicates, tables, bundles, force)
    what = {"truth": truth, "errors": errors}
    if replicates is None:
        _one(study, scenario, seed, replicate, what, out, force, threads, as_json)
    else:
        _many(study, scenario, seed, replicates, tables, bundles, what, out, threads, as_json)


def _check(
    replicate: int | None, replicates: int | None, tables: str | None, bundles: bool, force: bool
) -> None:
    """Refuse options that do not go together."""
    if replicates is None:
        for name, given in (("--tables", tables is not None), ("--bundles", bundles)):
            if given:
                raise click.UsageError(f"{name} needs --replicates, the number of studies")
    elif replicate is not None:
        raise click.UsageError("--replicate is one study and --replicates many; give one of them")
    elif force:
        raise click.UsageError(
            "--force does not go with --replicates, which takes up what is there"
        )
    elif bundles and tables is not None:
        raise click.UsageError("--tables does not go with --bundles: a bundle has all tables")


def _one(
    study: str,
    scenario: str | None,
    seed: int | None,
    replicate: int | None,
    what: dict[str, Any],
    out: Path | None,
    force: bool,
    threads: int | None,
    as_json: bool,
) -> None:
    """Simulate a study once, and write its bundle."""
    from egocohort.results.files import write_maps
    from egocohort.simulation_run import carry_out, read_run
    from egocohort.terminal.output import Stages, print_json
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn
    from sim.errors import typed

    seed = seed_or_drawn(seed)
    run = read_run(study, scenario, seed=seed, replicate=replicate, **what)
    place = out or RESULTS / run.study.id / run.scenario.id
    with run.placed(place, force=force):
        announce_compiling()
        with Stages() as progress:
            made = carry_out(run, threads=threads or processors(), progress=progress)
        folder = made.save(place, force=force)[-1].parent
        picture = write_maps(made.plot("maps"), folder)
    if as_json:
        print_json(made.as_data())
        return
    click.echo(made.summary())
    click.echo(f"\nbundle   {folder}\npicture  {picture}")
    click.echo(f"a page   {typed('egocohort', 'report', folder)}")


def _many(
    study: str,
    scenario: str | None,
    seed: int | None,
    replicates: int,
    tables: str | None,
    bundles: bool,
    what: dict[str, Any],
    out: Path | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Simulate a study many times."""
    from egocohort.replicates.data_set import seed_there
    from egocohort.replicates.request import read_many
    from egocohort.results.simulations import Simulations
    from egocohort.terminal.output import Stages, print_json, say
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn

    names = None if tables is None else [name.strip() for name in tables.split(",")]
    asked = read_many(study, scenario, seed=seed or 0, replicates=replicates, tables=names, **what)
    run = asked.run
    place = out or RESULTS / run.study.id / run.scenario.id
    seed = seed_or_drawn(seed, None if bundles else seed_there(place, run))
    announce_compiling()
    with Stages() as progress:
        keyed = asked._replace(run=run.keyed(seed, None))
        many = Simulations(keyed, threads or processors(), progress)
        many.save(place, bundles=bundles, tell=lambda forecast: say(str(forecast)))
    if as_json:
        print_json(many.as_data())
    else:
        click.echo(many.summary())
