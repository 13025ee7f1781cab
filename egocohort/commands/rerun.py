"""``egocohort rerun``: the same bundle again, byte for byte."""

from pathlib import Path

import click

from egocohort.terminal import options


@click.command("rerun")
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder in which to keep what is made; without it only the comparison is printed.",
)
@options.force_flag
@options.threads
@options.json_flag
def command(
    manifest: Path, out: Path | None, force: bool, threads: int | None, as_json: bool
) -> None:
    """Make a bundle again from its MANIFEST and compare the sha256 of every file.

    MANIFEST is a manifest.json or the folder it lies in. Exits with 1 if a file differs.
    """
    from egocohort.results.reproduction import reproduce
    from egocohort.terminal.output import Stages, print_json
    from egocohort.terminal.start import announce_compiling, processors
    from sim.data.provenance import read_manifest

    read_manifest(manifest)
    announce_compiling()
    with Stages() as progress:
        made = reproduce(
            manifest, out=out, force=force, threads=threads or processors(), progress=progress
        )
    if as_json:
        print_json(made.as_data())
    else:
        click.echo(made.summary())
        if made.folder:
            click.echo(f"bundle  {made.folder}")
    if not made.same:
        raise click.exceptions.Exit(1)
