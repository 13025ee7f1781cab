"""``egocohort feasibility``: whether a pilot tells what a trial must know, and goes ahead."""

from pathlib import Path

import click

from egocohort.terminal import options


@click.command("feasibility")
@click.argument("study")
@click.option(
    "--n", "sizes", type=click.IntRange(2, 5_000), multiple=True, metavar="N",
    help="People to look at, the number of most interest first; the study's own by default.",
)  # fmt: skip
@options.out(
    "Folder for the tables (criteria, precision), feasibility.png and protocol.md; those there are "
    "replaced.",
)
@click.option(
    "--protocol", "as_protocol", is_flag=True, help="Print text for the protocol instead."
)
@options.json_flag
def command(
    study: str, sizes: tuple[int, ...], out: Path | None, as_protocol: bool, as_json: bool
) -> None:
    """Judge what STUDY, a feasibility study, would tell: go, amber or stop, and how surely.

    STUDY is the name of a shipped study, such as feasibility-of-guided-help, or a .toml file with a
    [feasibility]: progression criteria, each with what is expected, from where the trial goes ahead
    and below which it stops.
    """
    from egocohort.results.feasibility import find_feasibility
    from egocohort.terminal.output import print_result

    found = find_feasibility(study, sizes=sizes)
    written = found.save(out) if out is not None else []
    print_result(
        found, written, f"Picture and tables in {out}", as_json=as_json,
        protocol=found.protocol() if as_protocol else None,
    )  # fmt: skip
