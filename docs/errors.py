"""The page on errors of data, docs/errors.md, from their catalogue: ``python docs/errors.py``."""

from __future__ import annotations

from pathlib import Path

from sim.study.error_kinds import LEVELS, ErrorKind, error_kinds
from sim.world.parameters import sources

PAGE = Path(__file__).with_suffix(".md")

HEAD = """# Errors of data

Made by `python docs/errors.py` from `scenarios/errors.toml`; change that file, not this page.

A study can be given errors on purpose, so that a program for cleaning or an analysis can be tried
on data that are wrong in known places. None are there unless they are asked for:

```
egocohort simulate founding-study --errors files=typical
egocohort simulate founding-study --errors "aliases=high,duplicates=0.05"
```

```python
import egocohort as ec

study = ec.simulate("founding-study", seed=1, errors={"files": "typical", "linkage": 0})
```

```toml
[errors]                # in a study file
files = "low"           # every error of files; "all" and "conditions" stand for others
aliases = "high"        # but this one more often
duplicates = 0.05       # a number is a rate of your own
```

What is more special wins: a kind over `files`, `files` over `all`. `--errors` and `errors=` stand
in place of the table of the study file. A bundle with errors has a folder of its own
(`...-errors-` and six signs that stand for the rates); `manifest.json` keeps every rate, and
`egocohort rerun` makes the same bytes again.

**Two sorts.** *Conditions* are how a study was held: they take the place of what the study file
says. They cannot be set yet. *Errors of files* come afterwards and leave the study as it was: the
tables of the bundle stay clean (but for `alter_id` in `alters`, if `linkage` is asked for), and the
folder `as_collected/` has what came in. There, members have numbers of that one interview and a
name as it was given then; nobody has linked them over waves.

**The log.** `truth/corruption_log.csv` has a row for each cell, row or file that was changed:
where, what stood there before, what stands there now, and the kind. `row_key` is the key that the
row had to begin with, so it leads to the clean table; `row_number` counts the rows of the spoiled
file. So an error that a program finds, misses or makes up can be counted. The log takes everything
back, to the byte:

```python
from sim.data.errors.undo import files_before_errors

clean = files_before_errors("results/my-bundle")  # bytes by path, such as as_collected/alters.csv
```

Every draw has an address of its own (kind, interview, member): kinds do not move each other's
draws, and people who join a study change nobody else's errors, except where a rate is scaled to all
answers (`item_nonresponse`) or falls on whole sites, columns and files. Counts of members in `egos`
are those of the interview and do not follow rows that were doubled or left out.

Rates are from mild to strong. Most are *assumed*: the literature says that these errors happen and
hardly ever how often. A rate asked for is that of the kind alone; where two kinds fall on one
cell, the log has both, in their order.
"""

SORTS = {"condition": "Conditions of the study", "file": "Errors of files"}


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for sort, title in SORTS.items():
        rows = [_row(name, kind) for name, kind in error_kinds().items() if kind.sort == sort]
        head = "| kind | what goes wrong | its rate | low / typical / high | falls on |\n"
        parts.append(f"## {title}\n\n{head}|---|---|---|---|---|\n" + "\n".join(rows) + "\n")
    notes = [_note(name, kind) for name, kind in error_kinds().items()]
    parts.append("## What the rates rest on\n\n" + "\n".join(notes) + "\n")
    named = sorted({key for kind in error_kinds().values() for key in kind.source.split()})
    lines = [f"- **{key}**: {sources()[key].text}" for key in named]
    return "\n".join([*parts, "## Sources\n", *lines, ""])


def _row(name: str, kind: ErrorKind) -> str:
    rates = " / ".join(f"{getattr(kind, level):g}" for level in LEVELS)
    least, most = kind.range
    unit = f"{kind.unit}, {least:g} to {most:g}"
    return f"| `{name}` | {kind.what} | {unit} | {rates} | {kind.target} |"


def _note(name: str, kind: ErrorKind) -> str:
    """What is known of a rate, and the numbers beside it."""
    note = f"{kind.note[:1].upper()}{kind.note[1:]}."
    said = [f"{kind.grade.capitalize()}.", *([note] if kind.note else [])]
    said += [f"Source: {', '.join(kind.source.split())}."] if kind.source else []
    numbers = "; ".join(f"{key} {value:g}" for key, value in kind.numbers.items())
    said += [f"Numbers beside it: {numbers}."] if numbers else []
    return f"- `{name}`: {' '.join(said)}"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
