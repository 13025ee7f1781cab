"""What every verb returns: words, tables, data, pictures and files, the same way for all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, meant_or_known

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from egocohort.results.files import FileContent

__all__ = ["Result"]

DOTS_AN_INCH_IN_A_NOTEBOOK = 80
MOST_ROWS = 20
"""Rows of a table that a notebook shows; `tables` has all."""


class Result(ABC):
    """The result of a verb: of simulated people, and no evidence about patients."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is, in a line."""

    @property
    def headline(self) -> str:
        """The answer, in a line or a few; empty where the tables are the answer."""
        return ""

    @abstractmethod
    def summary(self) -> str:
        """All that a person wants to know, as text."""

    @property
    @abstractmethod
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Everything as tables, by name."""

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """What draws each picture, by name, the main one first."""
        return {}

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """Names of the tables that a notebook shows."""
        return tuple(self.tables)

    @property
    def shown_pictures(self) -> tuple[str, ...]:
        """Names of the pictures that a notebook shows."""
        return tuple(self.pictures)

    @abstractmethod
    def as_data(self) -> dict[str, Any]:
        """Everything as plain data, as ``--json`` prints it."""

    def plot(self, what: str | None = None) -> Figure:
        """Draw one of `pictures`.

        Parameters
        ----------
        what
            Its name; the main one by default.

        Raises
        ------
        sim.errors.InputError
            If there is none of that name, or none at all.
        """
        known = self.pictures
        if not known:
            raise InputError(f"{self.title}: there is no picture of this; it has .tables")
        name = next(iter(known)) if what is None else what
        if name not in known:
            hint = meant_or_known(name, known)
            raise InputError(f'there is no plot "{name}"{hint}')
        return known[name]()

    def save(self, out: str | Path) -> list[Path]:
        """Write tables, pictures and texts into a folder, replacing those there.

        Parameters
        ----------
        out
            The folder; made if need be.

        Returns
        -------
        list of pathlib.Path
            What was written.

        Raises
        ------
        sim.errors.HeldError
            If another run is at work in the folder.
        sim.errors.RunError
            If the disk is full or cannot be written.
        """
        from egocohort.results.files import write_files

        return write_files(out, self._contents(Path(out)))

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        """Files to write, by name; `out` for those that name their own folder."""
        return self._with_pictures({name: draw() for name, draw in self.pictures.items()})

    def _with_pictures(self, drawn: Mapping[str, Figure]) -> dict[str, FileContent]:
        """Files of all tables, and of pictures that were drawn."""
        tables = {f"{name}.csv": table for name, table in self.tables.items()}
        return {**tables, **{f"{name}.png": figure for name, figure in drawn.items()}}

    def _repr_html_(self) -> str:
        from analysis.figures.maps import SYNTHETIC_NOTE

        parts = [f"<h3>{escape(self.title)}</h3>", f"<p>{escape(SYNTHETIC_NOTE)}</p>"]
        if self.headline:
            parts.append(f"<p>{'<br>'.join(map(escape, self.headline.splitlines()))}</p>")
        tables = self.tables
        parts += [_table_html(name, tables[name]) for name in self.shown_tables]
        parts += [_picture_html(name, self.plot(name)) for name in self.shown_pictures]
        return "\n".join(parts)


def _table_html(name: str, table: pd.DataFrame) -> str:
    """A table with its name, cells escaped and as long as they are; empty columns left out."""
    import pandas as pd

    heading = f"<h4>{escape(name)}</h4>"
    if table.empty:
        return f"{heading}<p>no rows</p>"
    with pd.option_context("display.max_colwidth", None, "display.precision", 4):
        shown = table.dropna(axis="columns", how="all")
        for name in shown:
            column = shown[name]
            if isinstance(column.dtype, pd.api.extensions.ExtensionDtype):  # would show <NA>
                shown = shown.assign(**{name: column.astype(object).where(column.notna(), "")})
        return heading + shown.to_html(
            index=False, escape=True, na_rep="", border=0, max_rows=MOST_ROWS,
            show_dimensions=len(shown) > MOST_ROWS, float_format="{:.4g}".format,
        )  # fmt: skip


def _picture_html(name: str, figure: Figure) -> str:
    """A picture as part of the page."""
    from analysis.figures.embedded import embedded_png

    address = embedded_png(figure, DOTS_AN_INCH_IN_A_NOTEBOOK)
    return f'<img src="{address}" alt="{escape(name)}" style="max-width: 100%">'
