"""Names on a map hide neither each other nor the markers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures.labels import place_labels

SIZE = np.array([0.16, 0.03])
GAP = 0.02
spot = st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9))


def boxes(labels):
    centres = np.array([[one.x, one.y] for one in labels])
    return np.concatenate([centres - SIZE / 2, centres + SIZE / 2], axis=1)


def hidden(found):
    """Share of the names' area that other names cover."""
    total = 0.0
    for i, a in enumerate(found):
        for b in found[i + 1 :]:
            sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
            total += float(np.maximum(sides, 0).prod())
    return total / (len(found) * SIZE.prod())


def place(points):
    points = np.array(points)
    return place_labels(points, np.tile(SIZE, (len(points), 1)), gap=GAP)


def test_a_lone_name_stands_under_its_marker():
    (label,) = place([(0.5, 0.5)])
    assert label.x == 0.5
    assert 0.45 < label.y < 0.5
    assert not label.needs_line


def test_names_of_members_side_by_side_part():
    assert hidden(boxes(place([(0.5, 0.5), (0.54, 0.5), (0.46, 0.5), (0.5, 0.53)]))) < 0.01


@settings(max_examples=50, deadline=None)
@given(st.lists(spot, min_size=2, max_size=16, unique=True))
def test_of_any_map_hardly_any_name_is_hidden(points):
    assert hidden(boxes(place(points))) < 0.35


def test_a_usual_map_hides_next_to_nothing():
    rng = np.random.default_rng(1)
    angle, radius = rng.uniform(0, 2 * np.pi, (50, 9)), rng.uniform(0.08, 0.5, (50, 9))
    maps = 0.5 + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)
    assert np.mean([hidden(boxes(place(one))) for one in maps]) < 0.01


def test_an_empty_map_has_no_names():
    assert place_labels(np.zeros((0, 2)), np.zeros((0, 2)), gap=GAP) == []
