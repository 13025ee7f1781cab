"""A new scenario file: what is cut, how deep, from when, for whom; checked, then written."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from analysis.compare.asked import TEAMS, comparison_of, teams_needed
from egocohort.results.shock_words import shocks_in_words
from egocohort.study_files.in_turn import answered_in_turn
from egocohort.study_files.questions import Answer, Interviewer, Proposal, StudyQuestion
from egocohort.study_files.written import AnsweredFile, free_toml, id_from
from sim.errors import InputError, meant_or_known, typed
from sim.files.whole import write_whole
from sim.world.kinds import LINES_OF_SERVICE
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario, list_scenarios, parse_scenario, read_scenario
from sim.world.shock import DIAGNOSES, EVENTS, MOST_WEEKS
from sim.world.toml_file import as_path

__all__ = ["CUTS", "CUT_QUESTIONS", "Cut", "NewScenario", "WhomQuestion", "write_scenario"]

STEADY = 0.84
"""Capacity falls by so much of what planned visits fall by, for early weeks of an episode are as
before: in `service-cutback` a third fewer are planned, capacity falls by .28, and a quarter fewer
are made."""
TO_THE_END, EVERYBODY = 0, "everybody"
USUAL = "usual-care"
A_YEAR = 52
PLACES, PEOPLE = ("site", "team"), ("diagnosis", "partner", "share")
Change = tuple[str, str, float]
Values = Mapping[str, float]
"""Of parameters, before the cut."""


class Cut(NamedTuple):
    """Something that can be cut.

    Attributes
    ----------
    words : str
        What it does, for a title.
    depth : float
        Proposed.
    means : str
        What the depth is of.
    changes : callable
        What it acts on, how, and the value, from the depth and the values before.
    of_people : bool
        Whether it can be for some people, and not only for whole sites or teams.
    """

    words: str
    depth: float
    means: str
    changes: Callable[[float, Values], Sequence[Change]]
    of_people: bool = False


def _fewer_visits(*roles: str) -> Callable[[float, Values], Sequence[Change]]:
    def changes(depth: float, before: Values) -> Sequence[Change]:
        longer = ("interval_weeks", "shortest_weeks", "longest_weeks")
        return [
            *(
                _times(f"service.{role}.{what}", 1 / (1 - depth), before)
                for role in roles
                for what in longer
            ),
            *(_times(f"service.{role}.capacity", 1 - STEADY * depth, before) for role in roles),
        ]

    return changes


def _times(path: str, factor: float, before: Values) -> Change:
    """A factor; where the product would leave the parameter's range, the end of the range."""
    entry = catalogue()[path]
    after = before[path] * factor
    if entry.low <= after <= entry.high:
        return path, "multiply", round(factor, 4)
    return path, "set", entry.low if after < entry.low else entry.high


ONCE = "drop-ins"
CUTS: Mapping[str, Cut] = {
    "visits": Cut(
        "psychiatrists and co-ordinators see people less often", 0.33,
        "share of planned visits cut", _fewer_visits("psychiatrist", "coordinator"),
    ),
    "support": Cut(
        "support workers see people less often", 0.33, "share of planned visits cut",
        _fewer_visits("support_worker"),
    ),
    "staff": Cut(
        "staff have less time, and visits stay as promised", 0.2, "share of capacity cut",
        lambda depth, before: [
            _times(f"service.{line}.capacity", 1 - depth, before) for line in LINES_OF_SERVICE
        ],
    ),
    "turnover": Cut(
        "staff leave more often", 1.0, "how much more often: 1 is twice",
        lambda depth, before: [_times("service.leaving", 1 + depth, before)],
    ),
    "discharge": Cut(
        "teams discharge more people", 3.0, "how many more: 3 is four times",
        lambda depth, before: [_times("service.discharge", 1 + depth, before)], of_people=True,
    ),
    ONCE: Cut(
        "drop-ins close", 0.5, "share of ties to groups and places that end",
        lambda depth, before: [("event.closure", "force", depth)], of_people=True,
    ),
}  # fmt: skip
"""By the word that asks for it."""


class BaseQuestion(StudyQuestion):
    """Asks for a scenario: one that is shipped, or a path."""

    def checked(self, value: Any) -> Any:
        """The name or the path, of a scenario that can be compared."""
        base = read_scenario(value)
        comparison_of([base, base], seed=0)
        return str(value)


class WhomQuestion(StudyQuestion):
    """Asks in words, which are checked beside what is cut."""

    @property
    def option(self) -> str:
        """`--for`, which is no name in Python."""
        return "--for"

    def checked(self, value: Any) -> Any:
        """The words."""
        return str(value).strip() or EVERYBODY


CUT_QUESTIONS = (
    BaseQuestion(
        "base",
        "What is it a change of? One of these, or a .toml file.",
        str,
        choices=tuple(list_scenarios()),
    ),
    StudyQuestion("cut", "What is cut?", str, choices=tuple(CUTS)),
    StudyQuestion("depth", "How deep?", float, 0.01, 20),
    StudyQuestion("from_week", "From which week on?", int, 0, MOST_WEEKS),
    StudyQuestion(
        "lasts",
        "For how many weeks (0: to the end)?",
        int,
        0,
        MOST_WEEKS,
        when=lambda answers: answers["cut"] != ONCE,
        why_not=f"{ONCE} close once",
    ),
    WhomQuestion("whom", "For whom (everybody, or such as site=2 or diagnosis=bipolar)?", str),
)


