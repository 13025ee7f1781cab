"""From tables to arrays: any order of rows, each pair once, and what cannot be is refused."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from analysis.measures.networks.layout import networks_of
from analysis.measures.networks.tables import people_measures
from sim.errors import InputError
from tests.analysis.measures.networks.conftest import tables_of


def study(**tables):
    """A study of tables, those of two small interviews where none is given."""
    made = {
        "egos": {"egoID": [101, 201], "aaties_asked": [1, 1], "ego_sex": ["female", "male"]},
        "alters": {
            "egoID": [101, 101, 201], "alterID": [1, 2, 1], "is_human": [1, 1, 1],
            "tie_class": ["kin", "friend", "kin"], "alter_sex": ["female", None, "male"],
            "alter_id": ["a", "b", "c"],
        },
        "aaties": {"egoID": [101], "Source": [1], "Target": [2]},
        **tables,
    }  # fmt: skip
    arrow = {name: pa.table(columns) for name, columns in made.items()}
    return SimpleNamespace(arrow=arrow.__getitem__)


def test_the_order_of_rows_is_of_no_account(interviews, networks):
    rng = np.random.default_rng(1)
    made = dict(tables_of(interviews).made)
    for name in ("alters", "aaties"):
        made[name] = made[name].take(rng.permutation(len(made[name])))
    found = networks_of(SimpleNamespace(arrow=made.__getitem__))
    right = people_measures(networks)
    for name, column in people_measures(found).items():
        np.testing.assert_array_equal(column, right[name])


def test_a_pair_counts_once_whichever_way_it_is_told():
    ties = {"egoID": [101, 101, 101], "Source": [1, 2, 1], "Target": [2, 1, 1]}
    found = people_measures(networks_of(study(aaties=ties)))
    assert found["density"][0] == 1
    assert found["effective_size"][0] == 1


def test_no_ties_and_no_members_at_all():
    columns = ["egoID", "alterID", "is_human", "tie_class", "alter_sex", "alter_id"]
    kinds = [pa.int64()] * 3 + [pa.string()] * 3
    alters = dict(zip(columns, (pa.array([], kind) for kind in kinds), strict=True))
    ties = {name: pa.array([], pa.int64()) for name in ("egoID", "Source", "Target")}
    found = people_measures(networks_of(study(alters=alters, aaties=ties)))
    assert found["size"].tolist() == [0, 0]
    assert found["components"].tolist() == [0, 0]
    assert np.isnan(found["density"]).all()


def test_a_tie_to_nobody_is_refused():
    ties = {"egoID": [101, 201], "Source": [1, 1], "Target": [2, 7]}
    with pytest.raises(InputError, match="Target 7 of interview 201 is no member in alters"):
        networks_of(study(aaties=ties))


def test_a_tie_of_no_interview_is_refused():
    ties = {"egoID": [101, 301], "Source": [1, 1], "Target": [2, 2]}
    with pytest.raises(InputError, match="aaties: interview 301 is not in egos"):
        networks_of(study(aaties=ties))
