"""``egocohort simulate``: one study, from the world to the bundle."""

from pathlib import Path

import click

from egocohort.terminal import options

RESULTS = Path("results")


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
@options.force_flag
@options.threads
@options.json_flag
def command(
    study: str,
    scenario: str | None,
    seed: int | None,
    replicate: int | None,
    errors: str | None,
    out: Path | None,
    force: bool,
    threads: int | None,
    as_json: bool,
) -> None:
    """Simulate STUDY and write its bundle.

    STUDY is the name of a shipped study (egocohort show lists them) or a .toml file. The bundle is
    a folder of tables, what truly happened, a codebook, and the recipe that makes the same bytes
    again.
    """
    from egocohort.results.files import write_maps
    from egocohort.simulation_run import carry_out, read_run
    from egocohort.terminal.output import Stages, print_json
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn

    seed = seed_or_drawn(seed)
    run = read_run(study, scenario, seed=seed, replicate=replicate, errors=errors)
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
    click.echo(f"a page   egocohort report {folder}")