@dataclass(frozen=True)
class NewScenario(AnsweredFile):
    """A scenario file that was written.

    Attributes
    ----------
    scenario : sim.world.scenario.Scenario
        As it is read.
    """

    scenario: Scenario

    @property
    def next(self) -> str:
        """The command that says what the cut does."""
        needed = teams_needed(self.scenario)
        more = {
            "weeks": 0 if self._starts < self.scenario.world.horizon_weeks
            else self._starts + A_YEAR,
            "teams": needed if needed > TEAMS else 0,
        }  # fmt: skip
        options = [word for name, n in more.items() if n for word in (f"--{name}", n)]
        return typed("egocohort", "compare", self.answers["base"].value, self.path, *options)

    @property
    def _starts(self) -> int:
        return max(one.starts for one in self.scenario.shocks)

    @property
    def title(self) -> str:
        """Which file it is."""
        return f"The scenario file {self.path.as_posix()}"

    def summary(self) -> str:
        """Where it lies, what it does in words, and the command that says what comes of it."""
        base = len(read_scenario(self.answers["base"].value).shocks)
        shocks = [f"  {one}" for one in shocks_in_words(self.scenario)[base:]]
        return "\n".join([f"Written: {self.path}", *shocks, f"Next:    {self.next}"])

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "file": str(self.path), "scenario": self.scenario.id,
            "answers": self._said,
            "next": self.next,
        }  # fmt: skip


def write_scenario(
    path: str | Path,
    given: Mapping[str, Any],
    *,
    force: bool = False,
    ask: Interviewer | None = None,
) -> NewScenario:
    """Ask what is not given, and write the file; see `egocohort.api.policy.new_scenario`."""
    file = free_toml(path, "scenario", force=force)
    answers = answered_in_turn(CUT_QUESTIONS, _proposal, given, ask)
    said = {name: one.value for name, one in answers.items()}
    there = as_path(said["base"])
    if there is not None and there.resolve() == file.resolve():
        raise InputError(f"{file}: is what it is to be a change of; give another name")
    base = read_scenario(said["base"])
    text = _text(id_from(file), said, base, _from_there(said["base"], file))
    data = tomllib.loads(text)
    del data["extends"]
    whole = {**base.resolved(), **data, "shock": [*base.resolved()["shock"], *data["shock"]]}
    scenario = parse_scenario(whole, str(file))
    if scenario.id == base.id:
        raise InputError(f'{file}: the file would be called "{base.id}", as what it is a change of')
    write_whole(file, text.encode())
    return NewScenario(file, text, answers, scenario)


def _from_there(base: str, file: Path) -> str:
    """How the file names what it extends: a shipped name, or a path from its own folder."""
    path = as_path(base)
    return base if path is None else Path(os.path.relpath(path, file.parent)).as_posix()


def _before(base: Scenario, week: int, lasts: int) -> Values:
    """Values of parameters when a cut begins, or later while it is in force, whoever has them."""
    last = week + lasts if lasts else MOST_WEEKS
    values = {**{path: one.value for path, one in catalogue().items()}, **base.parameters}
    for shock in base.shocks:
        ends = shock.starts + (shock.weeks or MOST_WEEKS)
        if shock.acts_on in values and shock.starts < last and ends > week:
            values[shock.acts_on] = shock.applied(values[shock.acts_on])
    return values


def _proposal(name: str, answers: Mapping[str, Answer]) -> Proposal:
    if name == "depth":
        cut = CUTS[answers["cut"].value]
        return Proposal(cut.depth, "assumed", cut.means)
    values = {
        "base": USUAL,
        "cut": "visits",
        "from_week": 13,
        "lasts": TO_THE_END,
        "whom": EVERYBODY,
    }
    return Proposal(values[name], "assumed", "")


def _text(name: str, answers: Mapping[str, Any], base: Scenario, extends: str) -> str:
    cut, depth = CUTS[answers["cut"]], answers["depth"]
    if depth >= 1 and cut.means.startswith("share"):
        raise InputError(f"--depth {depth:g}: {cut.means}, so less than 1")
    who = _who(answers["cut"], answers["whom"])
    lasts = answers.get("lasts", TO_THE_END)
    parts = [
        f'id = "{name}"\n'
        f'title = "From week {answers["from_week"]} on {cut.words}"\n'
        f"extends = {json.dumps(extends, ensure_ascii=False)}   "
        "# its people, staff and shocks; compare it with that\n"
        f"\n# Depth {depth:g}: {cut.means}."
    ]
    before = _before(base, answers["from_week"], lasts)
    for path, how, value in cut.changes(depth, before):
        lines = [
            f"# {_meaning(path, how, value, before)}", "[[shock]]", f'acts_on = "{path}"',
            f'how = "{how}"',
            f"value = {value:g}", f"from_week = {answers['from_week']}",
            *([f"weeks = {lasts}"] if lasts else []),
            *([f"who = {who}"] if who else []),
        ]  # fmt: skip
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _meaning(path: str, how: str, value: float, before: Values) -> str:
    if path in EVENTS:
        return EVENTS[path]
    entry = catalogue()[path]
    after = before[path] * value if how == "multiply" else value
    end = "" if how == "multiply" else ", the end of its range"
    return f"{before[path]:.4g} to {after:.4g} {entry.unit}{end}"


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
