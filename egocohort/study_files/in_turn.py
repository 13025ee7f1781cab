"""Questions asked one after another, where each has a proposal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from egocohort.study_files.questions import Answer, Interviewer, Proposal, StudyQuestion
from sim.errors import InputError

__all__ = ["answered_in_turn"]


def answered_in_turn(
    questions: Iterable[StudyQuestion],
    propose: Callable[[str, Mapping[str, Answer]], Proposal],
    given: Mapping[str, Any],
    ask: Interviewer | None = None,
) -> dict[str, Answer]:
    """An answer to every question that has a meaning.

    Parameters
    ----------
    propose
        What stands if nothing else is said, from a question's name and the answers so far.
    given
        The user's own, by name; None is no answer.
    ask
        Asked for what was not given; without it the proposals stand.

    Raises
    ------
    sim.errors.InputError
        If an answer is wrong, or has no meaning beside the others.
    """
    answers: dict[str, Answer] = {}
    for question in questions:
        value = given.get(question.name)
        if not question.when({done: one.value for done, one in answers.items()}):
            if value is not None:
                raise InputError(f"{question.option} has no meaning here: {question.why_not}")
        elif value is not None:
            answers[question.name] = Answer(question.checked(value), "given")
        elif ask is not None:
            proposal = propose(question.name, answers)
            answers[question.name] = Answer(ask(question, proposal), "answered")
        else:
            answers[question.name] = Answer(*propose(question.name, answers))
    return answers
