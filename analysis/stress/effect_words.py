"""A planted effect in words and as data."""

from __future__ import annotations

from typing import Any

from analysis.pages.render import lines
from analysis.stress.effects import LossEffect, ScoreEffect
from analysis.stress.planted_effect import PlantedEffect
from analysis.stress.planting import Planting
from analysis.stress.result import StressResult
from analysis.stress.studies import StressSpec
from analysis.worlds.census import Truth

__all__ = ["effect_as_data", "effect_sentences", "planted_in_words"]

TEMPLATE = "stress/effect.md.j2"


def planted_in_words(result: StressResult) -> list[str]:
    """What was planted, whose SD is meant, and what it makes; a sentence or two each."""
    return effect_sentences(result.spec, result.marginal)


def effect_sentences(spec: StressSpec, marginal: Truth | None = None) -> list[str]:
    """The same before any world has said what an effect on ties comes to."""
    effect = spec.effect
    if effect is None:
        return []
    asked = effect.asked
    facts: dict[str, Any] = {
        "effect": asked, "week": asked.week, "arm": asked.arms[0], "other": asked.arms[1],
        "unseen": not any(effect.is_seen_by(one) for one in spec.asked.questions),
    }  # fmt: skip
    if isinstance(asked, ScoreEffect):
        assert effect.planting is not None  # noqa: S101  # of scores
        facts |= _of_score(asked, effect.planting, spec.cases[0].study.waves.weeks)
        said = lines(TEMPLATE, "score", facts)
    else:
        facts |= {"amount": f"{asked.log_odds:g}", "marginal": _with_error(marginal)}
        said = lines(TEMPLATE, "loss", facts)
    return [*said, *lines(TEMPLATE, "always", facts)]


def _of_score(asked: ScoreEffect, found: Planting, weeks: tuple[int, ...]) -> dict[str, Any]:
    shifts = [f"{one:g} SD of it at week {week}"
              for one, week in zip(found.shift, weeks[1:], strict=True)]  # fmt: skip
    course = "growing to it in a straight line from baseline and staying there"
    if asked.course == "step":
        course = f"in full from week {weeks[1]} on"
    return {
        "amount": f"{abs(asked.size):g}", "points": f"{abs(found.points):.2f}",
        "side": "below" if asked.size < 0 else "above", "course": course,
        "sd": f"{found.sd:.2f} ± {found.sd_error:.2f}", "shifts": ", ".join(shifts),
        "difference": f"{found.difference:.3f} ± {found.difference_error:.3f}",
        "at_end": f"{100 * found.at_end:.0f} %",
        "at_end_before": f"{100 * found.at_end_before:.0f} %",
    }  # fmt: skip


def _with_error(one: Truth | None) -> str:
    return "" if one is None else f"{one.value:.3f} ± {one.mcse:.3f}"


def effect_as_data(result: StressResult) -> dict[str, Any] | None:
    """What was planted, with its numbers; None where nothing was."""
    effect = result.spec.effect
    if effect is None:
        return None
    asked = effect.asked
    found = {
        "asked": asked.said, "arm": asked.arms[0], "against": asked.arms[1], "week": asked.week,
        "words": planted_in_words(result),
    }  # fmt: skip
    return found | (_score_data if isinstance(asked, ScoreEffect) else _loss_data)(result, effect)


def _score_data(result: StressResult, effect: PlantedEffect) -> dict[str, Any]:
    asked, one = effect.asked, effect.planting
    assert isinstance(asked, ScoreEffect)  # noqa: S101  # the caller has looked
    assert one is not None  # noqa: S101  # of scores
    return {
        "scale": asked.scale, "size_in_sd": asked.size, "course": asked.course, "sd": one.sd,
        "sd_error": one.sd_error, "points": one.points,
        "latent_shift_in_sd": list(one.shift), "weeks": list(result.study.waves.weeks[1:]),
        "solved_difference": one.difference, "solved_difference_error": one.difference_error,
        "share_at_end": one.at_end, "share_at_end_without": one.at_end_before,
    }  # fmt: skip


def _loss_data(result: StressResult, effect: PlantedEffect) -> dict[str, Any]:
    asked, marginal = effect.asked, result.marginal
    assert isinstance(asked, LossEffect)  # noqa: S101  # the caller has looked
    return {
        "tie_class": asked.tie_class, "conditional_log_odds_a_week": asked.log_odds,
        "marginal_log_odds_ratio": None if marginal is None else marginal.value,
        "marginal_mcse": None if marginal is None else marginal.mcse,
    }  # fmt: skip
