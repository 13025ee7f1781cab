"""Type I error and coverage at 15, 29 and 100 egos, with 1, .83 and .5 of them seen again.

Seeds are fixed, so a run cannot fail by chance; the standard error of a share near .05 is .002 at
10,000 replicates. Where small samples break an analysis the figure stands in the documentation,
and here.
"""

import pytest

from analysis.estimators.catalogue import analyses
from analysis.estimators.levels import STUDIES, level_of

REPLICATES = 10_000
WITHOUT_NULL = {"proportion", "kept-ties"}
SHIFTS = {"ancova", "ancova-hc3", "change-score", "change-within", "mean", "cluster-t", "gee"} | {
    "ancova-weighted",
    "gee-weighted",
}
"""Estimates that move with the effect and nothing else: coverage is one minus type I error."""

BROKEN = {}


def test_every_right_analysis_of_these_kinds_has_a_study():
    theirs = {"least-squares", "random-intercept", "random-slope", "mmrm"}
    right = {name for name, one in analyses().items() if not one.wrong}
    assert {name.partition("/")[0] for name in STUDIES} == right - theirs


def test_a_level_is_counted_among_the_fits_that_converged():
    found = level_of("gee-logit/arm", 15, 0.5, 0.0, replicates=300, seed=1)
    assert 0.7 < found.converged < 1
    assert 0 <= found.rejected <= 0.1
    assert found.covered == pytest.approx(1 - found.rejected)


def test_levels_come_from_the_seed_alone():
    one = level_of("ancova", 15, 0.83, 0.5, replicates=50, seed=3)
    assert one == level_of("ancova", 15, 0.83, 0.5, replicates=50, seed=3)
    assert one != level_of("ancova", 15, 0.83, 0.5, replicates=50, seed=4)


@pytest.mark.verify
@pytest.mark.parametrize("retention", [1, 0.83, 0.5])
@pytest.mark.parametrize("egos", [15, 29, 100])
@pytest.mark.parametrize("name", STUDIES)
def test_type_one_error_and_coverage(name, egos, retention):
    low, high = BROKEN.get((name, egos, retention), (0.04, 0.06))
    null = level_of(name, egos, retention, 0.0, replicates=REPLICATES, seed=7)
    if name not in WITHOUT_NULL:
        assert low <= null.rejected <= high
    if name in SHIFTS | WITHOUT_NULL:
        assert low <= 1 - null.covered <= high
    else:
        some = level_of(name, egos, retention, 0.5, replicates=REPLICATES, seed=7)
        assert low <= 1 - some.covered <= high
