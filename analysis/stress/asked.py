"""What an analysis estimates, in a few words for each of its terms.

``mean swemwbs 52``, ``change swemwbs 52``, ``difference swemwbs 52``, ``slope swemwbs``,
``mean map_size 0``, ``kept friend 52``: what is asked, of which outcome or class of ties, at which
week. A layer may follow (``error_free``, ``latent``), and two arms (``intervention - control``). In
front may stand the term: ``lost = kept friend 52``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

from analysis.estimators.catalogue import answering
from analysis.questions.asking import LOSS, OUTCOMES, Layer, TieClassName, family
from analysis.questions.of_study import plan_in
from analysis.questions.question import About, Question
from analysis.stress.code import UserCode
from sim.errors import InputError, nearest
from sim.missing_words import names_a_value
from sim.study.spec import Study, parse_study

__all__ = ["Estimated", "declared_in", "estimated_by"]

KEPT = "kept"
DECLARED = re.compile(r"^\s*#+\s*estimates:\s*(.+?)\s*$", re.MULTILINE)
PLACE = re.compile(r", plan\.question (\d+)[\w. ]*:")
"""Where a question stands in the study file that its words are made into."""
MOST = 8
EXAMPLE = '"mean swemwbs 52", "change swemwbs 52", "kept friend 52" or "difference swemwbs 52"'


class Estimated(NamedTuple):
    """What each term estimates.

    Attributes
    ----------
    terms : tuple of str
    questions : tuple of Question
        Settled: with a week and arms.
    words : tuple of str
        As they were asked.
    """

    terms: tuple[str, ...]
    questions: tuple[Question, ...]
    words: tuple[str, ...]


def estimated_by(study: Study, code: UserCode, said: Sequence[str] = ()) -> Estimated:
    """What an analysis is to estimate of a study.

    Parameters
    ----------
    study
        As its file has it.
    code
        Whose files may say it, in lines ``# estimates: term = question``.
    said
        By the user; else the files of the code say it, else the study's plan of the world.

    Raises
    ------
    sim.errors.InputError
        If nothing is asked, or what is asked has no meaning in the study.
    """
    where = "--estimates" if said else f"# estimates of {code.said}"
    said = [one for line in said or declared_in(code) for one in re.split(r"[;,]", line)]
    said = [one.strip() for one in said if one.strip()]
    if not said:
        return _of_plan(study, code)
    named = [_named(one, where) for one in said]
    terms = tuple(term for term, _ in named)
    for term in terms:
        if terms.count(term) > 1:
            raise InputError(f'{where}: the term "{term}" is named twice; give each one name')
    texts = tuple(text for _, text in named)
    questions = _settled(study, [_question(text, where) for text in texts], texts, where)
    return Estimated(terms, questions, texts)


def declared_in(code: UserCode) -> list[str]:
    """What the files of an analysis say that it estimates."""
    texts = [file.read_text("utf-8", "replace") for file in code.files if file.is_file()]
    return [found for text in texts for found in DECLARED.findall(text)]


def _of_plan(study: Study, code: UserCode) -> Estimated:
    plan = plan_in(study)
    if plan is None or plan.process != "world":
        raise InputError(
            f"{code.said}: nothing says what it estimates; give --estimates {EXAMPLE}, or a line "
            "of the file: # estimates: term = mean swemwbs 52"
        )
    words = [_words(one) for one in plan.question]
    terms = [one.replace(" ", "_") for one in words]
    numbered = [
        f"{term}_{terms[:k].count(term) + 1}" if term in terms[:k] else term
        for k, term in enumerate(terms)
    ]
    return Estimated(tuple(numbered), plan.question, tuple(words))


def _words(one: Question) -> str:
    what = [KEPT, *one.classes] if one.outcome == LOSS else [one.about, one.outcome]
    return " ".join([*what, *([] if one.at_week is None else [str(one.at_week)])])


def _named(text: str, where: str) -> tuple[str, str]:
    term, is_named, rest = text.partition("=")
    if not is_named:
        return re.sub(r"\W+", "_", text.strip()).strip("_"), text
    if not term.strip() or not rest.strip():
        raise InputError(f'{where} "{text}": a term = what it estimates, such as {EXAMPLE}')
    try:
        return names_a_value(term.strip()), rest.strip()
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None


def _question(text: str, where: str) -> dict[str, Any]:
    """What a study file would say of a question asked in a few words."""
    before, _, second = text.partition(" - ")
    words = before.split()
    found: dict[str, Any] = {"about": "mean"}
    if second:
        found["arms"] = [words.pop(), second.strip()]
    abouts, layers, classes = get_args(About), get_args(Layer), get_args(TieClassName)
    known = (KEPT, *abouts, *OUTCOMES, *layers, *classes)
    for word in words:
        if word == KEPT:
            found["outcome"] = LOSS
        elif word in classes:
            found.setdefault("classes", []).append(word)
        elif word in OUTCOMES:
            found["outcome"] = word
        elif word in abouts:
            found["about"] = word
        elif word in layers:
            found["layer"] = word
        elif word.isdigit():
            found["at_week"] = int(word)
        else:
            raise InputError(
                f'{where} "{text}": "{word}" is unknown{nearest(word, known)}; such as {EXAMPLE}'
            )
    if "outcome" not in found:
        raise InputError(f'{where} "{text}": names no outcome; such as {EXAMPLE}')
    answers = answering(family(found["outcome"]))
    if found["about"] not in answers:
        raise InputError(
            f'{where} "{text}": about {found["outcome"]} one asks for {", ".join(answers)}'
        )
    return {**found, "analysis": answers[found["about"]][0]}


def _settled(
    study: Study, asked: Sequence[dict[str, Any]], texts: Sequence[str], where: str
) -> tuple[Question, ...]:
    """The questions with the study's own week and arms where none is named."""
    if len(asked) > MOST:
        raise InputError(
            f"{where}: {len(asked)} terms; at most {MOST} in one run, so leave some for another"
        )
    said = {name: one for name, one in study.resolved().items() if name not in study.asked}
    said["plan"] = {"process": "world", "chance": 0.9, "question": list(asked)}
    try:
        plan = plan_in(parse_study(said, where))
    except InputError as error:  # a question is known here by its words
        raise InputError(PLACE.sub(lambda at: f' "{texts[int(at[1]) - 1]}":', str(error))) from None
    assert plan is not None  # noqa: S101
    return plan.question
