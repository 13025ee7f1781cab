"""Stopping rules on sequences made by hand."""

import numpy as np
import pytest

from analysis.saturation.rules import stops_at
from analysis.saturation.settings import Rule


def rule(base, run, new=0.0):
    return Rule(name="r", base=base, run=run, new_information=new)


def after(*new):
    """Codes seen after each person, from the new codes each brings."""
    return np.cumsum([new], axis=1)


@pytest.mark.parametrize(
    ("new", "asked", "stops"),
    [
        ((3, 0, 0, 0), rule(1, 2), 3),
        ((3, 0, 0, 1), rule(1, 3), 0),  # the last person spoils the only run
        ((3, 1, 0, 1, 0, 0, 0), rule(2, 2), 6),  # a quiet person, a new code, then two quiet
        ((3, 0, 0, 0, 0, 1), rule(3, 2), 5),  # quiet people in the base are no part of the run
        ((10, 0, 1, 0, 0), rule(2, 2, 0.05), 5),  # 1 of 10 is more than 5 %
        ((20, 0, 1, 0, 0), rule(2, 2, 0.05), 4),  # 1 of 20 is not
        ((0, 0, 0, 0), rule(2, 2), 0),  # nothing seen at all is no saturation
        ((1, 0), rule(2, 2), 0),  # fewer people than the rule needs
    ],
)
def test_a_rule_stops_where_it_should(new, asked, stops):
    assert stops_at(after(*new), asked).tolist() == [stops]


def test_studies_are_judged_one_by_one():
    seen = np.cumsum([[2, 0, 0, 0], [2, 1, 0, 0], [2, 1, 1, 1]], axis=1)
    assert stops_at(seen, rule(1, 2)).tolist() == [3, 4, 0]


def test_a_longer_run_and_a_lower_threshold_never_stop_sooner():
    rng = np.random.default_rng(1)
    seen = np.cumsum(rng.random((400, 60)) < 4 / np.arange(1, 61), axis=1)

    def people(asked):
        found = stops_at(seen, asked)
        return np.where(found > 0, found, 61)

    assert (people(rule(6, 3)) >= people(rule(6, 2))).all()
    assert (people(rule(6, 3)) >= people(rule(6, 3, 0.2))).all()
    assert (people(rule(6, 3)) > people(rule(6, 3, 0.2))).any()
