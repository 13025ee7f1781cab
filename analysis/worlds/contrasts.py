"""Which worlds a contrast of arms compares, whose outcomes in them, and what a study can see of it.

- all: everybody in the first arm against everybody in the second.
- direct: each person in the first arm against the same person in the second, all others as the
  study allocates them, on average over allocations. People are allocated at random, so this is the
  difference between the arms of one world in which both live side by side (Hudgens and Halloran
  2008, doi 10.1198/016214508000000292). The same people's difference in a world with everybody in
  the second arm is taken off: it is zero but for the luck of the draw, and that luck goes with it.
- spillover: those allocated to the second arm, beside people of the first, against themselves in a
  world with everybody in the second. What is left of the direct contrast's first arm, against
  itself in that world, is the total effect: total = direct + spillover.

Teams do not interact. Where whole teams are allocated, direct and all are therefore the same, and
there is no spillover.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.questions.question import Question
from analysis.worlds.interviews import Interviews
from sim.study.spec import Study

__all__ = ["AS_ALLOCATED", "not_seen", "parts_of", "signs_of", "what_is_seen", "worlds_of"]

AS_ALLOCATED = -1
"""The world as the study finds it, in place of an arm in which everybody is."""


def worlds_of(question: Question, arms: Sequence[str]) -> tuple[int, ...]:
    """The worlds a question compares: the arm everybody is in, or AS_ALLOCATED."""
    asked = tuple(list(arms).index(name) for name in question.arms)
    if not asked:
        return (AS_ALLOCATED,)
    return asked if question.contrast == "all" else (AS_ALLOCATED, asked[1])


def parts_of(
    question: Question, arms: Sequence[str], seen: Sequence[Interviews]
) -> list[Interviews]:
    """Who is averaged over, one part for each sign of `signs_of`.

    Parameters
    ----------
    question : Question
    arms : sequence of str
        The study's.
    seen : sequence of Interviews
        The same people in each of `worlds_of`, with their allocated arms.
    """
    if question.contrast == "all":
        return list(seen)
    allocated, without = seen
    first, second = (allocated.arm == list(arms).index(name) for name in question.arms)
    if question.contrast == "spillover":
        return [allocated.only(second), without.only(second)]
    return [each.only(mine) for each in seen for mine in (first, second)]


def signs_of(question: Question) -> np.ndarray:
    """Of what is asked, (1,), (2,) or (4,): one share, a difference, or that of two such."""
    if question.about == "mean":
        return np.array([1.0])
    if question.contrast == "direct" or (question.about == "episode" and len(question.classes) > 1):
        return np.array([1.0, -1.0, -1.0, 1.0])
    return np.array([1.0, -1.0])


def what_is_seen(study: Study, question: Question) -> str:
    """Why an estimate may miss a contrast, as the end of a note; empty if that is not why."""
    shared = study.arms is not None and study.arms.unit in ("ego", "worker")
    if not shared or len(question.arms) != 2 or question.contrast != "all":
        return ""
    return (
        "; arms that share teams show the direct contrast, and this is asked of all against none: "
        'contrast = "direct" asks for what such a study estimates'
    )


def not_seen(questions: Sequence[Question]) -> list[str]:
    """A note for each question about spillover."""
    return [
        f"question {number}: no study of people side by side sees spillover, for it has nobody "
        f"without them; {one.analysis} compares its arms, so how often it succeeds, and its bias, "
        "are not about spillover. Some teams wholly in the second arm would show it"
        for number, one in enumerate(questions, start=1)
        if one.contrast == "spillover"
    ]
