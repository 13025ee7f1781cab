"""``egocohort show``: what there is, and what a scenario or a study sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from egocohort.terminal import options

if TYPE_CHECKING:
    from egocohort.results.listing import Listing


@click.command("show")
@click.argument("name", required=False)
@click.option("--changed", is_flag=True, help="Only the parameters that the scenario changes.")
@click.option("--parameters", is_flag=True, help="What can be set, with notes.")
@click.option("--shocks", is_flag=True, help="What a shock can act on.")
@click.option(
    "--ledger", is_flag=True,
    help="Only the service ledger of the first year: capacity, demand, what became of visits. "
    "Simulated, some seconds.",
)  # fmt: skip
@options.json_flag
def command(
    name: str | None, changed: bool, parameters: bool, shocks: bool, ledger: bool, as_json: bool
) -> None:
    """Show a scenario or a study with everything filled in; without NAME, list what there is.

    Grades: reported (a published figure), derived (arithmetic from published figures), fitted (set
    by calibration), assumed (a prior, to be varied over its range).
    """
    from egocohort.results.listing import listing
    from egocohort.results.listing_text import available, blocks
    from egocohort.results.settings import shock_targets
    from egocohort.terminal.output import print_json

    found = listing(name)
    if ledger:
        _show_ledger(found, as_json)
        return
    if as_json:
        said: dict[str, Any] = found.as_data() if name or parameters else {"available": available()}
        if changed:
            said["parameters"] = [one._asdict() for one in found.settings if one.before is not None]
        if shocks:
            said["targets"] = [one._asdict() for one in shock_targets()]
        print_json(said)
        return
    how = {"changed": changed, "parameters": parameters, "shocks": shocks}
    for block in blocks(found.study, found.scenario, found.settings, named=found.named, **how):
        click.echo(block + "\n")


def _show_ledger(found: Listing, as_json: bool) -> None:
    from egocohort.results.ledger import ledger_of
    from egocohort.terminal.output import Stages, print_json
    from egocohort.terminal.start import announce_compiling

    if found.scenario is None:
        raise click.UsageError("--ledger needs the NAME of a scenario or a study")
    announce_compiling()
    with Stages() as progress:
        ledger = ledger_of(found, progress)
    if as_json:
        print_json(ledger.as_data())
    else:
        click.echo(ledger.summary())
