"""What `egocohort new` asks, in which order, and what it proposes: values with source and era."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import floor, sqrt
from typing import Any, Literal, NamedTuple, Protocol

from analysis.questions.on_scale import ends_of
from analysis.questions.published import published
from analysis.questions.scales import Scale, known_scales
from sim.errors import InputError, counted, meant_or_known
from sim.study.settings import SCORES
from sim.world.parameters import sources

__all__ = [
    "OWN_FIGURE",
    "STUDY_QUESTIONS",
    "Answer",
    "Interviewer",
    "Proposal",
    "Proposer",
    "StudyQuestion",
    "answered",
    "mean_known",
    "starting",
]

OWN_FIGURE = "given by the study team"
"""The source of a number that the user gave."""

FAR_APART = 26
"""Weeks from which on a retest says how interviews of a study correlate."""

SMALLEST = 1e-6
"""What is above 0."""

AnswersSoFar = Mapping[str, Any]


class Proposal(NamedTuple):
    """A value for those who have none of their own.

    Attributes
    ----------
    value : object
    source : str
        Ids of sources.toml, or "assumed".
    note : str
    """

    value: Any
    source: str
    note: str

    @property
    def origin(self) -> str:
        """`B46 (2018)`, or `assumed`."""
        known = sources().get(self.source)
        if known is None:
            return self.source
        era = f" ({known.year})" if known.year and str(known.year) not in self.source else ""
        return f"{self.source}{era}" + (", from memory" if known.status == "recalled" else "")


class Answer(NamedTuple):
    """A value and where it comes from; `note` is empty for the user's own."""

    value: Any
    source: str
    note: str = ""


