"""Analyses of one value a person that no question names: other errors, other designs."""

from __future__ import annotations

from analysis.estimators.record import Analysis

LEAST_SQUARES = Analysis(
    name="least_squares",
    estimates="coefficients of a linear model of the mean, robust to unequal variances",
    rows="one wave",
    right_under=("MCAR", "MAR given the columns of the model"),
    function="ols:ols",
    small_samples="cautious with fewer than 10 complete cases",
)

ANCOVA_HC2 = Analysis(
    name="ancova_hc2",
    estimates="difference between arms in the mean at a wave",
    rows="one wave and baseline",
    right_under=("MCAR", "MAR given arm and baseline"),
    function="ancova:ancova",
    settings={"errors": "HC2"},
    small_samples="cautious with fewer than 10 complete cases",
)

ANCOVA_HC3 = Analysis(
    name="ancova_hc3",
    estimates="difference between arms in the mean at a wave",
    rows="one wave and baseline",
    right_under=("MCAR", "MAR given arm and baseline"),
    function="ancova:ancova",
    settings={"errors": "HC3"},
    small_samples="cautious below 100 egos: HC3 errors are too large",
)

CHANGE_SCORE_HC2 = Analysis(
    name="change_score_hc2",
    estimates="difference between arms in mean change since baseline",
    rows="one wave and baseline",
    right_under=("MCAR", "MAR given arm"),
    function="change:change_score",
    settings={"errors": "HC2"},
    small_samples="cautious with fewer than 10 complete cases",
)

CHANGE_WITHIN = Analysis(
    name="change_within",
    estimates="mean change since baseline",
    rows="one wave and baseline",
    right_under=("MCAR",),
    function="change:change_within",
)

MEAN = Analysis(
    name="mean",
    estimates="mean of egos",
    rows="one wave",
    right_under=("MCAR",),
    function="precision:mean",
)

NEGATIVE_BINOMIAL_ML = Analysis(
    name="negative_binomial_ml",
    estimates="log ratio of rates",
    rows="one wave",
    right_under=("MCAR", "MAR given the columns of the model"),
    function="negative_binomial:negative_binomial",
    settings={"dispersion": "ml"},
    small_samples="rejects too often below 30 egos: dispersion is underrated",
)
