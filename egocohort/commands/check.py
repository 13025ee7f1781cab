"""``egocohort check``: whether the lives that a bundle tells of could be."""

from pathlib import Path

import click

from egocohort.terminal import options


@click.command("check")
@click.argument("bundle", type=click.Path(path_type=Path))
@options.json_flag
def command(bundle: Path, as_json: bool) -> None:
    """Check a BUNDLE for contradictions in what it says of people, ties and interviews.

    Things that cannot be (a mother younger than her child, a visit after death) must not be found;
    things that people get wrong (who knows the diagnosis) must be found as often as the parameters
    say. Exits with 1 if a rule does not hold.
    """
    from egocohort.results.lives_check import lives_check
    from egocohort.terminal.output import print_json

    found = lives_check(bundle)
    if as_json:
        print_json(found.as_data())
    else:
        click.echo(found.summary())
    if not found.holds:
        raise click.exceptions.Exit(1)
