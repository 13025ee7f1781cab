"""A plan in words: what was asked, the number, how sure it is, and a table of the curve.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from analysis.pages.render import lines
from analysis.planning.assumed import assumed_cac, drops_out
from analysis.planning.band.words import band_in_sentences, band_in_words
from analysis.planning.curve import CurvePoint
from analysis.planning.design.cost_words import cost_in_words
from analysis.planning.found import PlanResult
from analysis.planning.validity.words import barred_in_words, levels_in_words
from analysis.planning.whole_clusters import cluster_word, in_clusters
from analysis.worlds.estimand import estimand, question_in_words, scale

__all__ = ["answer_in_words", "result_in_words"]

TEMPLATE = "planning/report/words.md.j2"
FILTERS = {"estimand": estimand, "question": question_in_words, "scale": scale}

SHOWN = (
    "bias", "empirical_se", "model_se", "coverage", "power", "type_s", "type_m", "width",
    "converged",
)  # fmt: skip
OF_TESTS = ("power", "type_s", "type_m")
"""Measures that say nothing of a question whose success is not significance."""


def result_in_words(result: PlanResult) -> str:
    """The whole plan."""
    band, cost = result.band, result.cost
    parts = [
        [result.study.title],
        barred_in_words(result),
        *_found(result),
        _said(result, "clusters"),
        _said(result, "asked"),
        _said(result, "assumed"),
        _said(result, "curve"),
        levels_in_words(result),
        _said(result, "performance"),
        band_in_words(band, _of_interest(result)) if band else [],
        cost_in_words(result.study, cost) if cost else [],
        *([one] for one in _said(result, "caveats")),
        _said(result, "notes"),
        _said(result, "last"),
    ]
    return "\n\n".join("\n".join(one) for one in parts if one)


def answer_in_words(result: PlanResult) -> list[str]:
    """The number of people, and the smallest effect if one was searched for, a line each."""
    band = band_in_sentences(result.band, _of_interest(result)) if result.band else []
    parts = [
        barred_in_words(result), *_found(result), _said(result, "clusters"),
        _said(result, "asked"), band,
    ]  # fmt: skip
    return [one.strip() for part in parts for one in part]


def _said(result: PlanResult, part: str) -> list[str]:
    """The lines of one part of the template."""
    point = _point(result)
    facts = {
        "result": result,
        "plan": result.plan,
        "own": result.at(result.study.recruitment.n),
        "closed_forms": [i for i, one in enumerate(result.beside, start=1) if one is not None],
        "point": point,
        "performances": _performances(result, point) if point else [],
        "studies_in_clusters": in_clusters(result.study, _of_interest(result), result.seed)
        if part == "clusters"
        else (),
        "unit": cluster_word(result.study),
        "drops_out": drops_out(result.study),
        "cac": assumed_cac(result.study),
        "noted": [*result.all_notes, *(result.found.notes if result.found else ())],
    }
    return lines(TEMPLATE, part, facts, FILTERS)


def _found(result: PlanResult) -> list[list[str]]:
    """What was searched for: the number of people, the smallest effect."""
    found = {"answer": result.found, "detected": result.detectable}
    return [_said(result, part) for part, one in found.items() if one is not None]


def _of_interest(result: PlanResult) -> list[int]:
    """Sizes given; or the answer, or the largest there is, and the study file's own."""
    sizes = [one.n for one in result.curve]
    if result.found is None:
        return sizes
    wanted = {int(result.found.answer or sizes[-1]), result.study.recruitment.n}
    return [n for n in sizes if n in wanted]


def _point(result: PlanResult) -> CurvePoint | None:
    """The size whose performance is shown: the answer, or the one there is."""
    point = result.at(result.found.answer) if result.found else None
    return point or (result.curve[0] if len(result.curve) == 1 else None)


def _performances(result: PlanResult, point: CurvePoint) -> list[tuple[object, list[str]]]:
    """By question its measures, and which of them say something."""
    return [
        (of, [name for name in SHOWN if asked.success == "significant" or name not in OF_TESTS])
        for of, asked in zip(point.measures, result.plan.question, strict=True)
    ]
