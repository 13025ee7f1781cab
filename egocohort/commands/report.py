"""``egocohort report``: a page on one bundle."""

from pathlib import Path

import click

from egocohort.terminal import options


@click.command("report")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write; BUNDLE/pictures/report.html by default.",
)
@options.force_flag
@options.json_flag
def command(bundle: Path, out: Path | None, force: bool, as_json: bool) -> None:
    """Write a page of HTML on a BUNDLE that needs no other file.

    Who took part, Table 1 beside the founding paper's, retention, what became of the ties, and six
    people's maps over the waves.
    """
    from egocohort.results.page import write_page
    from egocohort.terminal.output import print_json

    page = write_page(bundle, out=out, force=force)
    if as_json:
        print_json(page.as_data())
    else:
        click.echo(page.path)
