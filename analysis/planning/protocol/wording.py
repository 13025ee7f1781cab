"""Names and numbers as a protocol writes them."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.planning.performance import Measured
from analysis.planning.tally import Confirmed
from sim.study.planning import Question
from sim.world.parameters import catalogue

__all__ = [
    "MECHANISMS", "SCALES", "analysis", "estimand", "joined", "level", "metric", "number", "people",
    "plain", "share", "target", "with_error",
]  # fmt: skip

SCALES = {
    "swemwbs": ("Short Warwick-Edinburgh Mental Wellbeing Scale", "SWEMWBS", "higher"),
    "reqol10": ("Recovering Quality of Life questionnaire, 10 items", "ReQoL-10", "higher"),
    "hccq": ("Health Care Climate Questionnaire", "HCCQ", "higher"),
    "loneliness": ("three-item loneliness scale", "loneliness", "lower"),
    "symptoms": ("severity of symptoms", "symptoms", "lower"),
}
"""Name, short name, and which scores are better."""

_REML = "fitted by restricted maximum likelihood, with Kenward-Roger degrees of freedom"
ANALYSES = {
    "t_test": "a t test of those interviewed at that wave",
    "ancova": "an analysis of covariance of those interviewed at that wave, adjusted for the score "
    "at baseline",
    "change_score": "a t test of changes since baseline, of those interviewed at that wave",
    "random_intercept": f"a linear mixed model of all interviews with a random intercept, {_REML}",
    "random_slope": "a linear mixed model of all interviews with a random intercept and slope, "
    f"{_REML}",
    "mmrm": "a mixed model for repeated measures of all interviews with an unstructured "
    f"covariance, {_REML}",
    "gee": "generalised estimating equations for all interviews with an exchangeable working "
    "correlation and standard errors corrected for small samples",
    "cluster_t": "a t test of the means of clusters",
}
MECHANISMS = {
    "MCAR": "whoever misses an interview does so by chance (missing completely at random)",
    "MAR": "those with worse scores at their last interview are likelier to miss the next (missing "
    "at random; odds ratio {odds:g} per standard deviation)",
    "MNAR-outcome": "those whose score would be worse are likelier to miss the interview at which "
    "it would be taken (missing not at random; odds ratio {odds:g} per standard deviation)",
    "MNAR-state": "those who are in a worse state are likelier to miss an interview (missing not "
    "at random; odds ratio {odds:g} per standard deviation)",
}


def analysis(one: Question) -> str:
    """How a question is analysed, as part of a sentence."""
    if one.analysis == "t_test" and one.about == "mean":
        return "a t interval from those interviewed at that wave"
    return ANALYSES[one.analysis]


def number(value: float) -> str:
    """Three digits, as in 1.37 and 213."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def plain(name: str) -> str:
    """The name of an arm as text."""
    return name.replace("_", " ")


def people(count: float) -> str:
    """A number of people."""
    return f"{count:,.0f}"


def joined(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def share(one: Confirmed) -> str:
    """A share of simulated studies with its Monte Carlo error."""
    return (
        f"{one.share:.3f} (Monte Carlo standard error {one.mcse:.3f}, 95 % interval "
        f"{one.low:.3f} to {one.high:.3f}, {one.n:,} simulated studies)"
    )


def with_error(one: Measured, digits: int = 3) -> str:
    """A measure with its Monte Carlo standard error."""
    return f"{one.value:.{digits}f} (MCSE {one.mcse:.{digits}f})"


def level(question: Question) -> str:
    """The level of an interval, in percent."""
    return f"{100 * (1 - question.alpha):g} %"


def metric(outcome: str) -> str:
    """`SWEMWBS (7 to 35 points, higher is better)`."""
    known, (_, short, better) = catalogue(), SCALES[outcome]
    low, high = (known[f"scale.{outcome}.{end}"].value for end in ("lowest", "highest"))
    return f"{short} ({low:g} to {high:g} points, {better} is better)"


def estimand(one: Question) -> str:
    """What a question asks for, as part of a sentence."""
    short = SCALES[one.outcome][1]
    between = f" between {plain(one.arms[0])} and {plain(one.arms[1])}" if len(one.arms) > 1 else ""
    where = f" in {plain(one.arms[0])}" if len(one.arms) == 1 else ""
    when = f"at {one.at_week} weeks" if one.at_week else "at baseline"
    if one.about == "slope":
        return f"difference in the change a year of {short}{between}"
    if one.about == "difference":
        return f"difference in mean {short} {when}{between}"
    if one.about == "change":
        return f"change of {short} from baseline to {one.at_week} weeks{where}"
    return f"mean {short} {when}{where}"


def target(one: Question, truth: float, sd: float) -> str:
    """The size looked for, as `1.37 points (0.35 of the standard deviation at baseline)`."""
    if one.about == "slope":
        return f"{number(truth)} points a year"
    return f"{number(truth)} points ({truth / sd:.2f} of the standard deviation at baseline)"
