"""A study of many drawn networks, the edge cases first, and each as a graph."""

from itertools import combinations
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest

CLASSES = ("kin", "friend", "professional")
N_DRAWN = 1200

# people, share of pairs who know each other, objects, sexes (None: not told), asked
EDGE_CASES = (
    (0, 0.0, 0, "f", True), (0, 0.0, 3, "f", True), (1, 0.0, 0, "f", True), (1, 0.0, 2, "", True),
    (2, 0.0, 0, "fm", True), (2, 1.0, 1, "fm", True), (3, 0.0, 0, "f", True),
    (3, 1.0, 0, "fm", True), (6, 1.0, 2, "m", True), (6, 1.0, 0, "fm", True),
    (9, 0.0, 1, "fm", True), (9, 0.5, 4, "f", True), (9, 0.5, 4, "", True),
    (7, 0.6, 2, "fm", False), (0, 0.0, 2, "f", False),
    (20, 0.1, 6, "fm", True), (20, 0.9, 0, "fm", True),
)  # fmt: skip


def drawn_cases(rng):
    """The edge cases, then others as maps are: some people, some objects, some ties."""
    yield from EDGE_CASES
    for _ in range(N_DRAWN - len(EDGE_CASES)):
        yield (
            int(rng.integers(0, 13)), float(rng.choice([0, 0.1, 0.3, 0.6, 1])),
            int(rng.integers(0, 5)), str(rng.choice(["f", "m", "fm", "fmx"])), rng.random() < 0.95,
        )  # fmt: skip


def interview(rng, number, case):
    """One interview as its member list, its graph of people and its ego."""
    people, share, objects, sexes, asked = case
    kinds = rng.permutation([True] * people + [False] * objects)
    who = rng.permutation(30)  # some are on the ego's next map too
    members = [
        {
            "alterID": place + 1,
            "is_human": int(human),
            "tie_class": str(rng.choice(CLASSES)) if human else "object",
            "alter_sex": told(rng, sexes) if human else "not_applicable",
            "alter_id": f"E{number // 100}-A{who[place]}",
        }
        for place, human in enumerate(kinds.tolist())
    ]
    graph = nx.Graph()
    graph.add_nodes_from(one["alterID"] for one in members if one["is_human"])
    pairs = combinations(list(graph), 2)
    if asked:
        graph.add_edges_from(pair for pair in pairs if rng.random() < share)
    ego_sex = str(rng.choice(["female", "male"]))
    return SimpleNamespace(
        egoID=number, ego_sex=ego_sex, asked=asked, members=members, graph=graph
    )  # fmt: skip


def told(rng, sexes):
    """A sex of those that there are; None for one that was not told."""
    words = {"f": "female", "m": "male", "x": None}
    return words[str(rng.choice(list(sexes)))] if sexes else None


def tables_of(interviews):
    """The interviews as a study of which tables can be asked."""
    egos = [
        {
            "egoID": one.egoID, "ego_pid": f"P{one.egoID // 100}", "wave": one.egoID % 100,
            "aaties_asked": int(one.asked), "ego_sex": one.ego_sex,
        }
        for one in interviews
    ]  # fmt: skip
    alters = [{"egoID": one.egoID, **member} for one in interviews for member in one.members]
    ties = [
        {"egoID": one.egoID, "Source": min(pair), "Target": max(pair)}
        for one in interviews
        for pair in one.graph.edges
    ]
    made = {
        "egos": pa.Table.from_pylist(egos),
        "alters": pa.Table.from_pylist(alters),
        "aaties": pa.Table.from_pylist(ties),
    }
    return SimpleNamespace(arrow=made.__getitem__, made=made)


@pytest.fixture(scope="session")
def interviews():
    """More than a thousand interviews, three of each person."""
    rng = np.random.default_rng(20)
    cases = enumerate(drawn_cases(rng))
    return [interview(rng, (i // 3 + 1) * 100 + i % 3 + 1, case) for i, case in cases]


@pytest.fixture(scope="session")
def networks(interviews):
    """The same as arrays."""
    from analysis.measures.networks.layout import networks_of

    return networks_of(tables_of(interviews))
