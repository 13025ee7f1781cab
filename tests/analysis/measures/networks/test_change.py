"""Stability, turnover and Jaccard, as sets have them."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.measures.networks.layout import networks_of
from analysis.measures.networks.tables import change_measures
from analysis.measures.networks.waves import steps_between
from tests.analysis.measures.networks.conftest import tables_of


def test_a_missed_wave_is_bridged():
    """Three people in any order: all of three waves, the first and third, one alone."""
    person, wave = np.array([1, 0, 2, 0, 1, 0]), np.array([3, 2, 1, 1, 1, 3])
    steps = steps_between(person, wave)
    assert list(zip(steps.first.tolist(), steps.second.tolist(), strict=True)) == [
        (3, 1), (1, 5), (4, 0),
    ]  # fmt: skip


def sets_of(interviews, kept):
    return {
        one.egoID: {m["alter_id"] for m in one.members if kept(m)} for one in interviews
    }  # fmt: skip


@pytest.mark.parametrize("tie_class", [None, "friend", "object"])
def test_change_is_that_of_sets(tie_class, interviews, networks):
    ids = np.array([one.egoID for one in interviews])
    steps = steps_between(ids // 100, ids % 100)
    classes = ("kin", "friend", "professional", "object")
    kept = np.ones(networks.human.size, bool)
    if tie_class:
        kept = networks.tie_class == classes.index(tie_class)
    found = change_measures(networks, steps, kept)
    on = sets_of(interviews, lambda m: tie_class in (None, m["tie_class"]))
    assert len(steps.first) == 800
    for p, (i, j) in enumerate(zip(ids[steps.first], ids[steps.second], strict=True)):
        a, b = on[i], on[j]
        right = {
            "before": len(a), "after": len(b), "kept": len(a & b), "lost": len(a - b),
            "new": len(b - a),
            "stability": len(a & b) / len(a) if a else np.nan,
            "turnover": len(a ^ b) / (len(a) + len(b)) if a or b else np.nan,
            "jaccard": len(a & b) / len(a | b) if a or b else np.nan,
        }  # fmt: skip
        assert {name: found[name][p] for name in found} == pytest.approx(
            right, rel=1e-12, nan_ok=True
        )


def test_somebody_named_twice_on_a_map_counts_once(interviews):
    one = next(one for one in interviews if len(one.members) > 3)
    twice = {**one.members[0], "alterID": len(one.members) + 1}
    first = SimpleNamespace(**{**vars(one), "egoID": 101, "members": [*one.members, twice]})
    second = SimpleNamespace(**{**vars(one), "egoID": 102})
    networks = networks_of(tables_of([first, second]))
    steps = steps_between(np.array([1, 1]), np.array([1, 2]))
    found = change_measures(networks, steps, np.ones(networks.human.size, bool))
    assert found["before"] == found["after"] == found["kept"] == len(one.members)
    assert found["jaccard"] == 1
