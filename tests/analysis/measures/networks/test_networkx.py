"""Measures of ties are those of networkx, interview by interview, edge cases among them."""

import networkx as nx
import numpy as np
import pytest

from analysis.measures.networks.tables import class_measures, member_measures, people_measures

NAMES = (
    "density", "components", "constraint", "effective_size", "betweenness", "max_betweenness",
)  # fmt: skip


def with_ego(graph):
    """The network with the ego, who knows everybody."""
    found = graph.copy()
    found.add_node("ego")
    found.add_edges_from(("ego", one) for one in graph)
    return found


def by_networkx(graph, asked):
    """What networkx makes of one network; nan where there is nothing to measure."""
    if not asked:
        return dict.fromkeys(NAMES, np.nan)
    whole, n = with_ego(graph), len(graph)
    between = nx.betweenness_centrality(graph)
    return {
        "density": nx.density(graph) if n > 1 else np.nan,
        "components": nx.number_connected_components(graph),
        "constraint": nx.constraint(whole, ["ego"])["ego"],
        "effective_size": nx.effective_size(whole, ["ego"])["ego"],
        "betweenness": nx.betweenness_centrality(whole)["ego"] if n > 1 else np.nan,
        "max_betweenness": max(between.values()) if n > 2 else np.nan,
    }


def same_as_networkx(found, graphs, asked):
    for i, (graph, was_asked) in enumerate(zip(graphs, asked, strict=True)):
        for name, value in by_networkx(graph, was_asked).items():
            assert found[name][i] == pytest.approx(value, rel=1e-12, abs=1e-12, nan_ok=True), (
                i, name,
            )  # fmt: skip


def test_there_are_a_thousand_interviews_and_the_edge_cases(interviews):
    graphs = [one.graph for one in interviews if one.asked]
    assert len(graphs) > 1000
    assert {0, 1, 2} <= {len(graph) for graph in graphs}
    large = [graph for graph in graphs if len(graph) > 3]
    assert any(nx.density(graph) == 0 for graph in large)
    assert any(nx.density(graph) == 1 for graph in large)
    parts = [nx.number_connected_components(graph) for graph in large]
    assert any(1 < p < len(graph) for p, graph in zip(parts, large, strict=True))
    assert any(not one.asked for one in interviews)
    assert any(one.members and not len(one.graph) for one in interviews)  # objects alone


def test_people(interviews, networks):
    graphs, asked = [one.graph for one in interviews], [one.asked for one in interviews]
    same_as_networkx(people_measures(networks), graphs, asked)


def test_objects_are_members_who_know_nobody(interviews, networks):
    graphs = []
    for one in interviews:
        graphs.append(one.graph.copy())
        graphs[-1].add_nodes_from(member["alterID"] for member in one.members)
    same_as_networkx(member_measures(networks), graphs, [one.asked for one in interviews])


def test_a_class_by_itself(interviews, networks):
    graphs, asked = [], []
    for one in interviews:
        for name in ("kin", "friend", "professional", "object"):
            those = [m["alterID"] for m in one.members if m["tie_class"] == name]
            graphs.append(nx.Graph(one.graph.subgraph(those)))
            graphs[-1].add_nodes_from(those)
            asked.append(one.asked and name != "object")
    found = class_measures(networks)
    assert found["size"].tolist() == [len(graph) for graph in graphs]
    same_as_networkx(found, graphs, asked)
