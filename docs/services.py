"""The page on what services do for people, docs/services.md: ``python docs/services.py``.

About five minutes on two cores.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analysis.compare.band import differences_over_draws
from analysis.compare.outcomes import LIFE_OUTCOMES, has_no_other, outcome_at
from analysis.compare.paired import PairedLives, lives_side_by_side
from analysis.compare.ways import frequently_admitted, more_contact, usual_with
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario, read_scenario

PAGE = Path(__file__).with_suffix(".md")
WEEKS = (77, 90, 103)
TEAMS, DRAWS, DRAWN_TEAMS, MORE_TEAMS = 200, 240, 4, 400
SCENARIOS = ("service-cutback", "discharge-push", "staff-turnover", "drop-in-closure")
NOT_TOLD = "not told"
SHOWN = (
    "kept", "unmet_visits", "enough", "worker_trust", "anticipated", "insecurity", "family_load",
    "treated", "episode", "crises", "admissions", "hospital_days", "wellbeing",
)  # fmt: skip
NO_OTHER = "nobody else"

HEAD = f"""# What services do for people

Made by `python docs/services.py` from the world as shipped; change that, not this page.

Contact keeps treatment going; workers who know somebody notice when an episode is coming; where
nobody comes, need becomes crisis; to have somebody to count on is worth something in itself; what
staff no longer give is asked of others; a new worker costs trust. Each is a rule with a switch
(`[treatment]`, `[early]`, `[crisis]`, `[insecurity]`, `[takeover]`, `[trust]` in
`scenarios/parameters.toml`), and [the model's page](odd.md) has them in full.

Most of their sizes are assumed. So every figure below has two errors, and they are kept apart:
in brackets what more simulated teams would take away (Monte Carlo standard error), and as a band
what no simulation takes away: the middle nine tenths of {DRAWS} draws of everything assumed, near
the shipped world, without their Monte Carlo error; where a scenario sets a value, the draws keep to
its side of it. A figure outside its band is one that nearly all draws make smaller, or larger.
Where a band spans zero the sign itself hangs on
assumptions; *{NOT_TOLD}*: the draws differ no more than by chance of so few teams.

{TEAMS} teams of 288 people, the same people in each world, two years. Totals are of two years;
levels the mean of weeks {", ".join(map(str, WEEKS))}. *{NO_OTHER.capitalize()}*: no partner, and at
most {catalogue()["crisis.few"].value:.0f} adult relatives and friends in touch, in the week before.
"""


def main() -> None:
    """Write the page anew."""
    usual = read_scenario("usual-care")
    worlds = [usual, *(read_scenario(name) for name in SCENARIOS)]
    few = catalogue()["crisis.few"].value
    groups = {NO_OTHER: lambda team: has_no_other(team, few)}
    lived = lives_side_by_side(worlds, WEEKS, TEAMS, subgroups=groups)
    drawn = differences_over_draws(worlds, WEEKS, draws=DRAWS, teams=DRAWN_TEAMS, subgroups=groups)
    ends = drawn.band()
    parts = [HEAD, _levels(lived)]
    parts += [_table(lived, ends, at, world) for at, world in enumerate(worlds[1:], start=1)]
    parts.append(
        f"{int(drawn.near.sum())} of the {DRAWS} draws are near the shipped world: friends and kin "
        "are lost at between half and twice the rate of the shipped world.\n"
    )
    parts.append(_doubled())
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _of(pair: tuple[np.ndarray, np.ndarray], at: int) -> tuple[float, float]:
    return float(pair[0][at]), float(pair[1][at])


def _when(name: str) -> slice | int:
    return -1 if LIFE_OUTCOMES[outcome_at(name)].total else slice(None)


def _levels(lived: PairedLives) -> str:
    rows = ["## Usual care\n", f"| | everybody | {NO_OTHER} |", "| --- | --- | --- |"]
    for name in SHOWN:
        one, at = LIFE_OUTCOMES[outcome_at(name)], outcome_at(name)
        cells = [_figure(*_of(lived.mean(0, group, _when(name)), at), one.per) for group in (0, 1)]
        rows.append(f"| {one.label}, {one.unit} | {' | '.join(cells)} |")
    n, lonely = (f"{count:,.0f}" for count in lived.people.sum(axis=0))
    return "\n".join([*rows, f"\n{n} people, {lonely} of whom have {NO_OTHER}.\n"])


def _table(
    lived: PairedLives, ends: tuple[np.ndarray, np.ndarray], at: int, world: Scenario
) -> str:
    rows = [
        f"## {world.title}\n", f"`{world.id}`, less usual care.\n",
        f"| | everybody | band | {NO_OTHER} | band |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for name in SHOWN:
        one, column = LIFE_OUTCOMES[outcome_at(name)], outcome_at(name)
        cells = []
        for group in (0, 1):
            value, mcse = _of(lived.difference(at, group, _when(name)), column)
            low, high = (float(end[at - 1, group, column]) * one.per for end in ends)
            cells += [_figure(value, mcse, one.per, sign="+"), _band(low, high)]
        rows.append(f"| {one.label}, {one.unit} | {' | '.join(cells)} |")
    return "\n".join([*rows, ""])


def _doubled() -> str:
    lived = lives_side_by_side(
        [usual_with({}), more_contact({})], WEEKS, MORE_TEAMS,
        subgroups={"frequent": frequently_admitted},
    )  # fmt: skip
    (kept, _), (days, day_error) = (
        _of(lived.mean(0, 1), outcome_at(n)) for n in ("kept", "hospital_days")
    )
    more, _ = _of(lived.difference(1, 1), outcome_at("kept"))
    moved, error = _of(lived.difference(1, 1), outcome_at("hospital_days"))
    wellbeing, wellbeing_error = _of(lived.difference(1, 1, slice(None)), outcome_at("wellbeing"))
    n = f"{lived.people[:, 1].sum():,.0f}"
    return f"""## What bounds them: more contact

Trials of intensive case management in people with psychosis and repeated admissions found no gain
in days in hospital, symptoms or wellbeing (B58). Among {n} such people of {MORE_TEAMS} teams
({kept:.1f} visits in two years, {days:.1f} days in hospital, {day_error:.1f}), {more / kept:+.0%}
visits move days by {moved / days:+.1%} (MCSE {error / days:.1%}) and wellbeing by
{wellbeing:+.3f} SD ({wellbeing_error:.3f}). The people of one trial had 75.5 days in hospital
over 1.165 admissions in two years (thomas2001).
"""


def _figure(value: float, mcse: float, per: float, sign: str = "") -> str:
    return f"{_short(value * per, sign)} ({_short(mcse * per)})"


def _band(low: float, high: float) -> str:
    shown = f"{_short(low)} to {_short(high)}"
    return shown if high > low else NOT_TOLD


def _short(value: float, sign: str = "") -> str:
    size = abs(value)
    digits = 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.01 else 4
    return f"{value:{sign}.{digits}f}"


if __name__ == "__main__":
    main()
