"""The page on one study: made, kept, written."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

from egocohort.results.files import check_free
from egocohort.results.simulation import Simulation
from sim.data.bundle import read_bundle
from sim.data.place import PAGE
from sim.files.whole import write_whole

__all__ = ["Page", "write_page"]


class Page(NamedTuple):
    """A page of HTML that needs no other file; `path` is where it lies, None if nowhere."""

    html: str
    path: Path | None

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

    made = bundle if isinstance(bundle, Simulation) else _read(bundle)
    file = Path(out) if out is not None else None
    if file is None and made.folder is not None:
        file = made.folder / PAGE
    if file is not None:
        check_free(file, force=force)
    html = report_html(made, made.manifest)
    if file is not None:
        check_free(file, force=force)
        write_whole(file, html.encode())
    return Page(html, file)


def _read(folder: str | Path) -> Simulation:
    return Simulation.from_bundle(read_bundle(folder))
