"""Names and numbers as a protocol writes them."""

from __future__ import annotations

from analysis.planning.report.protocol.outcomes import number, value
from analysis.planning.search.tally import Confirmed
from analysis.questions.question import Question
from analysis.trials.flow import Expected
from analysis.trials.performance import Measured

__all__ = ["MECHANISMS", "analysis", "in_words", "level", "people", "share", "target", "with_error"]

_REML = "fitted by restricted maximum likelihood, with Kenward-Roger degrees of freedom"
_TIES = (
    "by generalised estimating equations with independence as the working correlation; standard "
    "errors allow for ties of one person being alike, and are corrected for small samples"
)
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
    "negative_binomial": "a negative binomial regression of the counts of those interviewed at "
    "that wave",
    "proportion": "a share of those interviewed at that wave, with Wilson's interval",
    "gee_logit": f"a logistic regression with a row for each tie, {_TIES}",
    "gee_share": f"a linear regression of loss (0 or 1) with a row for each tie, {_TIES}",
    "mixed_logit": "a logistic mixed model with a row for each tie and a random intercept for each "
    "person",
    "hazard": "a complementary log-log regression with a row for each tie and interval at risk, "
    f"{_TIES}",
}
MECHANISMS = {
    "MCAR": "whoever misses an interview does so by chance: missing completely at random",
    "MAR": "those with worse scores at their last interview are likelier to miss the next: "
    "missing at random, with an odds ratio of {odds:g} per standard deviation",
    "MNAR-outcome": "those whose score would be worse are likelier to miss the interview at which "
    "it would be taken: missing not at random, with an odds ratio of {odds:g} per standard "
    "deviation",
    "MNAR-state": "those who are in a worse state are likelier to miss an interview: "
    "missing not at random, with an odds ratio of {odds:g} per standard deviation",
}


def analysis(one: Question) -> str:
    """How a question is analysed, as part of a sentence."""
    if one.analysis == "t_test" and one.about == "mean":
        return "a t interval from those interviewed at that wave"
    return ANALYSES[one.analysis]


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


def level(question: Question) -> str:
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
    if one.about == "slope" or sd is None:
        return value(one, truth)
    return f"{number(truth)} points ({truth / sd:.2f} of the standard deviation at baseline)"
