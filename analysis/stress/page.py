"""The certificate as a page of HTML that needs no other file."""

from __future__ import annotations

from math import isfinite
from typing import Any

from analysis.figures.embedded import embedded_png
from analysis.figures.maps import SYNTHETIC_NOTE
from analysis.pages.render import page
from analysis.questions.asking import COMPARES_ARMS
from analysis.stress.criteria import Demand
from analysis.stress.effect_words import planted_in_words
from analysis.stress.figure import bias_figure, zip_strips
from analysis.stress.ladder_figure import ladder_figure
from analysis.stress.ladder_words import cleaning_in_words
from analysis.stress.result import StressResult
from analysis.stress.verdicts import Judgement
from analysis.stress.words import (
    LARGE,
    beside_in_words,
    caveats,
    failures_in_words,
    held,
    shared_in_words,
    silent_sentences,
    stress_answer,
)
from analysis.worlds.estimand import estimand
from sim.data.provenance import version

__all__ = ["certificate_html"]

DOTS_AN_INCH = 150


def certificate_html(result: StressResult) -> str:
    """Make the page."""
    spec = result.spec
    return page(
        "stress/certificate.html",
        {
            "code": spec.code.said,
            "study": result.study.id,
            "n": result.replicates,
            "seed": spec.seed,
            "note": SYNTHETIC_NOTE,
            "answer": stress_answer(result),
            "planted": planted_in_words(result),
            "silent": silent_sentences(result),
            "has_null": result.has_null,
            "verdicts": [_verdict(one, result.has_null) for one in result.judged],
            "whence": result.whence,
            "ladder": embedded_png(ladder_figure(result.ladders, result.zones.bias), DOTS_AN_INCH),
            "steps": result.ladders,
            "beside": beside_in_words(result),
            "cleaning": cleaning_in_words(result.cleaning),
            "invariances": [(one.words, held(one)) for one in result.invariances],
            "failures": failures_in_words(result),
            "conditions": result.spec.conditions,
            "truths": _truths(result),
            "shared": shared_in_words(result),
            "caveats": caveats(result),
            "bias": embedded_png(bias_figure(result), DOTS_AN_INCH),
            "zips": [embedded_png(one, DOTS_AN_INCH) for one in zip_strips(result)],
            "version": version(),
            "digest": spec.code.digest[:16],
        },
    )


def _verdict(one: Judgement, has_null: bool) -> dict[str, Any]:
    cells = [_figures(one.trial.truth.value), _figures(one.mean_estimate)]
    of_null = ("type I error",) if has_null else ()
    for name in ("bias", "coverage", *of_null, "standard error", "usable"):
        found = one.of(name)
        cells.append("" if found is None else _demand(found))
    return {
        "condition": one.trial.condition, "term": one.trial.term, "verdict": one.verdict,
        "must": one.trial.must, "silent": one.silent, "wasteful": one.wasteful,
        "cells": cells, "studies": one.n,
    }  # fmt: skip


def _demand(one: Demand) -> str:
    if abs(one.value) >= LARGE:
        return "large"
    return f"{_figures(one.value)} ± {_figures(one.mcse, 2)}"


def _figures(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}g}" if isfinite(value) else "none"


def _truths(result: StressResult) -> list[tuple[str, str, str]]:
    asked = result.spec.asked
    found = []
    planted = result.planted or [None] * len(asked.terms)
    for term, words, question, one, with_it in zip(
        asked.terms, asked.words, asked.questions, result.truths, planted, strict=True
    ):
        zero = "; 0 where arms do nothing" if question.about in COMPARES_ARMS else ""
        true = f"{_figures(one.value)} ± {_figures(one.mcse)} over {one.replicates} worlds{zero}"
        if with_it is not None:
            true += f"; {_figures(with_it.value)} ± {_figures(with_it.mcse)} with the effect"
        found.append((term, f"{words}; {estimand(question)}", true))
    return found
