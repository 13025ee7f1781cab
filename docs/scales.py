"""The page on outcome scales, docs/scales.md, from the catalogue: ``python docs/scales.py``."""

from __future__ import annotations

from pathlib import Path

from analysis.questions.scales import Important, Retest, Scale, Typical, known_scales
from sim.errors import counted
from sim.study.settings import SCORES
from sim.world.parameters import sources

OF_WORLD = "as in `scenarios/parameters.toml`"
PAGE = Path(__file__).with_suffix(".md")

HEAD = """# Outcome scales

Made by `python docs/scales.py` from `scenarios/scales.toml`; change that file, not this page.

A plan names its outcome by an id of this page, or by one of your own:

```toml
[plan.panel]
outcome = "phq9"                 # known: its range, its direction and its name are filled in
```

```toml
[plan.panel]
outcome = "belonging"            # your own: any id of small letters, digits and _
[plan.panel.scale]
name = "Belonging, our twelve items"
low = 12
high = 60
worse = "low"                    # the end that is worse: "low" or "high"
source = "our pilot of 20 people, 2023"
# important = [{ points = 4, found = "anchor", source = "our pilot" }]
```

`low` and `high` bound means, SDs and changes: a plan of what no scale can show is refused. `worse`
says who stays away under MAR and MNAR, and in which direction those missing are taken to be worse.
A table of your own goes before this page, where a score is written in another way. `egocohort new
--outcome phq9` begins a study file with the mean, SD and difference below. The first five scales
are those of the simulated world, the only ones there with `process = "world"`.

**Grades.** *Reported*: read in public text. *Assumed*: from memory, or by the way a score is made;
look it up before a trial rests on it. Where a row is absent, no published value is known to us.
Smallest important differences are mostly of the change of one person; between groups less may
matter. Retests a week or two apart say how exact a score is; interviews months apart correlate
less.
"""


def ends(one: Scale) -> str:
    """`0 to 27, lower is better`."""
    better = "lower" if one.worse == "high" else "higher"
    return f"{one.low:g} to {one.high:g}, {better} is better"


def typical(one: Typical | None) -> str:
    """Mean and SD."""
    return "" if one is None else f"{one.mean:g} (SD {one.sd:g}), {_whence(one)}"


def important(one: Important) -> str:
    """One smallest important difference."""
    to = "" if one.to is None else f" to {one.to:g}"
    how = "" if one.found == "unstated" else f" ({one.found})"
    return f"{one.points:g}{to}{how}, {_whence(one)}"


def retest(one: Retest | None) -> str:
    """The correlation and how far apart."""
    if one is None:
        return ""
    apart = "" if one.weeks is None else f", {counted(one.weeks, 'week')} apart"
    return f"{one.correlation:g}{apart}, {_whence(one)}"


def _whence(one: Typical | Important | Retest) -> str:
    return f"{one.of} [{one.source}, {one.grade}]"


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, one in known_scales().items():
        said = {
            "score": f"{ends(one)}, in steps of {one.step:g}",
            "how": one.note,
            "instrument": one.source,
            "typical": "as in `scenarios/parameters.toml`"
            if name in SCORES
            else typical(one.typical),
            "smallest important difference": "; ".join(map(important, one.important)),
            "retest": retest(one.retest),
        }
        rows = "\n".join(f"| {key} | {value} |" for key, value in said.items() if value)
        parts.append(f"## {one.short}\n\n`{name}`: {one.name}\n\n| | |\n|---|---|\n{rows}\n")
    named = dict.fromkeys(
        key
        for one in known_scales().values()
        for part in (one, one.typical, *one.important, one.retest)
        if part is not None
        for key in part.source.split()
    )
    lines = [f"- **{key}**: {sources()[key].text}{_doi(key)}" for key in sorted(named)]
    return "\n".join([*parts, "## Sources\n", *lines, ""])


def _doi(key: str) -> str:
    return f" doi:{sources()[key].doi}" if sources()[key].doi else ""


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
