"""The tables of `docs/levels.md`, from results/verification/type_one.csv.

python -m tests.verify.levels_page
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from analysis.estimators.catalogue import analyses, analysis
from sim.files.whole import write_whole
from tests.verify.type_one import ALPHA, RECORDED

__all__ = ["PAGE", "as_lines", "filled", "recorded_rows"]

PAGE = Path("docs") / "levels.md"
BEGIN, END = "<!-- tables -->", "<!-- end of tables -->"
TITLES = {
    ("value", "difference"): "Scores: difference between arms at the last wave",
    ("value", "slope"): "Scores: difference between arms in the change a year",
    ("value", "change"): "Scores: change since baseline, of one group",
    ("value", "mean"): "Scores: mean at the last wave, of one group",
    ("count", "difference"): "Counts: difference between arms, or log ratio",
    ("count", "mean"): "Counts: mean, of one group",
    ("yes_no", "difference"): "Yes or no: difference between arms",
    ("yes_no", "mean"): "Yes or no: share, of one group",
    ("ties", "difference"): "Ties lost: difference between arms",
    ("ties", "mean"): "Ties kept: share, of one group",
    ("ties", "classes"): "Ties lost: one class against another",
    ("ties", "episode"): "Ties lost: people with an episode against others",
}

Row = Mapping[str, str]


def recorded_rows(folder: Path = Path()) -> list[Row]:
    """The table as it was recorded."""
    with (folder / RECORDED).open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def as_lines(rows: Sequence[Row]) -> list[str]:
    """A table for each kind of question."""
    lines = []
    for (family, about), title in TITLES.items():
        mine = [row for row in rows if (row["family"], row["about"]) == (family, about)]
        unders = list(dict.fromkeys(row["under"] for row in mine))
        lines += ["", f"### {title}", "", f"| analysis | holds from | {' | '.join(unders)} |"]
        lines += ["|---" * (2 + len(unders)) + "|"]
        for name in (name for name in analyses() if name in {row["analysis"] for row in mine}):
            cells = [
                _cell([r for r in mine if (r["analysis"], r["under"]) == (name, under)])
                for under in unders
            ]
            claim = analysis(name).held(family, about)
            holds = f"{claim.people} people" if claim else ""
            lines.append(f"| `{name}` | {holds} | {' | '.join(cells)} |")
    return [*lines, ""]


def _cell(rows: Sequence[Row]) -> str:
    """Shares by size; bold where some is more than 1.2 alpha."""
    shares = [float(row["missed"]) for row in rows]
    text = " ".join("–" if np.isnan(share) else f"{share:.3f}".lstrip("0") for share in shares)
    return f"**{text}**" if max(shares, default=0) > 1.2 * ALPHA else text


def filled(page: str, rows: Sequence[Row]) -> str:
    """The page with the tables in their place."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return "\n".join([before + BEGIN, *as_lines(rows), END]) + after


if __name__ == "__main__":
    write_whole(PAGE, filled(PAGE.read_text(encoding="utf-8"), recorded_rows()).encode())
