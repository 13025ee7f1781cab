"""What the size of a study is counted in."""

import pytest

from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.units import CLUSTERS, ONE_BY_ONE, Units, units_of


def test_people_are_counted_one_by_one(study):
    trial = study()
    units = units_of(panel_process(trial, plan_of(trial), 1), plan_of(trial))
    assert (units.name, units.low, units.high) == (ONE_BY_ONE, 8, 600)
    assert (units.people(77), units.at_least(77), units.at_least(76.5)) == (77, 77, 77)


@pytest.mark.parametrize("n", range(1, 70))
def test_the_fewest_clusters_that_make_so_many_people(n):
    units = Units(CLUSTERS, 2, 4, (16, 32, 48, 64))
    k = units.at_least(n)
    assert units.people(k) >= n or k == units.high
    assert k == 1 or units.people(k - 1) < n
