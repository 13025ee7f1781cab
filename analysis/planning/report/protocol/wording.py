"""Names and numbers as a protocol writes them."""

from __future__ import annotations

from analysis.estimators import catalogue
from analysis.planning.report.protocol.outcomes import amount, value_in_words
from analysis.questions.question import Question
from analysis.trials.flow import Expected
from analysis.trials.performance import Measured
from analysis.trials.success import Confirmed

__all__ = [
    "analysis_in_words",
    "in_words",
    "level_in_words",
    "people",
    "share",
    "target",
    "with_error",
]


def analysis_in_words(one: Question) -> str:
    """How a question is analysed, as part of a sentence."""
    said = catalogue.analysis(one.analysis).said(one.about)
    if one.baseline is None:
        return said
    time, later = ("time", "") if one.about == "slope" else ("wave", " at each wave after baseline")
    if one.baseline == "free":
        return (
            f"{said}; its fixed effects are {time}, arm and their product, each arm having its "
            "own mean at baseline"
        )
    return (
        f"{said}; its fixed effects are {time} and arm by {time}{later}, both arms having one mean "
        "at baseline, as randomisation makes them (constrained longitudinal data analysis)"
    )


def people(count: float) -> str:
    """A number of people."""
    return f"{count:,.0f}"


def share(one: Confirmed) -> str:
    """A share of simulated studies with its Monte Carlo error."""
    return (
        f"{one.share:.3f} (Monte Carlo standard error {one.mcse:.3f}, 95 % interval "
        f"{one.low:.3f} to {one.high:.3f}, {one.n:,} simulated studies)"
    )


def with_error(one: Measured, unit: str = "", digits: int = 3) -> str:
    """A measure with its unit, Monte Carlo standard error and studies."""
    return f"{one.value:.{digits}f}{unit} (MCSE {one.mcse:.{digits}f}, {one.n:,} studies)"


def level_in_words(question: Question) -> str:
    """The level of an interval, in percent."""
    return f"{100 * (1 - question.alpha):g} %"


def in_words(one: Expected) -> str:
    """`94 (88 to 99)`; a number that is certain stands alone."""
    if one.low == one.high:
        return people(one.mean)
    return f"{people(one.mean)} ({one.low:,} to {one.high:,})"


def target(one: Question, truth: float, sd: float | None) -> str:
    """The size looked for, as `1.37 points (0.35 of the standard deviation at baseline)`.

    Without a standard deviation as `1.72 (an odds ratio of 5.58)` or in its unit.
    """
    if one.about in ("slope", "change_on_change") or sd is None:
        return value_in_words(one, truth)
    return f"{amount(one, truth)} ({truth / sd:.2f} of the standard deviation at baseline)"
