"""A study as a function gets it: made piece by piece, and whole to whoever looks at all of it."""

import copy
import pickle
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.stress.workers.serve import GivenStudy


@pytest.fixture
def made():
    return []


@pytest.fixture
def study(made):
    def make(name):
        made.append(name)
        return pd.DataFrame({"x": [1, 2]})

    return GivenStudy({name: lambda name=name: make(name) for name in ("egos", "alters")}, seed=7)


def test_a_table_is_made_once_and_not_before_it_is_asked_for(study, made):
    assert made == []
    assert study.egos is study.egos
    assert made == ["egos"]
    with pytest.raises(AttributeError, match="no 'ego'; it has egos, alters and seed"):
        _ = study.ego


@pytest.mark.parametrize(
    "whole",
    [
        vars,
        lambda study: study.__dict__,
        lambda study: vars(copy.copy(study)),
        lambda study: vars(copy.deepcopy(study)),
        lambda study: vars(pickle.loads(pickle.dumps(study))),
        lambda study: {name: getattr(study, name) for name in dir(study) if name[0] != "_"},
    ],
)
def test_whoever_looks_at_all_of_a_study_finds_all_of_it(study, whole):
    study.egos = study.egos[:1]
    study.own = 3
    found = whole(study)
    assert set(found) == {"egos", "alters", "own", "seed"}
    assert [len(found[name]) for name in ("egos", "alters")] == [1, 2]
    assert isinstance(study, SimpleNamespace)
    assert repr(study) == "GivenStudy(alters, egos, own, seed)"


def test_a_copy_is_of_other_tables(study):
    other = copy.deepcopy(study)
    other.egos["y"] = 1
    assert list(study.egos) == ["x"]


def test_a_table_that_was_taken_away_does_not_come_back(study):
    del study.alters
    assert not hasattr(study, "alters")
    assert set(vars(study)) == {"egos", "seed"}
