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
forgotten = 0.1         # a condition of the study
```

What is more special wins: a kind over `files`, `files` over `all`. `--errors` and `errors=` stand
in place of the table of the study file. A bundle with errors has a folder of its own
(`...-errors-` and six signs that stand for the rates); `manifest.json` keeps every rate, and
`egocohort rerun` makes the same bytes again.

**Two sorts.** *Conditions* are how a study was held: they take the place of what the study file
says, and of what interviews forget by themselves; nothing is added twice. *Errors of files* come
afterwards and leave the study as it was: the tables of the bundle stay clean (but for `alter_id`
in `alters`, if `linkage` is asked for), and the folder `as_collected/` has what came in. There,
members have numbers of that one interview and a name as it was given then; nobody has linked them
over waves.

**The log.** `truth/corruption_log.csv` has a row for each cell, row or file that was changed:
where, what stood there before, what stands there now, and the kind. `row_key` is the key that the
row had to begin with, so it leads to the clean table; `row_number` counts the rows of the spoiled
file. So an error that a program finds, misses or makes up can be counted. The log takes
everything back, to the byte:

```python
from sim.data.errors.undo import files_before_errors

clean = files_before_errors("results/my-bundle")  # bytes by path, such as as_collected/alters.csv
```

**Conditions** act in the interviews, so every table shows them and `truth/` knows what they hid.
Where a study file has a setting for the same thing, the bundle's `study.toml` has the value that
was used: `cap` is `map.most_members`, `mode` is `map.telephone_share`, `missed_waves` are
`participation.retention` and `return_rate`, `dependent_interviewing` is `map.how = "revisited"`.

- `forgotten` takes the place of all noise in naming: who is on the error-free map is named but
  for those forgotten, at each interview anew (`map.how = "afresh"`). With
  `dependent_interviewing`, too, those on the last map are forgotten less. **Beware:** without any
  change in ties, forgetting one in five anew makes a third of all those ever named look new or
  gone, one in five where the last map is shown (table below). A loss of ties is to be held
  against that.
- `interviewers` have fifteen people each, of one site, in the order of recruitment
  (`interviewer_id`, the site and five figures; a larger study leaves everybody with the same one).
- `mnar_attrition` turns on crises and on ties to partner, kin and friends lost since the last
  wave. How many stay away is solved beforehand on a reference cohort, as for every mechanism.
- `break_off` has the markers it has by itself: `interview_status`, `aaties_asked`, and the code
  for "not reached" in answers about the last half of the members.
- `sites` have, each, the same share of the people of the one before. One that has too few who are
  willing enrols fewer; `flow` shows it.

Plans with `process = "world"` are held under the conditions of the study file; those of a panel,
which interview nobody, are not.

| forgotten anew | seen again | turnover | with the last map shown: seen again | turnover |
|---|---|---|---|---|
{artefact}

Without change in ties, and the same chance in all circles; turnover is the share of those on either
of two maps that is on one alone; the map shown prevents four fifths.

Every draw has an address of its own (kind, interview, member): kinds do not move each other's
draws, and people who join a study change nobody else's errors, except where a rate is scaled to all
answers (`item_nonresponse`) or falls on whole sites, columns and files. Counts of members in `egos`
are those of the interview and do not follow rows that were doubled or left out.

Rates are from mild to strong. Most are *assumed*: the literature says that these errors happen and
hardly ever how often. A rate asked for is that of the kind alone; where two kinds fall on one
cell, the log has both, in their order.
"""

SORTS = {"condition": "Conditions of the study", "file": "Errors of files"}


SHOWN = 0.8  # share of forgetting that the last map prevents


def page() -> str:
    """The whole page."""
    parts = [HEAD.replace("{artefact}", "\n".join(map(_artefact, (0.05, 0.10, 0.20, 0.30))))]
    for sort, title in SORTS.items():
        rows = [_row(name, kind) for name, kind in error_kinds().items() if kind.sort == sort]
        head = "| kind | what goes wrong | its rate | low / typical / high | falls on |\n"
        parts.append(f"## {title}\n\n{head}|---|---|---|---|---|\n" + "\n".join(rows) + "\n")
    notes = [_note(name, kind) for name, kind in error_kinds().items()]
    parts.append("## What the rates rest on\n\n" + "\n".join(notes) + "\n")
    named = sorted({key for kind in error_kinds().values() for key in kind.source.split()})
    lines = [f"- **{key}**: {sources()[key].text}" for key in named]
    return "\n".join([*parts, "## Sources\n", *lines, ""])


def _artefact(chance: float) -> str:
    """What forgetting alone does to two maps, anew and with the last map shown."""
    cells = []
    for again in (chance, chance * (1 - SHOWN)):
        both = (1 - chance) * (1 - again)
        either = (1 - chance) + chance * (1 - chance)
        cells += [1 - again, 1 - both / either]
    return f"| {chance:.2f} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |"


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
