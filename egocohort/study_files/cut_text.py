"""The text of a scenario file of a cut: title, note, and a commented shock for each parameter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from egocohort.study_files.cut_kinds import CUTS, Cut, CutShock, Values, shocks_at
from sim.errors import InputError, meant_or_known
from sim.world.scenario import Scenario
from sim.world.shock import DIAGNOSES

__all__ = ["EVERYBODY", "cut_text"]

EVERYBODY = "everybody"
PLACES, PEOPLE = ("site", "team"), ("diagnosis", "partner", "share")


def cut_text(
    name: str, answers: Mapping[str, Any], base: Scenario, extends: str, before: Values
) -> str:
    """The file.

    Parameters
    ----------
    name
        Its id.
    answers
        Values, by question.
    base, extends
        What it is a change of, and how the file names that.
    before
        Values of parameters when the cut begins.

    Raises
    ------
    sim.errors.InputError
        If there is no such depth, or people cannot be chosen so.
    """
    cut, depth = CUTS[answers["cut"]], answers["depth"]
    if not cut.reaches(depth):
        most = "less than 1" if cut.acts_on else "at most 1"
        raise InputError(f"--depth {depth:g}: {cut.means}, so {most}")
    changes = shocks_at(cut, depth, before)
    note = f"{base.note if base.shocks else ''} {_note(cut, depth, changes)}".strip()
    ends = ", as far as ranges go (see the note)" if any(one.stop for one in changes) else ""
    head = [
        f'id = "{name}"', f"title = {_quoted(_title(cut, answers['from_week'], base))}",
        *([f"note = {_quoted(note)}"] if note else []),
        f"extends = {_quoted(extends)}   # its people, staff and shocks; {_beside(base)}",
    ]  # fmt: skip
    tables = [_table(one, answers) for one in changes]
    return "\n\n".join(["\n".join(head), f"# Depth {depth:g}: {cut.means}{ends}.", *tables]) + "\n"


def _title(cut: Cut, week: int, base: Scenario) -> str:
    """What is cut; on top of what, where something happens in the base already."""
    own = f"rom week {week} on {cut.words}"
    return f"{base.title}; and f{own}" if base.shocks else f"F{own}"


def _beside(base: Scenario) -> str:
    if base.shocks:
        return "beside that, only what is added is seen"
    return "compare it with that"


def _note(cut: Cut, depth: float, changes: Sequence[CutShock]) -> str:
    stops = [one.stop for one in changes if one.stop]
    if not stops:
        return cut.note
    return f"{cut.note} Ranges end before depth {depth:g}: {'; '.join(stops)}.".strip()


def _table(change: CutShock, answers: Mapping[str, Any]) -> str:
    who, lasts = _who(answers["cut"], answers["whom"]), answers.get("lasts")
    lines = [
        f"# {change.meaning}", "[[shock]]", f'acts_on = "{change.acts_on}"',
        f'how = "{change.how}"',
        f"value = {change.value:g}", f"from_week = {answers['from_week']}",
        *([f"weeks = {lasts}"] if lasts else []),
        *([f"who = {who}"] if who else []),
    ]  # fmt: skip
    return "\n".join(lines)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _who(cut: str, words: str) -> str:
    """The `who` of a shock, from words such as ``site=2,diagnosis=bipolar``; empty for all."""
    if words == EVERYBODY:
        return ""
    known = (*PLACES, *(PEOPLE if CUTS[cut].of_people else ()))
    said = []
    for name, sign, value in (one.strip().partition("=") for one in words.split(",")):
        if name not in known or not sign:
            hint = meant_or_known(name, known)
            why = "" if CUTS[cut].of_people else f", for --cut {cut} is of staff"
            raise InputError(f'--for {words}: cannot choose by "{name}"{why}{hint}')
        said.append(_condition(name, value, words))
    return "{ " + ", ".join(said) + " }"


def _condition(name: str, value: str, words: str) -> str:
    if name == "partner" and value in ("yes", "no"):
        return f"has_partner = {'true' if value == 'yes' else 'false'}"
    if name == "diagnosis" and value in DIAGNOSES:
        return f'diagnosis = "{value}"'
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if name == "share" and 0 <= number <= 1:
        return f"share = {number:g}"
    if name in PLACES and number.is_integer() and number >= 1:
        return f"{name} = {int(number)}"
    levels = {
        "partner": "yes or no", "diagnosis": ", ".join(DIAGNOSES), "share": "0 to 1",
        "site": "a number from 1", "team": "a number from 1",
    }  # fmt: skip
    raise InputError(f'--for {words}: {name} cannot be "{value}"; it is {levels[name]}')
