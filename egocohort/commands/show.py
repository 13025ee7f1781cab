"""``egocohort show``: what there is, and what a scenario or a study sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from egocohort.terminal import options

if TYPE_CHECKING:
    from egocohort.results.listing import Listing, Setting


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
    from egocohort.results.listing import listing, targets
    from egocohort.terminal.output import print_json

    found = listing(name)
    if ledger:
        _show_ledger(found, as_json)
        return
    if as_json:
        said: dict[str, Any] = (
            found.as_data() if name or parameters else {"available": _available()}
        )
        if changed:
            said["parameters"] = [one._asdict() for one in found.settings if one.before is not None]
        if shocks:
            said["targets"] = [one._asdict() for one in targets()]
        print_json(said)
        return
    for block in _blocks(found, changed=changed, parameters=parameters, shocks=shocks):
        click.echo(block + "\n")


def _blocks(found: Listing, *, changed: bool, parameters: bool, shocks: bool) -> list[str]:
    """Parts of the page, in order."""
    blocks = []
    if found.study:
        blocks += [_head(found.study), _study(found)]
    if found.scenario:
        blocks += [_head(found.scenario), _world(found), _shocks(found)]
    if shocks:
        blocks.append(_targets())
    if parameters or (found.scenario and not shocks):
        settings = [one for one in found.settings if one.before is not None or not changed]
        blocks.append(_parameters(settings, notes=parameters))
    if found.scenario:
        blocks.append(_sources(found))
    return blocks or [_catalogue()]


def _available() -> dict[str, dict[str, str]]:
    from sim.study.spec import list_studies, read_study
    from sim.world.scenario import list_scenarios, read_scenario

    return {
        "studies": {name: read_study(name).title for name in list_studies()},
        "scenarios": {name: read_scenario(name).title for name in list_scenarios()},
    }


def _catalogue() -> str:
    from egocohort.terminal.output import columns

    parts = []
    for kind, found in _available().items():
        parts.append(f"{kind.capitalize()}\n{columns(list(found.items()))}")
    more = "egocohort show NAME shows one; --parameters and --shocks list what can be set."
    return "\n\n".join([*parts, more])


def _head(one: object) -> str:
    import textwrap

    note = getattr(one, "note", "")
    title = click.style(f"{one.id}: {one.title}", bold=True)  # type: ignore[attr-defined]
    return title + ("\n" + textwrap.fill(note, 96) if note else "")


def _world(found: Listing) -> str:
    from egocohort.results.listing import team_in_words, world_in_words

    assert found.world is not None  # noqa: S101  # the caller has looked
    return f"World\n  {world_in_words(found.world)}\nEvery team\n  {team_in_words(found.world)}"


def _study(found: Listing) -> str:
    from egocohort.terminal.output import columns

    assert found.study is not None  # noqa: S101  # the caller has looked
    rows = []
    for section, said in found.study.resolved().items():
        if isinstance(said, dict):
            rows += [
                (f"{section}.{key}", _plain(value)) for key, value in said.items() if value != {}
            ]
    return f"Study\n{columns(rows)}"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        if "id" in value:
            return str(value["id"])
        return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_plain, value))
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _shocks(found: Listing) -> str:
    from egocohort.results.listing import shock_in_words

    assert found.scenario is not None  # noqa: S101  # the caller has looked
    lines = [f"  {n}. {shock_in_words(one)}" for n, one in enumerate(found.scenario.shocks, 1)]
    return "Shocks\n" + ("\n".join(lines) or "  none")


def _parameters(settings: Sequence[Setting], *, notes: bool) -> str:
    """Parameters by section; what is changed stands out and says what it was."""
    from egocohort.terminal.output import columns

    if not settings:
        return "Parameters\n  none is changed"
    sections: dict[str, list[tuple[str, ...]]] = {}
    for one in settings:
        row = (
            _cell(one),
            one.unit,
            f"{one.low:g} to {one.high:g}",
            one.grade,
            one.source or "-",
        )
        mark = "* " if one.before is not None else "  "
        sections.setdefault(one.path.partition(".")[0], []).append(
            (mark + one.path, *row, *([one.note] if notes else []))
        )
    heads = (
        "  parameter",
        "value",
        "unit",
        "range",
        "grade",
        "source",
        *(["note"] if notes else []),
    )
    table = columns([heads, *(row for rows in sections.values() for row in rows)], indent=0)
    lines = table.splitlines()
    out, at = ["Parameters (* changed)", lines[0]], 1
    for section, rows in sections.items():
        out += ["", click.style(section, bold=True), *lines[at : at + len(rows)]]
        at += len(rows)
    return "\n".join(out)


def _cell(one: Setting) -> str:
    if one.before is None:
        return f"{one.value:g}"
    return click.style(f"{one.before:g} -> {one.value:g}", bold=True, fg="yellow")


def _targets() -> str:
    from egocohort.results.listing import targets
    from egocohort.terminal.output import columns

    heads = ("acts_on", "how", "level", "unit", "range", "note")
    rows = [
        (one.acts_on, one.how, one.level, one.unit or "-", f"{one.low:g} to {one.high:g}", one.note)
        for one in targets()
    ]
    levels = "Level: what an ego has can be changed for some egos, what a post has for staff posts."
    return f"What a shock can act on\n{columns([heads, *rows])}\n{levels}"


def _sources(found: Listing) -> str:
    from sim.world.parameters import sources

    assert found.scenario is not None  # noqa: S101  # the caller has looked
    lines = [f"  {key}: {sources()[key].text}" for key in found.scenario.cite]
    name = found.scenario.id
    more = f"  egocohort cite {name} lists every source behind its numbers, and for what"
    asked = found.study.id if found.study else name
    ledger = f"egocohort show {asked} --ledger simulates its services: capacity, demand, visits"
    return "\n".join(["Sources", *lines, more, "", ledger])


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