@dataclass(frozen=True)
class StudyQuestion:
    """One thing to ask.

    Attributes
    ----------
    name : str
        Of the option, with `_` for `-`.
    words : str
        As it is asked.
    kind : type
        str, float or int, or tuple for weeks.
    low, high : float
        What a number must lie between, ends included.
    choices : tuple of str
    when : callable
        Whether the question has a meaning, given the answers so far.
    why_not : str
        Said to those who answer it all the same.
    why_so_far : str
        Why a number can be no higher.
    """

    name: str
    words: str
    kind: type = float
    low: float = 0.0
    high: float = 1e9
    choices: tuple[str, ...] = ()
    when: Callable[[AnswersSoFar], bool] = lambda answers: True
    why_not: str = ""
    why_so_far: str = ""

    @property
    def option(self) -> str:
        """`--cluster-size`."""
        return f"--{self.name.replace('_', '-')}"

    def on_scale(self, answers: AnswersSoFar) -> StudyQuestion:
        """The same with the bounds that the outcome's scale sets to what is in its points."""
        if self.name == "more_kept":
            kept = answers["kept_members"]
            return replace(self, high=0.999 - kept, why_so_far=f"{kept:g} are kept as it is")
        if self.name not in ("sd", "difference", "half_width"):
            return self
        scale, mean = known_scales()[answers["outcome"]], mean_known(answers["outcome"]).value
        ends = ends_of(scale)
        why = f"scores of {answers['outcome']} are {ends}"
        if mean is not None:
            why += f", here with a mean of {mean:.4g}"
        if self.name == "half_width":
            return replace(self, high=ends.width / 2, why_so_far=why)
        if self.name == "sd":
            return replace(self, high=ends.largest_sd(mean), why_so_far=why)
        why += f" and an SD of {answers['sd']:.4g}"
        return replace(self, high=_farthest(scale, mean, answers["sd"]), why_so_far=why)

    def checked(self, value: Any) -> Any:
        """The value as it should be, from what was typed or given.

        Raises
        ------
        sim.errors.InputError
            If it is not.
        """
        if self.choices:
            if value not in self.choices:
                hint = meant_or_known(str(value), self.choices)
                raise InputError(f'{self.option}: there is no "{value}"{hint}')
            return value
        try:
            return self._weeks(value) if self.kind is tuple else self._number(value)
        except InputError:
            raise
        except (TypeError, ValueError):
            kinds = {tuple: "weeks such as 26,52", int: "a whole number"}
            what = kinds.get(self.kind, "a number")
            raise InputError(f'{self.option}: must be {what}, not "{value}"') from None

    def _number(self, value: Any) -> Any:
        found = self.kind(value)
        if self.low <= found <= self.high:
            return found
        high = self.high if self.high == round(self.high, 2) else floor(100 * self.high) / 100
        bounds = f"lie between {self.low:g} and {high:g}"
        if self.low == SMALLEST:
            bounds = f"be above 0 and at most {high:g}"
        because = f"; {self.why_so_far}" if self.why_so_far else ""
        raise InputError(f"{self.option}: {found:g} must {bounds}{because}")

    def _weeks(self, value: Any) -> tuple[int, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        weeks = tuple(int(one) for one in parts)
        if not weeks or list(weeks) != sorted(set(weeks)) or weeks[0] < 1:
            raise InputError(f"{self.option}: must be weeks after baseline in order, such as 26,52")
        return weeks


def _compares(answers: AnswersSoFar) -> bool:
    return bool(answers["about"] == "difference")


def _follows(answers: AnswersSoFar) -> bool:
    return bool(answers["about"] != "mean")


def _has_scale(answers: AnswersSoFar) -> bool:
    return bool(answers["about"] != "ties")


def _of_ties(answers: AnswersSoFar) -> bool:
    return not _has_scale(answers)


def _scale_followed(answers: AnswersSoFar) -> bool:
    return _has_scale(answers) and _follows(answers)


NO_TIES, NO_SCALE = "it belongs to --about ties", "ties are measured on no scale"
"""Why a question has no meaning."""


def _by_team(answers: AnswersSoFar) -> bool:
    return bool(answers.get("allocation") == "team")


STUDY_QUESTIONS = (
    StudyQuestion(
        "about", "What is asked: how two arms differ, how one group changes, a mean, or whether "
        "more ties stay in one arm?",
        str, choices=("difference", "change", "mean", "ties"),
    ),
    StudyQuestion(
        "outcome", "Outcome scale", str, choices=tuple(known_scales()), when=_has_scale,
        why_not=NO_SCALE,
    ),
    StudyQuestion(
        "allocation", "What is allocated to arms: each person, or whole teams?", str,
        choices=("person", "team"), when=_compares,
        why_not="only a difference has arms; give --about difference",
    ),
    StudyQuestion(
        "weeks", "Weeks of the interviews after baseline", tuple, when=_follows,
        why_not="a mean takes one interview; give --about difference or change",
    ),
    StudyQuestion(
        "sd", "Standard deviation of the outcome at baseline, in points", low=SMALLEST,
        when=_has_scale, why_not=NO_SCALE,
    ),
    StudyQuestion(
        "correlation", "Correlation of two measurements of one person", high=0.99,
        when=_scale_followed,
        why_not="a mean takes one interview, and ties have no scale; give --about difference or "
        "change",
    ),
    StudyQuestion(
        "difference", "Smallest important difference at the last interview, in points",
        low=SMALLEST, when=_scale_followed,
        why_not="a mean is planned by its precision, --half-width, and ties by --more-kept",
    ),
    StudyQuestion(
        "members", "Members of their network that a person names at baseline, on average", low=1,
        high=50, when=_of_ties, why_not=NO_TIES,
    ),
    StudyQuestion(
        "kept_members", "Share of these named again at the last interview, in usual care",
        low=0.01, high=0.99, when=_of_ties, why_not=NO_TIES,
    ),
    StudyQuestion(
        "more_kept", "Smallest important difference of that share", low=0.001, high=0.98,
        when=_of_ties, why_not=NO_TIES,
    ),
    StudyQuestion(
        "tie_icc", "How alike members of one person are in being named again: their intraclass "
        "correlation", high=0.9, when=_of_ties, why_not=NO_TIES,
    ),
    StudyQuestion(
        "half_width", "Half the width of the interval wanted, in points", low=SMALLEST,
        when=lambda answers: not _follows(answers),
        why_not="it belongs to --about mean; differences and changes take --difference, ties "
        "--more-kept",
    ),
    StudyQuestion(
        "icc", "Intracluster correlation of the outcome in a team", high=0.9, when=_by_team,
        why_not="people are allocated one by one; give --allocation team",
    ),
    StudyQuestion(
        "cluster_size", "People of one team who take part", int, low=1, high=10_000, when=_by_team,
        why_not="people are allocated one by one; give --allocation team",
    ),
    StudyQuestion(
        "retention", "Share of those enrolled who are interviewed at the last interview", low=0.01,
        high=1, when=_follows,
        why_not="a mean takes one interview; give --about difference or change",
    ),
    StudyQuestion("people", "People there are to enrol, at most", int, low=8, high=20_000),
    StudyQuestion("power", "Wanted chance that the study succeeds (power)", low=0.01, high=0.999),
    StudyQuestion("budget", "Budget, in pounds; 0 if it does not matter"),
)  # fmt: skip
"""In the order in which they are asked."""

Interviewer = Callable[[StudyQuestion, Proposal], Any]
"""Asks the user, who may take the proposal."""


class Proposer(Protocol):
    """Somebody who knows better than what is on file, such as a pilot."""

    def proposal(self, name: str, answers: AnswersSoFar) -> Proposal | None:
        """What it proposes for a question; None if it says nothing of it."""

    def beside(self, answers: AnswersSoFar) -> dict[str, Answer]:
        """What it knows of things that nobody is asked."""


def answered(
    given: AnswersSoFar, ask: Interviewer | None = None, better: Proposer | None = None
) -> dict[str, Answer]:
    """An answer to every question that has a meaning.

    Parameters
    ----------
    given
        The user's own, by name; None is no answer.
    ask
        Asked for what was not given; without it the proposals stand.
    better
        Asked for proposals before those on file are taken.

    Raises
    ------
    sim.errors.InputError
        If an answer is wrong, or has no meaning beside the others.
    """
    values: dict[str, Any] = {}
    found: dict[str, Answer] = {}
    for one in STUDY_QUESTIONS:
        own = given.get(one.name)
        if not one.when(values):
            if own is not None:
                raise InputError(f"{one.option} has no meaning here: {one.why_not}")
            continue
        one, proposal = one.on_scale(values), _proposal(one.name, values, better)
        if own is None and ask is not None:
            own = ask(one, proposal)
        if own is None and proposal.value is None:
            raise InputError(f"{one.option}: {proposal.note}; give your own")
        value = proposal.value if own is None else one.checked(own)
        is_own = given.get(one.name) is not None or value != proposal.value
        found[one.name] = Answer(value, OWN_FIGURE) if is_own else Answer(*proposal)
        values[one.name] = value
    return found if better is None else found | better.beside(values)


@cache
def starting() -> dict[str, Any]:
    """The proposals as they are on file."""
    text = files("egocohort.study_files").joinpath("starting.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _proposal(name: str, answers: AnswersSoFar, better: Proposer | None) -> Proposal:
    """What is proposed, given the answers so far."""
    known = None if better is None else better.proposal(name, answers)
    if known is not None:
        return known
    fixed: dict[str, Any] = {
        "about": "difference", "outcome": "swemwbs", "allocation": "person", "weeks": (26, 52),
        "budget": 0,
    }  # fmt: skip
    if name in fixed:
        return Proposal(fixed[name], "assumed", "")
    if name == "sd":
        return _published(answers["outcome"], "sd")
    if name == "difference" and answers["outcome"] not in SCORES:
        return _important(answers)
    retest = known_scales()[answers["outcome"]].retest if name == "correlation" else None
    if retest and retest.weeks and retest.weeks >= FAR_APART:
        note = f"{counted(retest.weeks, 'week')} apart, in {retest.of}"
        return Proposal(retest.correlation, retest.source, note)
    one = starting()[name]
    if name == "difference":
        one = one[answers["outcome"]]
    value = round(one["value"] * answers["sd"], 2) if name == "half_width" else one["value"]
    return Proposal(value, one["source"], one["note"])


def _farthest(scale: Scale, mean: float | None, sd: float) -> float:
    """The largest improvement after which scores of this SD are still on the scale."""
    ends = ends_of(scale)
    if mean is None:
        return ends.width
    room = sqrt(max((ends.width / 2) ** 2 - sd**2, 0.0))
    middle = (ends.low + ends.high) / 2
    best = middle - room if scale.worse == "high" else middle + room
    return abs(best - mean)


def mean_known(outcome: str) -> Proposal:
    """The mean of a scale at baseline; its value is None where none is known."""
    return _published(outcome, "mean")


def _published(outcome: str, what: Literal["mean", "sd"]) -> Proposal:
    """Mean or SD of a scale; its value is None where none is known."""
    found = published(outcome, what)
    if found is None:
        short = known_scales()[outcome].short
        return Proposal(None, "", f"no published value of {short} is known to us")
    return Proposal(found.value, found.source or "assumed", found.note)


def _important(answers: AnswersSoFar) -> Proposal:
    scale = known_scales()[answers["outcome"]]
    if not scale.important:
        note = "a third of a standard deviation; none published is known to us"
        return Proposal(round(answers["sd"] / 3, 2), "assumed", note)
    one = scale.important[0]
    how = "" if one.found == "unstated" else f" by {one.found}"
    return Proposal(one.points, one.source, f"smallest important difference{how}")
