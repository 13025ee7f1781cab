"""The analyses that are shipped: what each estimates, for which question, and where it fails.

An analysis is judged only on the estimand it declares. Those marked wrong are shipped to be
convicted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from analysis.estimators.contract import Fits
from sim.errors import InputError, nearest

__all__ = ["QUESTIONS", "Analysis", "analyses", "analysis"]

QUESTIONS = MappingProxyType(
    {
        "difference": "a difference between arms at a wave",
        "slope": "a difference between arms in change per unit of time",
        "change": "change within people",
        "level": "a mean or a proportion, to a precision",
        "ties": "odds or share of ties that persist or do something",
        "loss": "how fast ties are lost",
        "counts": "a ratio of rates of contacts",
    }
)


@dataclass(frozen=True)
class Analysis:
    """One analysis.

    Attributes
    ----------
    name : str
    estimates : str
        Its estimand, in words.
    questions : tuple of str
        Keys of `QUESTIONS` it can answer.
    unit : str
        What one row is.
    right_under : tuple of str
        Mechanisms of attrition under which it estimates what it declares, if its model is right.
    small_samples : str
        What small samples do to it; empty where nothing worth saying.
    function : str
        Where it is, as ``module:function`` below ``analysis.estimators``.
    settings : tuple of (str, object)
        Keyword arguments that make the function this analysis.
    wrong : str
        What is wrong with it, on purpose; empty for an analysis that is right.
    """

    name: str
    estimates: str
    questions: tuple[str, ...]
    unit: str
    right_under: tuple[str, ...]
    function: str
    small_samples: str = ""
    settings: tuple[tuple[str, object], ...] = ()
    wrong: str = ""

    def fit(self, *arrays: object, **settings: object) -> Fits:
        """Run it on a batch of replicates; arrays and further settings as its function takes."""
        module, _, function = self.function.partition(":")
        run: Callable[..., Fits] = getattr(
            import_module(f"analysis.estimators.{module}"), function
        )
        return run(*arrays, **{**dict(self.settings), **settings})


EGO, WAVE, TIE, INTERVAL, TEAM = (
    "one value an ego",
    "a wave of an ego",
    "a tie of an ego",
    "an interval of a tie",
    "an ego of a team",
)
COMPLETE = ("MCAR", "MAR given the columns of the model")
RANDOM = ("MCAR",)
RARE = "cautious with few or rare events, more so below 30 egos"

_SHIPPED = (
    Analysis(
        "least-squares",
        "coefficients of a linear model of the mean, robust to unequal variances",
        ("difference", "change", "level"),
        EGO,
        COMPLETE,
        "ols:ols",
        "cautious with fewer than 10 complete cases",
    ),
    Analysis(
        "ancova",
        "difference between arms in the mean at a wave",
        ("difference",),
        EGO,
        ("MCAR", "MAR given arm and baseline"),
        "ancova:ancova",
        "cautious with fewer than 10 complete cases",
    ),
    Analysis(
        "ancova-hc3",
        "difference between arms in the mean at a wave",
        ("difference",),
        EGO,
        ("MCAR", "MAR given arm and baseline"),
        "ancova:ancova",
        "cautious below 100 egos: HC3 errors are too large",
        (("errors", "HC3"),),
    ),
    Analysis(
        "change-score",
        "difference between arms in mean change since baseline",
        ("difference",),
        EGO,
        ("MCAR", "MAR given arm"),
        "change:change_score",
        "cautious with fewer than 10 complete cases",
    ),
    Analysis(
        "change-within",
        "mean change since baseline",
        ("change",),
        EGO,
        RANDOM,
        "change:change_within",
    ),
    Analysis("mean", "mean of egos", ("level",), EGO, RANDOM, "precision:mean"),
    Analysis(
        "proportion",
        "share of egos",
        ("level",),
        EGO,
        RANDOM,
        "precision:proportion",
        "coverage of one true share swings around the level; its average is right",
    ),
    Analysis(
        "cluster-t",
        "difference between arms in the mean of team means",
        ("difference",),
        TEAM,
        ("MCAR", "MAR given arm and team"),
        "cluster_t:cluster_t",
        "exact with equal teams; cautious when few teams differ much in size",
    ),
    Analysis(
        "gee",
        "marginal difference of means",
        ("difference", "slope", "change", "level"),
        WAVE,
        RANDOM,
        "gee:gee",
    ),
    Analysis(
        "gee-logit",
        "marginal log odds ratio",
        ("difference", "slope", "ties"),
        TIE,
        RANDOM,
        "gee:gee",
        RARE,
        (("link", "logit"),),
    ),
    Analysis(
        "gee-log",
        "marginal log ratio of means",
        ("difference", "slope", "counts"),
        WAVE,
        RANDOM,
        "gee:gee",
        settings=(("link", "log"),),
    ),
    Analysis(
        "mixed-logit",
        "conditional log odds ratio, given the ego's intercept",
        ("ties",),
        TIE,
        ("MCAR", "MAR given the columns and outcomes of the model"),
        "mixed_logit:mixed_logit",
        "errors of contrasts between egos are uncertain below 30 egos",
    ),
    Analysis(
        "negative-binomial",
        "log ratio of rates",
        ("counts",),
        EGO,
        COMPLETE,
        "negative_binomial:negative_binomial",
        RARE,
    ),
    Analysis(
        "negative-binomial-ml",
        "log ratio of rates",
        ("counts",),
        EGO,
        COMPLETE,
        "negative_binomial:negative_binomial",
        "rejects too often below 30 egos: dispersion is underrated",
        (("dispersion", "ml"),),
    ),
    Analysis(
        "hazard",
        "log ratio of the hazards of loss, averaged over egos",
        ("loss",),
        INTERVAL,
        RANDOM,
        "hazard:hazard",
        RARE,
    ),
    Analysis(
        "hazard-logit",
        "log odds ratio of loss in an interval, averaged over egos",
        ("loss",),
        INTERVAL,
        RANDOM,
        "hazard:hazard",
        RARE,
        (("link", "logit"),),
    ),
    Analysis(
        "kept-ties",
        "share of ties that stand",
        ("ties",),
        TIE,
        RANDOM,
        "wrong:kept",
    ),
    Analysis(
        "ancova-weighted",
        "difference between arms in the mean at a wave",
        ("difference",),
        EGO,
        ("MCAR", "MAR given arm and what was recorded"),
        "ipw:ancova_weighted",
        "weights vary much below 30 egos",
    ),
    Analysis(
        "gee-weighted",
        "marginal difference of means",
        ("difference", "slope", "change"),
        WAVE,
        ("MCAR", "MAR given arm and what was recorded"),
        "ipw:gee_weighted",
        "weights vary much below 30 egos",
    ),
    Analysis(
        "complete-cases",
        "difference between arms in the mean at a wave",
        ("difference",),
        EGO,
        ("MCAR",),
        "change:complete_cases",
        wrong="takes those seen for all: biased where being seen depends on the outcome (MNAR)",
    ),
    Analysis(
        "t-test-ignoring-teams",
        "difference between arms in the mean",
        ("difference",),
        TEAM,
        RANDOM,
        "wrong:t_test_ignoring_teams",
        wrong="takes egos of a team for independent: errors too small",
    ),
    Analysis(
        "logit-ignoring-egos",
        "marginal log odds ratio",
        ("ties",),
        TIE,
        RANDOM,
        "wrong:logit_ignoring_egos",
        wrong="takes ties of an ego for independent: errors too small between egos",
    ),
    Analysis(
        "kept-ties-with-closed-cases",
        "share of ties that stand",
        ("ties",),
        TIE,
        RANDOM,
        "wrong:kept_with_closed_cases",
        wrong="counts a closed case as a tie: the share is too large",
    ),
)


def analyses() -> Mapping[str, Analysis]:
    """All of them, by name."""
    return MappingProxyType({one.name: one for one in _SHIPPED})


def analysis(name: str) -> Analysis:
    """The analysis of that name.

    Raises
    ------
    sim.errors.InputError
        If there is none; the message suggests the nearest.
    """
    known = analyses()
    if name not in known:
        raise InputError(f'there is no analysis called "{name}"{nearest(name, known)}')
    return known[name]
