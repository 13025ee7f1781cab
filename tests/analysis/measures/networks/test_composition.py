"""Composition, diversity and EI by their formulas, from lists of members."""

from collections import Counter
from itertools import combinations
from math import log2, nan

import numpy as np
import pytest

from analysis.measures.networks.kernels.composition import diversity_of
from analysis.measures.networks.tables import class_measures, member_measures, people_measures


def iqv(words, categories):
    if not words:
        return nan
    shares = [n / len(words) for n in Counter(words).values()]
    return categories / (categories - 1) * (1 - sum(p * p for p in shares))


def entropy(words):
    if not words:
        return nan
    return sum(n / len(words) * log2(len(words) / n) for n in Counter(words).values())


def index(external, internal):
    return (external - internal) / (external + internal) if external + internal else nan


def ei_of_pairs(one, name):
    """EI of ties between people whose category was told, each count a share of the pairs."""
    if not one.asked:
        return nan
    words = {m["alterID"]: m[name] for m in one.members if m["is_human"] and m[name]}
    alike = {True: [], False: []}
    for pair in combinations(words, 2):
        alike[words[pair[0]] == words[pair[1]]].append(one.graph.has_edge(*pair))
    if not (alike[True] and alike[False]):
        return nan
    return index(np.mean(alike[False]), np.mean(alike[True]))


def near(found, right):
    np.testing.assert_allclose(found, right, rtol=1e-12, atol=1e-12)


def test_people(interviews, networks):
    found = people_measures(networks)
    people = [[m for m in one.members if m["is_human"]] for one in interviews]
    classes = [[m["tie_class"] for m in those] for those in people]
    assert found["size"].tolist() == [len(those) for those in people]
    for name in ("kin", "friend", "professional"):
        assert found[f"n_{name}"].tolist() == [one.count(name) for one in classes]
        shares = [one.count(name) / len(one) if one else nan for one in classes]
        near(found[f"share_{name}"], shares)
    near(found["iqv_class"], [iqv(one, 3) for one in classes])
    near(found["entropy_class"], [entropy(one) for one in classes])


def test_sex_of_those_whose_sex_was_told(interviews, networks):
    found = people_measures(networks)
    told = [[m["alter_sex"] for m in one.members if m["is_human"] and m["alter_sex"]]
            for one in interviews]  # fmt: skip
    near(found["iqv_sex"], [iqv(one, 2) for one in told])
    near(found["entropy_sex"], [entropy(one) for one in told])
    right = [
        index(sum(sex != one.ego_sex for sex in sexes), sum(sex == one.ego_sex for sex in sexes))
        for one, sexes in zip(interviews, told, strict=True)
    ]
    near(found["comp_ei"], right)


@pytest.mark.parametrize(
    ("measure", "column"), [("ei_sex", "alter_sex"), ("ei_class", "tie_class")]
)
def test_ei_of_ties_between_people(measure, column, interviews, networks):
    right = [ei_of_pairs(one, column) for one in interviews]
    assert np.isfinite(right).sum() > 250
    near(people_measures(networks)[measure], right)


def test_objects_are_a_class_of_their_own(interviews, networks):
    found = member_measures(networks)
    classes = [[m["tie_class"] for m in one.members] for one in interviews]
    assert found["n_object"].tolist() == [one.count("object") for one in classes]
    near(found["iqv_class"], [iqv(one, 4) for one in classes])
    near(found["entropy_class"], [entropy(one) for one in classes])


def test_shares_of_classes_sum_to_one(networks):
    shares = class_measures(networks)["share"].reshape(-1, 4).sum(axis=1)
    near(shares[networks.size > 0], 1)
    assert np.isnan(shares[networks.size == 0]).all()


def test_diversity_is_highest_where_all_are_alike_and_zero_where_all_are_of_one():
    found = diversity_of(np.array([[3, 3, 3, 3], [0, 7, 0, 0], [0, 0, 0, 0]]))
    near(found[:2], [[1, 2], [0, 0]])  # two bits for four categories
    assert np.isnan(found[2]).all()
