"""A new study file: asked for, checked by reading it back, written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from analysis.planning.meant import notes_on_figures
from analysis.questions.of_study import plan_of
from egocohort.results.files import check_free
from egocohort.study_files.from_pilot import pilot_says
from egocohort.study_files.questions import Answer, Interviewer, answered
from egocohort.study_files.text import affordable, least_budget, study_text
from egocohort.study_files.written import AnsweredFile, free_toml, id_from
from sim.errors import InputError, nearest, typed
from sim.files.whole import write_whole
from sim.study.spec import parse_study

__all__ = ["InHand", "NewStudy", "new", "write_study"]

FEWEST_AFFORDED = 8


@dataclass(frozen=True)
class NewStudy(AnsweredFile):
    """A study file that was written.

    Attributes
    ----------
    from_pilot : tuple of str
        What a pilot says and leaves open, line by line; empty without one.
    notes : tuple of str
        What was made of an answer that says less than it seems to.
    """

    from_pilot: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def next(self) -> str:
        """The command that plans the study."""
        return typed("egocohort", "plan", self.path)

    @property
    def title(self) -> str:
        """Which file it is."""
        return f"The study file {self.path.as_posix()}"

    def summary(self) -> str:
        """Where it lies, and the command that plans it."""
        told = [*self.from_pilot, ""] if self.from_pilot else []
        noted = [f"Note:    {one}" for one in self.notes]
        return "\n".join([*told, f"Written: {self.path}", *noted, f"Next:    {self.next}"])

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "file": str(self.path),
            "study": id_from(self.path),
            "answers": self._said,
            "next": self.next,
            **({"notes": list(self.notes)} if self.notes else {}),
            **({"from_pilot": list(self.from_pilot)} if self.from_pilot else {}),
        }


def write_study(
    path: str | Path,
    given: Mapping[str, Any],
    *,
    force: bool = False,
    ask: Interviewer | None = None,
    from_pilot: str | Path | None = None,
    map_file: str | Path | None = None,
) -> NewStudy:
    """Ask what is not given, and write the file; see `new`."""
    file = free_toml(path, "study", force=force)
    better = None
    if from_pilot is not None:
        better = pilot_says(from_pilot, map_file, given)
    elif map_file is not None:
        raise InputError("--map says what a pilot's columns are; give --from-pilot FOLDER")
    answers = answered(given, ask, better)
    pays = affordable(answers)
    if pays is not None and pays < FEWEST_AFFORDED:
        least = least_budget(answers, FEWEST_AFFORDED)
        raise InputError(
            f"--budget: {answers['budget'].value:,.0f} pays for {pays} people at the prices "
            f"assumed; {FEWEST_AFFORDED} take {least:,}: give that or "
            "more, or leave it out and write your own prices into [plan.costs]"
        )
    name = id_from(file)
    text = study_text(name, answers)
    if better is not None and "outcome" in answers and (ties := better.ties()):
        text = f"{text}\n{ties}\n"
    study = parse_study(tomllib.loads(text), str(file))
    check_free(file, force=force)
    write_whole(file, text.encode())
    told = () if better is None else better.lines(answers)
    notes = (*_notes(file, name, given, answers), *notes_on_figures(plan_of(study)))
    return NewStudy(file, text, answers, told, notes)


def _notes(
    file: Path, name: str, given: Mapping[str, Any], answers: Mapping[str, Answer]
) -> Iterator[str]:
    if name != file.stem:
        yield f'the id of the study is "{name}", which names the folder of its results'
    if given.get("budget") is not None and not answers["budget"].value:
        yield "a budget of 0 is none: people_at_most alone limits how many are enrolled"


class InHand(TypedDict, total=False):
    """What a user has in hand; what is left out is proposed.

    Attributes
    ----------
    about : str
        "difference" between two arms, "change" in one group, a "mean", or whether "ties" stay.
    outcome : str
        Scale: an id of docs/scales.md, such as "swemwbs" or "phq9".
    allocation : str
        "person" or "team".
    weeks : sequence of int
        Of the interviews after baseline.
    sd, difference, half_width : float
        In points of the scale; half_width belongs to a mean.
    correlation : float
        Of two measurements of one person.
    members, kept_members, more_kept, tie_icc : float
        Of ties: members named at baseline, share of them named again in usual care, what the
        intervention adds to it, and how alike members of one person are in that.
    icc, cluster_size : float, int
        Of teams, where they are allocated.
    retention : float
        Share of those enrolled who are interviewed at the last interview.
    people : int
        There are to enrol.
    power : float
        Wanted chance that the study succeeds.
    budget : float
        In pounds; limits the number of people at the prices that the file assumes.
    """

    about: str
    outcome: str
    allocation: str
    weeks: Sequence[int]
    sd: float
    difference: float
    half_width: float
    correlation: float
    members: float
    kept_members: float
    more_kept: float
    tie_icc: float
    icc: float
    cluster_size: int
    retention: float
    people: int
    power: float
    budget: float


def new(
    path: str | Path = "study.toml",
    *,
    force: bool = False,
    from_pilot: str | Path | None = None,
    map_file: str | Path | None = None,
    **given: Unpack[InHand],
) -> NewStudy:
    """Write a commented study file that can be planned at once.

    Parameters
    ----------
    path
        File to write, ending in ``.toml``; its name makes the study's id.
    force
        Replace a file that is already there.
    from_pilot
        Folder of a pilot (see docs/pilots.md), which proposes SD, correlation, waves, retention and
        intracluster correlation in place of what is on file.
    map_file
        A ``.toml`` file that says what the pilot's columns and words are in ours.
    **given
        What is known: see `InHand`. The rest is proposed with a source, and the file says which.

    Returns
    -------
    NewStudy

    Raises
    ------
    sim.errors.InputError
        If an answer is wrong or has no meaning beside the others, or the file exists.

    Examples
    --------
    >>> import egocohort as ec
    >>> ec.new("trial.toml", sd=4.1, difference=1.5).next  # doctest: +SKIP
    'egocohort plan trial.toml'
    """
    for name in given:
        if name not in InHand.__annotations__:
            raise InputError(f'nothing is called "{name}"{nearest(name, InHand.__annotations__)}')
    return write_study(path, given, force=force, from_pilot=from_pilot, map_file=map_file)
