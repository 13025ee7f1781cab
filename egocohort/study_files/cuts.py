"""A new scenario file: what is cut, how deep, from when, for whom; checked, then written."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.compare.asked import TEAMS, comparison_of, teams_needed
from egocohort.results.baseline import baseline_of
from egocohort.results.shock_words import shocks_in_words
from egocohort.study_files.cut_kinds import CUTS, ONCE, Values
from egocohort.study_files.cut_text import EVERYBODY, cut_text
from egocohort.study_files.in_turn import answered_in_turn
from egocohort.study_files.questions import Answer, Interviewer, Proposal, StudyQuestion
from egocohort.study_files.written import AnsweredFile, free_toml, id_from
from sim.errors import InputError, typed
from sim.files.whole import write_whole
from sim.world.scenario import Scenario, list_scenarios, parse_scenario, read_scenario
from sim.world.shock import MOST_WEEKS
from sim.world.toml_file import as_path

__all__ = ["CUT_QUESTIONS", "NewScenario", "WhomQuestion", "write_scenario"]

TO_THE_END = 0
USUAL = "usual-care"
A_YEAR = 52


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
        """The command that says what the cut does, and what it is a cut of if that is one too."""
        needed, compared = teams_needed(self.scenario), self._compared_with
        lived = read_scenario(compared[0]).world.horizon_weeks
        more = {
            "weeks": 0 if self._starts < lived else self._starts + A_YEAR,
            "teams": needed if needed > TEAMS else 0,
        }
        options = [word for name, n in more.items() if n for word in (f"--{name}", n)]
        return typed("egocohort", "compare", *compared, self.path, *options)

    @property
    def _compared_with(self) -> list[str | Path]:
        """The base; before it what that was before anything happened, if people are the same."""
        base = self.answers["base"].value
        untouched = baseline_of(base)
        if untouched == base or not read_scenario(base).shocks:
            return [base]
        worlds = [read_scenario(untouched), read_scenario(base), self.scenario]
        with suppress(InputError):
            comparison_of(
                worlds, weeks=self._starts + 1, every=MOST_WEEKS,
                teams=max(1, teams_needed(self.scenario)), seed=0,
            )  # fmt: skip
            return [untouched, base]
        return [base]

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
        noted = [f"Note:    {self.scenario.note}"] if self.scenario.note else []
        return "\n".join([f"Written: {self.path}", *shocks, *noted, f"Next:    {self.next}"])

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "file": str(self.path), "scenario": self.scenario.id,
            "answers": self._said, "note": self.scenario.note,
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
    before = _before(base, said["from_week"], said.get("lasts", TO_THE_END))
    text = cut_text(id_from(file), said, base, _from_there(said["base"], file), before)
    data = tomllib.loads(text)
    del data["extends"]
    shocks = [*base.resolved()["shock"], *data["shock"]]
    whole = {**base.resolved(), "note": "", **data, "shock": shocks}
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
    values = base.values
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
