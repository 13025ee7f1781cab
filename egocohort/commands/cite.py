"""``egocohort cite``: what to cite, and for what."""

import click

from egocohort.terminal import options


@click.command("cite")
@click.argument("what", required=False)
@click.option("--bibtex", is_flag=True, help="Print BibTeX entries.")
@options.json_flag
def command(what: str | None, bibtex: bool, as_json: bool) -> None:
    """List what to cite for a scenario, a study, a bundle or a source (WHAT), and for what."""
    from egocohort.results.citations import citations
    from egocohort.terminal.output import print_json

    found = citations(what)
    if as_json:
        print_json(found.as_data())
    else:
        click.echo(found.bibtex() if bibtex else found.summary())
