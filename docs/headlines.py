"""What six headlines rest on, docs/headlines.md: ``python docs/headlines.py``.

From the tables that `egocohort sensitivity --output NAME --among all --seed 1 --out
results/verification` has left.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.sensitivity.names import OUTPUTS
from sim.world.parameters import Entry, catalogue, sources

PAGE = Path(__file__).with_suffix(".md")
TABLES = Path(__file__).parents[1] / "results" / "verification"
HEADLINES = (
    "friend_retention_12m", "kin_retention_12m", "professional_retention_12m", "wellbeing",
    "weeks_ill", "cutback_contact_ratio",
)  # fmt: skip
CARRIED = 0.9
READ = ("reported", "derived")
JUDGED = ("judgement", "recalled")
"""Status of a source that nobody can read."""

HEAD = """# What six headlines rest on

Made by `python docs/headlines.py` from tables in `results/verification/`; change neither by hand.

**Of the {parameters} parameters that carry 90 % of the variance of six headlines, {read} {are}
reported or derived, {fitted} fitted to published figures, {judged} fitted to a judgement that
published figures bound (B16: how many ties are lost in a year) and {assumed} assumed.** Whoever
cites one of these headlines cites the assumptions under it. By share of the variance that those
below carry, {rests} % rests on published figures, in the order of the table.

Everything may vary at once over its range, whatever its grade (`egocohort sensitivity --among all`;
[how](sensitivity.md)); the few that move a headline most get shares of its variance, and those
below carry nine tenths of what these shares add up to. A share is of a range that somebody chose,
of what may be set and not of what is unknown: a parameter may be first because its range is wide,
and that of a fitted one is wider than the figure it is fitted to allows. Were it as narrow, the
assumed ones beside it would carry more. Half of the width of the 95 % interval stands
behind ±; where it is as wide as the share itself, few draws were made.

| headline | unit | parameter | share of the variance | grade, and what it rests on |
|---|---|---|---|---|
"""


def carriers(output: str) -> pd.DataFrame:
    """Parameters that carry most of the variance of an output, the largest first."""
    table = pd.read_csv(TABLES / f"sensitivity-{output}.csv")
    found = table[(table["index"] == "total share") & table.above_noise]
    found = found.sort_values("estimate", ascending=False)
    before = found.estimate.cumsum() - found.estimate
    return found[before < CARRIED * found.estimate.sum()].copy()


def rests_upon(entry: Entry) -> str:
    """The grade of a parameter; of one that is fitted, whether to what was published."""
    if entry.grade == "fitted" and sources()[entry.source.split()[0]].status in JUDGED:
        return "fitted to a judgement"
    return entry.grade


def page() -> str:
    """The whole page."""
    known, rows, grades, rests_on = catalogue(), [], {}, []
    for output in HEADLINES:
        unit, meaning = OUTPUTS[output]
        found = carriers(output)
        found["grade"] = [rests_upon(known[path]) for path in found.parameter]
        published = found.grade.isin((*READ, "fitted"))
        rests_on.append(f"{100 * found.estimate[published].sum() / found.estimate.sum():.0f}")
        for k, one in enumerate(found.itertuples()):
            entry = known[one.parameter]
            grades[one.parameter] = one.grade
            rests = entry.note if one.grade == "assumed" else entry.source
            cells = (
                f"{meaning} (`{output}`)" if k == 0 else "", unit if k == 0 else "",
                f"`{one.parameter}`", f"{one.estimate:.2f} ± {one.high95 - one.estimate:.2f}",
                f"**{one.grade}**: {rests}",
            )  # fmt: skip
            rows.append(f"| {' | '.join(cells)} |")
    count = pd.Series(grades).value_counts()
    read = int(sum(count.get(grade, 0) for grade in READ))
    head = HEAD.format(
        parameters=len(grades), read=read or "none", are="is" if read < 2 else "are",
        fitted=count.get("fitted", 0), judged=count.get("fitted to a judgement", 0),
        assumed=count.get("assumed", 0),
        rests=", ".join(rests_on[:-1]) + " and " + rests_on[-1],
    )  # fmt: skip
    return head + "\n".join(rows) + "\n"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
