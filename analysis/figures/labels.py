"""Places for the names on a map, so that they hide neither each other nor the markers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

__all__ = ["Label", "place_labels"]

ROUNDS = 4
HIDES_A_MARKER = 1.6  # as bad as that much of a name hidden by another name
PER_STEP_AWAY = 0.012  # a name belongs beside its marker
OVER_THE_EDGE = 4.0


class Label(NamedTuple):
    """Where a name goes: its centre, and whether it is so far off that it needs a line."""

    x: float
    y: float
    needs_line: bool


def place_labels(
    points: np.ndarray,
    sizes: np.ndarray,
    *,
    gap: float,
    obstacles: np.ndarray | None = None,
    limits: tuple[float, float] = (0.0, 1.0),
) -> list[Label]:
    """Choose a place for each name, by turns, until nobody wants to move.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        The markers.
    sizes : ndarray, shape (n, 2)
        Width and height of each name, in the units of the points.
    gap : float
        Distance between a marker's centre and the edge of its name; also the half-width of a
        marker.
    obstacles : ndarray, shape (m, 2), optional
        Centres of other markers that should not be hidden.
    limits : pair of float
        Lowest and highest coordinate, on both axes.

    Returns
    -------
    list of Label
        In the order of the points. The same input always gives the same places.
    """
    n = len(points)
    if n == 0:
        return []
    others = points if obstacles is None else np.concatenate([points, obstacles])
    markers = np.concatenate([others - gap, others + gap], axis=1)
    options = [_options(points[i], sizes[i], gap) for i in range(n)]
    costs = [_fixed_cost(options[i], sizes[i], markers, limits) for i in range(n)]
    chosen = [int(np.argmin(cost)) for cost in costs]
    for _ in range(ROUNDS):
        before = list(chosen)
        for i in range(n):
            taken = [_boxes(options[j][chosen[j]][None], sizes[j])[0] for j in range(n) if j != i]
            clash = _overlap(_boxes(options[i], sizes[i]), np.array(taken).reshape(-1, 4))
            chosen[i] = int(np.argmin(costs[i] + clash / (sizes[i][0] * sizes[i][1])))
        if chosen == before:
            break
    places = [options[i][chosen[i]].tolist() for i in range(n)]
    return [Label(x, y, at >= len(_DIRECTIONS)) for (x, y), at in zip(places, chosen, strict=True)]


# Below first: names under markers read best; then above, beside, at the corners; then farther off.
_DIRECTIONS = ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
_DISTANCES: Sequence[float] = (1.0, 2.2, 3.4)


def _options(point: np.ndarray, size: np.ndarray, gap: float) -> np.ndarray:
    """Centres of the places a name may take, (k, 2), the most wanted first."""
    directions = np.array(_DIRECTIONS, float)
    sideways = directions[:, 1] == 0
    reach = size / 2 * np.where(sideways[:, None], [1.0, 1.0], [0.8, 1.0])
    return np.concatenate(
        [point + directions * (reach + gap * distance) for distance in _DISTANCES]
    )


def _fixed_cost(
    options: np.ndarray, size: np.ndarray, markers: np.ndarray, limits: tuple[float, float]
) -> np.ndarray:
    """What each place costs whatever the other names do."""
    boxes, area = _boxes(options, size), size[0] * size[1]
    outside = np.maximum(limits[0] - boxes[:, :2], 0).sum(1)
    outside += np.maximum(boxes[:, 2:] - limits[1], 0).sum(1)
    steps = np.arange(len(options)) * PER_STEP_AWAY
    return steps + HIDES_A_MARKER * _overlap(boxes, markers) / area + OVER_THE_EDGE * outside


def _boxes(centres: np.ndarray, size: np.ndarray) -> np.ndarray:
    return np.concatenate([centres - size / 2, centres + size / 2], axis=1)


def _overlap(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Area of each box that the others cover, counted once for each of them."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.maximum(high - low, 0).prod(axis=2).sum(axis=1)
