"""The page on what breaks which analysis, docs/broken.md: ``python docs/broken.py``.

About a quarter of an hour on one core; `python docs/broken.py 20` for a look at so many studies.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from analysis.stress.conditions import CLEAN, CONDITIONS, Condition, changed_study
from analysis.stress.shared import MatrixCell, SharedStudies, expectations, matrix_study
from analysis.stress.verdicts import FAILS, LEVEL, Judgement

PAGE = Path(__file__).with_suffix(".md")
STUDIES, WORLDS, SEED = 100, 100, 1
TRIAL = "difference"

HEAD = f"""# What breaks which analysis

Made by `python docs/broken.py`; change the analyses (`analysis/stress/analyses/`), not this page.

**Of {{cells}} pairs of an analysis and a condition {{broken}} are surely broken, {{loud}} of them
loudly.**

Each shipped analysis that is not surely wrong in clean studies, right or wrong on purpose, in
every condition its study can have: {{studies}} studies of 240 people in two arms, the same ones
in all conditions. An analysis is *broken* where one demand is surely not met ([the
demands](stress.md)); at {LEVEL:.0%} each, so a few pairs at the very edge of a zone may be said
to be broken by chance. *Loudly*: a status or a warning is at least 50 points commoner than in the
clean studies. *Silently*: nothing says so, and that is what you should fear. *Others*: how
many are not surely broken; so many studies cannot see a fault near the edge of a zone, so that is
no proof that they hold.

A condition breaks an analysis for what it estimates: who counts members is broken by forgotten
members, who compares arms hardly ever is, for both arms forget alike. What each estimates stands
beneath the table; *friends* are of the class, which holds [five
kinds](stress.md#what-can-be-estimated), and the map has pets, places and things on it.

"""


def conditions() -> list[Condition]:
    """Those that the study of the analyses can have."""
    return [one for one in CONDITIONS if changed_study(matrix_study(), one) is not None]


def cells() -> set[MatrixCell]:
    """Every analysis not known to fail in clean studies, in every condition it is asked of."""
    known = [one for one in expectations().values() if CLEAN not in one.fails]
    return {
        (where.name, one.name)
        for where in conditions()
        for one in known
        if not where.is_null or one.estimates.startswith(TRIAL)
    }


def page(found: Mapping[MatrixCell, Judgement], studies: int) -> str:
    """The whole page."""
    rows = ["| condition | broken silently | broken loudly | others |", "|---|---|---|---|"]
    for where in conditions():
        mine = [one for (name, _), one in sorted(found.items()) if name == where.name]
        broken = [one for one in mine if one.verdict == FAILS]
        cells = [_names(one for one in broken if one.silent is quiet) for quiet in (True, False)]
        rows.append(f"| `{where.name}` | {cells[0]} | {cells[1]} | {len(mine) - len(broken)} |")
    asked = [f"- `{one.name}` ({'right' if one.is_right else 'wrong on purpose'}): "
             f"`{one.estimates}`, {_doc(one.fit)}" for one in _known(found)]  # fmt: skip
    broken = [one for one in found.values() if one.verdict == FAILS]
    head = HEAD.format(
        studies=studies, cells=len(found), broken=len(broken),
        loud=sum(not one.silent for one in broken),
    )  # fmt: skip
    return "\n".join([head + "\n".join(rows), "", "## What they estimate", "", *asked, ""])


def _known(found: Collection[MatrixCell]) -> list:
    names = {name for _, name in found}
    return [one for one in expectations().values() if one.name in names]


def _doc(fit: object) -> str:
    said = " ".join((fit.__doc__ or "").split("\n\n")[0].split())
    return said[0].lower() + said[1:]


def _names(judged: Iterable[Judgement]) -> str:
    return ", ".join(f"`{one.trial.term}`{_why(one)}" for one in judged)


def _why(one: Judgement) -> str:
    return f" ({', '.join(one.broken)})" if one.broken else ""


def main() -> None:
    """Run the studies and write the page anew."""
    studies = int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES
    run = SharedStudies(cells(), SEED, WORLDS)
    run.run(studies)
    PAGE.write_text(page(run.verdicts(), studies), encoding="utf-8")


if __name__ == "__main__":
    main()
