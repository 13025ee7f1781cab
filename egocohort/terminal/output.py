"""What the command line says while it works, and how it prints what it found."""

import json
import math
import sys
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import click

__all__ = ["Progress", "Stages", "columns", "print_json", "say"]

PATIENCE = 0.5  # seconds before a bar appears: short work needs none
BETWEEN_LINES = 10.0  # seconds between two lines where there is no terminal


def say(text: str) -> None:
    """Print a line on stderr, where it is no part of any result."""
    click.echo(text, err=True)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on stdout; a number that is not finite becomes null."""
    text = json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(text)


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


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


class Progress:
    """Shows how far some work has come: a bar on a terminal, a line now and then elsewhere.

    Call it with the number of steps done and the number there are; it may be called from several
    threads. Use it in a `with` block, so that the bar is taken away whatever happens.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = self._spoke = time.monotonic()
        self._bar: Any = None
        self._task: Any = None
        self._is_terminal = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps are done."""
        now = time.monotonic()
        if self._is_terminal:
            if self._bar is None and now - self._began > PATIENCE:
                self._open()
            if self._bar is not None:
                self._bar.update(self._task, completed=done, total=total)
        elif now - self._spoke > BETWEEN_LINES:
            self._spoke = now
            say(f"{self._what}: {done} of {total}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        shown = (TextColumn(self._what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(*shown, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(self._what, total=None)
        self._bar.start()


class Stages:
    """Shows how far work of several stages has come, each as `Progress` does.

    Call it with the name of the stage, the number of its steps done, and of all. Use it in a `with`
    block.
    """

    def __init__(self) -> None:
        self._name = ""
        self._shown: Progress | None = None

    def __enter__(self) -> "Stages":
        return self

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` steps of a stage are done."""
        if stage != self._name:
            self._close()
            self._name, self._shown = stage, Progress(stage)
        if self._shown is not None:
            self._shown(done, total)

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._shown is not None:
            self._shown.__exit__(None, None, None)
