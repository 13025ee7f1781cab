"""What the command line says while it works, and how it prints what it found."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from egocohort.results.plain import finite
from egocohort.results.protocol_file import kept_protocol
from sim.errors import InputError

if TYPE_CHECKING:
    from egocohort.results.result import Result

__all__ = [
    "Stages",
    "columns",
    "print_json",
    "print_result",
    "say",
    "say_once_begun",
    "say_what_waits",
]

PATIENCE = 0.5  # seconds before a bar appears: short work needs none
BETWEEN_LINES = 10.0  # seconds between two lines where there is no terminal


def say(text: str) -> None:
    """Print a line on stderr, where it is no part of any result."""
    say_what_waits()()
    click.echo(text, err=True)


def say_once_begun(text: str) -> None:
    """Print a line on stderr once work has begun; never if the input is refused before."""
    _waiting().append(text)


def say_what_waits() -> Callable[[], None]:
    """What prints the lines that wait for work to begin; any thread may call it, and again."""
    lines = _waiting()

    def said() -> None:
        while lines:
            click.echo(lines.pop(0), err=True)

    return said


def _waiting() -> list[str]:
    """Lines that wait in this run of a command; nobody waits outside of one."""
    context = click.get_current_context(silent=True)
    if context is None:
        return []
    if __name__ not in context.meta:
        context.meta[__name__] = []
        context.find_root().call_on_close(context.meta[__name__].clear)
    lines: list[str] = context.meta[__name__]
    return lines


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on stdout; a number that is not finite becomes null."""
    text = json.dumps(finite(value), indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(text)


def print_result(
    found: Result,
    written: Sequence[Path],
    where: str,
    *,
    as_json: bool,
    protocol: str | None = None,
) -> None:
    """Print what a verb found: as JSON, its text for a protocol, or in words.

    Parameters
    ----------
    found
        The result.
    written
        Files it was written to.
    where
        What lies where, said before the words if anything was written.
    as_json
        With the text for a protocol and the names of the files.
    protocol
        None where it was not asked for.
    """
    if kept := kept_protocol(written):
        say(kept)
    if as_json:
        texts = {} if protocol is None else {"protocol": protocol}
        print_json({**found.as_data(), **texts, "files": [str(file) for file in written]})
    elif protocol is not None:
        click.echo(protocol)
    else:
        if written:
            click.echo(f"{where}\n")
        click.echo(found.summary())


def columns(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), indent: int = 2) -> str:
    """Set rows of text in columns; those numbered in `right` end flush."""
    if not rows:
        return ""
    widths = [max(len(click.unstyle(row[i])) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for i, cell in enumerate(row):
            fill = " " * (widths[i] - len(click.unstyle(cell)))
            cells.append(fill + cell if i in right else cell + fill)
        lines.append(" " * indent + "  ".join(cells).rstrip())
    return "\n".join(lines)


class Stages:
    """Shows how far work has come: a bar for each stage on a terminal, elsewhere a line at times.

    It is a `sim.side_by_side.Progress`. Use it in a `with` block, so that the bar is taken away
    whatever happens. What waits for work to begin is said at the first step, or at the end of work
    without one; not if the input is refused.
    """

    def __init__(self) -> None:
        self._begin = say_what_waits()
        self._stage: str | None = None
        self._began = self._told = self._spoke = time.monotonic()
        self._bar: Any = None
        self._is_terminal = sys.stderr.isatty()

    def __enter__(self) -> Stages:
        return self

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Show that `done` of `total` steps of a stage are done."""
        self._begin()
        now = time.monotonic()
        if stage != self._stage:
            self._close()
            self._stage, self._began = stage, self._told
        self._told = now
        if self._is_terminal:
            self._draw(stage, done, total, now)
        elif now - self._spoke > BETWEEN_LINES:
            self._spoke = now
            say(f"{stage}: {done} of {total}")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._close()
        if kind is None or not issubclass(kind, InputError):
            self._begin()

    def _draw(self, stage: str, done: int, total: int, now: float) -> None:
        if self._bar is None and now - self._began > PATIENCE:
            self._bar = _bar(stage)
            self._bar.start()
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _bar(stage: str) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
    bar = Progress(*shown, console=Console(stderr=True), transient=True)
    bar.add_task(stage, total=None)
    return bar
