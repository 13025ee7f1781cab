"""Worked questions, docs/questions.md and its figures: ``python docs/questions.py``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import egocohort as ec
from analysis.compare.basis_words import when_in_words
from analysis.compare.equity_words import equity_in_words
from analysis.compare.subgroups import DIMENSIONS
from analysis.compare.substitution_words import substitution_in_words
from egocohort.results.files import png

if TYPE_CHECKING:
    from egocohort.results.comparison import Comparison

PAGE = Path(__file__).with_suffix(".md")
OWN = Path(__file__).with_suffix("")
IMAGES = Path(__file__).parent / "images"
DOTS = 130
HOW = {"replicates": 20, "seed": 1, "threads": 2}
OUTCOMES = ("kept", "crises", "hospital_days", "wellbeing")
CANCELLED = ("cancelled",)

HEAD = """# Worked questions

Made by `python docs/questions.py`; change that, not this page. Each answer is what `egocohort
compare` says of 20 replicates of 5 teams with seed 1: of simulated people, and no evidence about
patients. Figures are means over everybody alive when worlds part, on the caseload or not.
Intervals are of the simulation; what hangs on assumptions `--draws` says
([how to read all this](compare.md)). Scenarios that do not come with it are in `docs/questions`.
"""


class Question(NamedTuple):
    """What is asked of which scenarios; files of docs/questions end in .toml."""

    name: str
    asked: str
    scenarios: tuple[str, ...]
    beside: str
    by: tuple[str, ...] = ()


QUESTIONS = (
    Question(
        "six-weeks", "What if teams leave half as long again between visits?",
        ("service-cutback",),
        "Intervals between visits in the early weeks of an episode are left as they were.",
    ),
    Question(
        "discharge", "What if teams are pressed to discharge?", ("discharge-push",),
        "Means of everybody hide few who are discharged: `--who` and `--by need` show them.",
    ),
    Question(
        "turnover", "What if staff leave twice as often, and posts stay empty longer?",
        ("staff-turnover",),
        "Leaving and vacancy are changed at once, and this does not tell them apart.",
    ),
    Question(
        "drop-ins", "What if drop-ins close?", ("drop-in-closure",),
        "Ties to groups and places are struck by chance, not where they are needed least.",
    ),
    Question(
        "who-to-cut", "Support workers or psychiatrists, at equal cost?",
        ("fewer-psychiatrists.toml", "fewer-support-workers.toml"),
        "Equal cost is taken at three support workers to a psychiatrist, which is assumed; few "
        "people have a support worker, so a small mean of everybody may be much for them.",
    ),
    Question(
        "shielded", "Can those without a partner be spared?", ("service-cutback", "shielded.toml"),
        "Staff have the same time in both: what is promised to those who are spared fills time "
        "that the cut leaves free, or other visits are cancelled.", ("partner",),
    ),
    Question(
        "links", "Can groups and activities make up for a cut?",
        ("service-cutback", "cut-and-links.toml"),
        "Uptake and staying are those of `network-intervention`, of which the first is assumed.",
    ),
)  # fmt: skip


def compared(question: Question) -> Comparison:
    """The comparison that answers a question."""
    names = [OWN / one if one.endswith(".toml") else one for one in question.scenarios]
    shown = (*OUTCOMES, *CANCELLED) if question.by else OUTCOMES
    return ec.compare(["usual-care", *names], outcomes=shown, by=question.by, **HOW)


def answered(question: Question) -> str:
    """A section: the question, what weeks totals hold, what is found, a figure."""
    found = compared(question)
    replaced = substitution_in_words(found.as_data()["substitution"])
    image = IMAGES / f"question-{question.name}.png"
    image.write_bytes(png(found.plot("differences"), dpi=DOTS))
    return section(
        question.asked,
        [
            *when_in_words(found.lived),
            *found.headline.splitlines(),
            *replaced,
            *groups(found),
            question.beside,
        ],
        image,
    )


def groups(found: Comparison) -> list[str]:
    """Visits kept and cancelled in each subgroup, a sentence each; none without subgroups."""
    if "subgroups" not in found.tables:
        return []
    rows = found.tables["subgroups"].query("outcome in ('kept', 'cancelled')")
    said = []
    for (by, level), mine in rows.groupby(["by", "level"], sort=False):
        parts = [
            f"{row.label} {row.difference:+.2f} ({row.difference_lo:.2f} to "
            f"{row.difference_hi:.2f}) a person in {row.scenario}"
            for row in mine.itertuples()
        ]
        said.append(f"Of people with {by}: {level}, {', '.join(parts)}.")
    return said


def section(asked: str, said: Sequence[str], image: Path) -> str:
    """The text of a section."""
    link = f"![{asked}]({image.relative_to(PAGE.parent).as_posix()})"
    return "\n\n".join([f"## {asked}", *said, link])


def equity() -> str:
    """The section on who bears the loss of visits."""
    worlds, shown = ["usual-care", "service-cutback"], ("kept", "wellbeing")
    found = ec.compare(worlds, by=["informal", "need"], outcomes=shown, **HOW)
    rows = found.tables["subgroups"].query("outcome == 'kept'")
    said = when_in_words(found.lived)
    for by, mine in rows.groupby("by", sort=False):
        lost = ", ".join(
            f"{row.level} {-row.difference:.2f} ({-row.difference_hi:.2f} to "
            f"{-row.difference_lo:.2f}), which is {-row.percent_of_usual:.0f} % of theirs"
            for row in mine.itertuples()
        )
        said.append(f"Visits lost a person by {by} ({DIMENSIONS[by].what}): {lost}.")
    said += equity_in_words(found.as_data()["equity"], shown, worlds[0])
    image = IMAGES / "question-equity.png"
    image.write_bytes(png(found.plot("equity"), dpi=DOTS))
    return section("Who bears the loss?", said, image)


def page() -> str:
    """The whole page; figures are written on the way."""
    return "\n\n".join([HEAD.strip(), *map(answered, QUESTIONS), equity()]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
