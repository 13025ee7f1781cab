"""``egocohort measures``: size, composition, density and more of every network of a bundle."""

from pathlib import Path

import click

from egocohort.terminal import options


@click.command("measures")
@click.argument("bundle", type=click.Path(path_type=Path))
@options.out(
    "Folder for the tables (interviews, with_objects, classes, change); those there are replaced.",
)
@options.json_flag
def command(bundle: Path, out: Path | None, as_json: bool) -> None:
    """Measure the networks of a BUNDLE, interview by interview.

    Size, composition, diversity, EI, density, components, constraint, effective size and
    betweenness of people, of all members and of each class; stability, turnover and Jaccard from
    each interview to the next. Ties between members are of people alone, and are missing where an
    interview broke off.
    """
    from egocohort.results.network_measures import measures_of
    from egocohort.terminal.output import print_result

    found = measures_of(bundle)
    written = found.save(out) if out is not None else []
    print_result(found, written, f"Tables in {out}", as_json=as_json)
