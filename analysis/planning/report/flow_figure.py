"""The picture of an expected flow of participants: the boxes of a CONSORT diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.maps import INK, SYNTHETIC_NOTE
from analysis.planning.report.protocol.outcomes import plain_words
from analysis.planning.report.protocol.wording import in_words
from analysis.trials.flow import ArmFlow, Expected, Flow
from sim.errors import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_flow", "flow_figure", "flow_inches"]

EDGE, FILL = "#0072B2", "#EAF3FA"
"""Blue of Okabe and Ito (2008), and a tint of it."""
WIDE, GAP = 2.5, 0.35
"""Width of a box and distance of arms, in inches."""
STEP, HIGH = 0.95, 0.62
"""From one row to the next, and the height of a box."""


def flow_inches(flow: Flow) -> tuple[float, float]:
    """Width and height that the drawing takes."""
    width = max(len(flow.arms) * (WIDE + GAP) + GAP, 2 * WIDE + 4 * GAP)
    return width, STEP * (_rows(flow) + 0.1)


def draw_flow(flow: Flow, unit: str, ax: Axes) -> Axes:
    """Draw approached, enrolled, each arm's interviews, and who is analysed.

    Numbers are expected; in brackets is where 95 % of studies fall.

    Parameters
    ----------
    flow
        One study.
    unit
        What its clusters are called.
    ax
        Of the size `flow_inches` gives.
    """
    width, height = flow_inches(flow)
    ax.set(xlim=(0, width), ylim=(-height, 0))
    ax.axis("off")
    middle = width / 2
    top = [
        f"approached\n{in_words(flow.approached)}",
        f"interested\n{in_words(flow.interested)}",
        f"enrolled\n{sum(one.people.mean for one in flow.arms):.0f}",
    ]
    for row, text in enumerate(top):
        _box(ax, middle, _y(row), text)
        if row:
            _arrow(ax, (middle, _y(row - 1)), (middle, _y(row)))
    span = WIDE + GAP
    first = middle - span * (len(flow.arms) - 1) / 2
    for place, arm in enumerate(flow.arms):
        x = first + span * place
        _arrow(ax, (middle, _y(2)), (x, _y(3)))
        texts = _texts(arm, flow.weeks, unit)
        for row, text in enumerate(texts, start=3):
            _box(ax, x, _y(row), text)
            if row > 3:
                _arrow(ax, (x, _y(row - 1)), (x, _y(row)))
    return ax


def flow_figure(flow: Flow, unit: str) -> Figure:
    """The drawing as a figure of its own."""
    from matplotlib.figure import Figure

    width, height = flow_inches(flow)
    figure = Figure(figsize=(width, height + 0.3), facecolor="white")
    draw_flow(flow, unit, figure.add_axes((0, 0.3 / (height + 0.3), 1, height / (height + 0.3))))
    figure.text(0.99, 0.01, SYNTHETIC_NOTE, ha="right", va="bottom", fontsize=7, color=INK)
    return figure


def _rows(flow: Flow) -> int:
    return 3 + 2 + len(flow.weeks)


def _y(row: int) -> float:
    return -STEP * (row + 0.5)


def _texts(arm: ArmFlow, weeks: tuple[int, ...], unit: str) -> list[str]:
    """The boxes of one arm, from the top."""
    waves = [
        f"interviewed at {counted(week, 'week')}\n{in_words(one)}"
        for week, one in zip(weeks, arm.interviewed, strict=True)
    ]
    return [_allocated(arm, unit), *waves, _analysed(arm)]


def _allocated(arm: ArmFlow, unit: str) -> str:
    """An arm, its people and clusters; a range of people takes the clusters' place in the line."""
    name = f"allocated to {plain_words(arm.name)}" if arm.name else "everybody"
    if not arm.clusters:
        return f"{name}\n{in_words(arm.people)}"
    low, high = arm.clusters.size.low, arm.clusters.size.high
    size = f"{low}" if low == high else f"{low} to {high}"
    clusters = f"{arm.clusters.number.mean:.0f} {unit}s of {size}"
    if not arm.name:
        return f"{name}\n{clusters}"
    between = ", " if arm.people.low == arm.people.high else "\n"
    return f"{name}\n{in_words(arm.people)}{between}{clusters}"


def _analysed(arm: ArmFlow) -> str:
    each = list(dict.fromkeys(arm.analysed))
    if len(each) == 1:
        ties = [one for one in dict.fromkeys(arm.ties) if one is not None]
        more = f" with {ties[0].mean:.0f} ties" if len(arm.ties) == len(ties) == 1 else ""
        return f"in the analysis\n{in_words(each[0])}{more}"
    return "in the analyses\n" + "; ".join(map(_short, each))


def _short(one: Expected) -> str:
    return f"{one.mean:.0f}"


def _box(ax: Axes, x: float, y: float, text: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    ax.add_patch(
        FancyBboxPatch(
            (x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, boxstyle="round,pad=0,rounding_size=0.06",
            fc=FILL, ec=EDGE, lw=1.2, zorder=2,
        )
    )  # fmt: skip
    ax.text(x, y, text, ha="center", va="center", fontsize=10, color=INK, zorder=3)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate(
        "", (end[0], end[1] + HIGH / 2), (start[0], start[1] - HIGH / 2),
        arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.1, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
