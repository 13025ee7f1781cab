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
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the bundle's folder; results/STUDY/SCENARIO by default.",
)
@options.force
@options.threads
@options.json_flag
def command(
    study: str,
    scenario: str | None,
    seed: int | None,
    replicate: int | None,
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
    from egocohort.results.making import make, plan
    from egocohort.terminal.output import Stages, print_json
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn

    seed = seed_or_drawn(seed)
    planned = plan(study, scenario, seed=seed, replicate=replicate)
    place = out or RESULTS / planned.study.id / planned.scenario.id
    with planned.placed(place, force=force):
        announce_compiling()
        with Stages() as progress:
            made = make(planned, threads=threads or processors(), progress=progress)
        folder = made.save(place, force=force)
        picture = write_maps(made, folder)
    if as_json:
        from egocohort.results.summary import as_data

        said = {"study": made.study, "scenario": made.scenario, "seed": seed}
        said |= {"replicate": replicate, "synthetic": True}
        print_json({**said, "bundle": str(folder), "picture": str(picture), **as_data(made)})
        return
    click.echo(made.summary())
    click.echo(f"\nbundle   {folder}\npicture  {picture}")
    click.echo(f"a page   egocohort report {folder}")
