"""The page on one study: made, kept, written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.results.files import check_free
from egocohort.results.result import Result
from egocohort.results.simulation import Simulation
from egocohort.results.whole_bundle import whole_bundle
from sim.data.place import PAGE
from sim.errors import InputError
from sim.files.whole import write_whole

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from egocohort.results.files import FileContent

__all__ = ["Page", "write_page"]


@dataclass(frozen=True)
class Page(Result):
    """A page of HTML on one simulated study; it needs no other file.

    Attributes
    ----------
    html : str
    path : pathlib.Path or None
        Where it lies; None if nowhere.
    study : Simulation
        What it is about.
    """

    html: str
    path: Path | None
    study: Simulation

    @property
    def title(self) -> str:
        """What it is about."""
        return f"A page on {self.study.title}"

    def summary(self) -> str:
        """Where it lies."""
        return f"{self.title}, {self.path or 'kept in memory'}"

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Those of the study."""
        return self.study.tables

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Those of the study."""
        return self.study.pictures

    def as_data(self) -> dict[str, Any]:
        """Where the bundle and the page lie."""
        places = {"bundle": self.study.folder, "page": self.path}
        return {**{name: place and str(place) for name, place in places.items()}, "synthetic": True}

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        return {"report.html": self.html}

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escape(self.html)}" style="width: 100%; height: 40rem; border: 0">'
            "</iframe>"
        )


def write_page(
    bundle: str | Path | Simulation, *, out: str | Path | None = None, force: bool = False
) -> Page:
    """Make the page and write it; see `egocohort.api.report`."""
    from analysis.pages.study import report_html

    made = bundle if isinstance(bundle, Simulation) else whole_bundle(bundle)
    file = Path(out) if out is not None else None
    if file is None and made.folder is not None:
        file = made.folder / PAGE
    if file is not None:
        check_free(file, force=force)
        _leave_tables(made, file)
    html = report_html(made, made.manifest)
    if file is not None:
        check_free(file, force=force)
        write_whole(file, html.encode())
    return Page(html, file, made)


def _leave_tables(study: Simulation, file: Path) -> None:
    """No page takes the place of a file of the bundle it is about."""
    if study.folder is None:
        return
    listed = study.manifest.get("files", ())
    if any(file.resolve() == (study.folder / path).resolve() for path in listed):
        raise InputError(f"{file}: is a file of the bundle; give another name for the page")
