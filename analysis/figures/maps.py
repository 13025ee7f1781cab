"""Ego maps: three circles, members placed by importance, the waves of a person side by side.

The signature picture of the project; `analysis.figures.study` offers it with the others. Tables are
taken by column name, as in `analysis.measures.study`. No state of pyplot is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.figures.labels import place_labels
from analysis.measures.study import Columns, listed, months_of_waves, numbers, texts
from sim.data import codebook
from sim.errors import InputError, nearest
from sim.world.kinds import TIE_CLASSES
from sim.world.parameters import catalogue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

__all__ = [
    "CLASS_COLOURS",
    "CLASS_LABELS",
    "CLASS_MARKERS",
    "SYNTHETIC_NOTE",
    "Interview",
    "Person",
    "draw_interview",
    "ego_map",
    "ego_maps",
    "people_in",
    "people_to_show",
]

CLASS_COLOURS = {  # Okabe and Ito (2008), told apart with every kind of colour vision
    "kin": "#0072B2",
    "friend": "#D55E00",
    "professional": "#009E73",
    "object": "#CC79A7",
}
CLASS_MARKERS = {"kin": "o", "friend": "^", "professional": "s", "object": "D"}
CLASS_LABELS = {
    "kin": "partner and kin",
    "friend": "friend",
    "professional": "professional",
    "object": "pet, place, activity, thing",
}
SYNTHETIC_NOTE = "SYNTHETIC: simulated people, not real ones"
INK, FAINT, RING_FILLS = "#222222", "#8a8a8a", ("#ffffff", "#f8f8f8", "#f1f1f1")
NAME_SIZE, TITLE_SIZE = 8.5, 10.5
LONGEST_LINE = 17
MAP_INCHES, ROW_INCHES, KEY_INCHES = 3.6, 4.05, 0.75
MAP_COLUMNS = (
    "ego_pid", "wave", "alter_id", "alter_name", "tie_class", "map_x", "map_y",
)  # fmt: skip
POINTS_AN_INCH = 72


def ego_map(alters: Columns, ax: Axes, *, before: Columns | None = None, title: str = "") -> Axes:
    """Draw the map of one interview.

    Parameters
    ----------
    alters
        Rows of the table alters that belong to one interview.
    ax
        Where to draw; its frame and ticks are taken away.
    before
        Rows of the same person's interview before. Members who have gone since are drawn hollow
        where they were, new ones with a dark rim and a bold name.
    title
        Printed above the map, with the number of members.

    Returns
    -------
    matplotlib.axes.Axes
        The same Axes. Members without a place on the map are listed beneath it.
    """
    _draw_circles(ax)
    now = _members(alters)
    then = _members(before) if before is not None else {}
    gone = {one: row for one, row in then.items() if one not in now}
    drawn = [(row, "gone") for row in gone.values()]
    drawn += [
        (row, "new" if before is not None and one not in then else "kept")
        for one, row in now.items()
    ]
    placed = [(row, state) for row, state in drawn if np.isfinite(row["at"]).all()]
    for tie_class, state in dict.fromkeys((row["class"], state) for row, state in placed):
        alike = [row["at"] for row, one in placed if (row["class"], one) == (tie_class, state)]
        _draw_markers(ax, np.array(alike), tie_class, state)
    _draw_names(ax, placed)
    lost = [row["name"] for row, state in drawn if state != "gone" and np.isnan(row["at"]).any()]
    if lost:
        said = f"without a place: {', '.join(lost)}"
        ax.text(0.5, -0.035, said, ha="center", va="top", fontsize=NAME_SIZE - 1, color=FAINT)
    count = f"{len(now)} member{'' if len(now) == 1 else 's'}"
    return _entitle(ax, f"{title} · {count}" if title else count, INK)


def ego_maps(
    bundle: Any,
    people: Sequence[str] | None = None,
    *,
    figure: Figure | None = None,
) -> Figure:
    """Draw the maps of some people, a row each, their waves side by side, with a key beneath.

    Parameters
    ----------
    bundle
        Anything whose ``arrow(name)`` gives a table: a bundle read back, a study just simulated.
    people
        Their ``ego_pid``; six chosen by `people_to_show` by default.
    figure
        An empty Figure to fill; made to measure by default.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    shown = people_in(bundle, people)
    n_waves = max((len(one.waves) for one in shown), default=2)
    height = len(shown) * ROW_INCHES + KEY_INCHES
    size = (max(n_waves, 2) * MAP_INCHES, height)
    figure = figure if figure is not None else Figure(figsize=size, facecolor="white")
    heights = [ROW_INCHES] * len(shown) + [KEY_INCHES]
    *rows, foot = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    for row, person in zip(rows, shown, strict=True):
        _draw_person(row, person)
    _draw_key(foot)
    return figure


class Interview(NamedTuple):
    """One scheduled interview of one person.

    `alters` are the rows of the table alters, column by column; None when it did not take place.
    """

    wave: int
    title: str
    alters: Columns | None
    before: Columns | None


class Person(NamedTuple):
    """One participant, described in a line, with every scheduled interview in order."""

    pid: str
    said: str
    waves: list[Interview]


def people_in(bundle: Any, people: Sequence[str] | None = None) -> list[Person]:
    """Gather what is needed to draw some people's maps.

    Parameters
    ----------
    bundle, people
        As for `ego_maps`.

    Raises
    ------
    sim.errors.InputError
        If one of the people did not take part.
    """
    named = bundle.arrow("alters")
    alters = {name: np.array(listed(named[name])) for name in MAP_COLUMNS}
    attrition = bundle.arrow("attrition")
    described = _described(bundle.arrow("persons"))
    months = months_of_waves(bundle.arrow("egos"))
    visits = list(
        zip(
            texts(attrition, "ego_pid").tolist(),
            numbers(attrition, "wave").astype(int).tolist(),
            (numbers(attrition, "attended") == 1).tolist(),
            strict=True,
        )
    )
    found = []
    for pid in people if people is not None else people_to_show(attrition, alters):
        if pid not in described:
            raise InputError(f'nobody in this study is called "{pid}"{nearest(pid, described)}')
        waves: list[Interview] = []
        last = None
        for wave, came in sorted((wave, came) for one, wave, came in visits if one == pid):
            at = (alters["ego_pid"] == pid) & (alters["wave"] == wave)
            rows = {name: column[at] for name, column in alters.items()} if came else None
            waves.append(Interview(wave, _title(wave, months), rows, last))
            last = rows if came else last
        found.append(Person(pid, described[pid], waves))
    return found


def people_to_show(attrition: Columns, alters: Columns, n: int = 6) -> list[str]:
    """Choose people across the range of map size, from those interviewed most often.

    Sorted by members on the first map, then taken at even steps: no look at what became of them.
    """
    who = texts(attrition, "ego_pid")
    came = numbers(attrition, "attended") == 1
    kept = {person: int(came[who == person].sum()) for person in dict.fromkeys(who.tolist())}
    first = texts(alters, "ego_pid")[numbers(alters, "wave") == 1].tolist()
    full = [person for person, waves in kept.items() if waves == max(kept.values())]
    pool = full if len(full) >= n else list(kept)
    order = sorted(pool, key=lambda person: (first.count(person), person))
    steps = np.unique(np.linspace(0, len(order) - 1, min(n, len(order))).round().astype(int))
    return [order[step] for step in steps]


def _members(alters: Columns) -> dict[str, dict[str, Any]]:
    """Name, class and place of each member by `alter_id`; y counts from the bottom, as on paper."""
    listed = zip(
        texts(alters, "alter_id"),
        texts(alters, "alter_name"),
        texts(alters, "tie_class"),
        numbers(alters, "map_x"),
        numbers(alters, "map_y"),
        strict=True,
    )
    return {
        alter: {"name": _short(name), "class": tie_class, "at": np.array([x, 1 - y])}
        for alter, name, tie_class, x, y in listed
    }


def _short(name: str) -> str:
    """A name that fits: a long one on two lines where it has a space, each line cut if need be."""
    lines = [name]
    if len(name) > LONGEST_LINE and " " in name:
        spaces = [at for at, letter in enumerate(name) if letter == " "]
        middle = min(spaces, key=lambda at: abs(at - len(name) / 2))
        lines = [name[:middle], name[middle + 1 :]]
    return "\n".join(
        line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…" for line in lines
    )


def _radii() -> tuple[float, float, float]:
    """Radii of the circles on a canvas of width 1, inner to outer, as the study places members."""
    known = catalogue()
    inner, middle = (known[f"map.{name}_radius"].value for name in ("inner", "middle"))
    return 0.5 * inner, 0.5 * middle, 0.5


def _draw_circles(ax: Axes) -> None:
    from matplotlib.patches import Circle

    for radius, fill, label in zip(
        _radii()[::-1], RING_FILLS[::-1], ("outer", "middle", "inner"), strict=True
    ):
        ax.add_artist(Circle((0.5, 0.5), radius, fc=fill, ec="#b5b5b5", lw=0.9, zorder=0))
        ax.text(
            0.5, 0.5 - radius + 0.008, label, fontsize=6.5, color="#b0b0b0", ha="center",
            va="bottom", zorder=0.5,
        )  # fmt: skip
    ax.plot(0.5, 0.5, marker="*", ms=9, color=INK, zorder=4)
    ax.set_xlim(-0.04, 1.04)
    ax.set_ylim(-0.04, 1.04)
    ax.set_aspect("equal")
    ax.axis("off")


def _draw_markers(ax: Axes, at: np.ndarray, tie_class: str, state: str) -> None:
    from matplotlib.lines import Line2D

    colour = CLASS_COLOURS[tie_class]
    style: dict[str, Any] = {"mfc": colour, "mec": "white", "mew": 0.8, "zorder": 3}
    if state == "gone":
        style = {"mfc": "white", "mec": colour, "mew": 1.1, "zorder": 2, "alpha": 0.75}
    elif state == "new":
        style |= {"mec": INK, "mew": 1.7}
    marker = CLASS_MARKERS[tie_class]
    ax.add_line(Line2D(at[:, 0], at[:, 1], marker=marker, ms=8, ls="none", **style))


def _draw_names(ax: Axes, placed: Sequence[tuple[Mapping[str, Any], str]]) -> None:
    """Write the names where they hide least; a name far from its marker gets a thin line."""
    if not placed:
        return
    from matplotlib.lines import Line2D

    figure = ax.figure
    width = ax.get_position().width * figure.bbox.width / figure.dpi
    unit = 1.08 / (width * POINTS_AN_INCH)  # a point in the units of the map
    points = np.array([row["at"] for row, _ in placed])
    sizes = np.array([_ems(row["name"], state == "new") for row, state in placed])
    labels = place_labels(
        points, sizes * NAME_SIZE * unit, gap=5.5 * unit, obstacles=np.array([[0.5, 0.5]])
    )
    styles: dict[str, dict[str, Any]] = {
        "kept": {"color": INK},
        "new": {"color": INK, "weight": "bold"},
        "gone": {"color": FAINT, "style": "italic"},
    }
    for (row, state), label in zip(placed, labels, strict=True):
        if label.needs_line:
            x, y = row["at"]
            ax.add_line(Line2D([x, label.x], [y, label.y], color="#c0c0c0", lw=0.6, zorder=1))
        ax.text(
            label.x, label.y, row["name"], fontsize=NAME_SIZE, ha="center", va="center", zorder=5,
            linespacing=1.0,
            **styles[state],
        )  # fmt: skip


def _ems(name: str, bold: bool) -> tuple[float, float]:
    """Width and height of a name, as multiples of the size of its type."""
    lines = name.split("\n")
    return max(map(len, lines)) * (0.62 if bold else 0.57) + 0.2, 1.15 * len(lines)


def _draw_person(row: SubFigure, person: Person) -> None:
    said = f"{person.pid} · {person.said}"
    row.suptitle(said, fontsize=TITLE_SIZE, x=0.012, y=0.985, ha="left", weight="bold", color=INK)
    axes = row.subplots(1, len(person.waves), squeeze=False)[0]
    row.subplots_adjust(left=0.005, right=0.995, bottom=0.005, top=0.87, wspace=0.02)
    for interview, ax in zip(person.waves, axes, strict=True):
        draw_interview(interview, ax)


def draw_interview(interview: Interview, ax: Axes) -> Axes:
    """Draw the map of one interview, or three empty circles if it did not take place."""
    if interview.alters is not None:
        return ego_map(interview.alters, ax, before=interview.before, title=interview.title)
    _draw_circles(ax)
    return _entitle(ax, f"{interview.title} · not interviewed", FAINT)


def _entitle(ax: Axes, title: str, colour: str) -> Axes:
    """Put a title where it belongs; left to look for room it would lay out ticks nobody sees."""
    ax.set_title(title, fontsize=TITLE_SIZE, color=colour, pad=4, y=1)
    return ax


def _title(wave: int, months: Mapping[int, int]) -> str:
    if wave not in months:
        return f"wave {wave}"
    return f"{months[wave]} months" if months[wave] else "baseline"


def _described(persons: Columns) -> dict[str, str]:
    """Each participant in a few words, by ego_pid."""
    words = codebook.table("persons")
    listed = zip(
        texts(persons, "ego_pid").tolist(),
        texts(persons, "sex").tolist(),
        numbers(persons, "age_baseline").tolist(),
        texts(persons, "diagnosis").tolist(),
        texts(persons, "arm").tolist(),
        strict=True,
    )
    return {
        pid: ", ".join(
            [
                {"female": "woman", "male": "man"}.get(sex, sex),
                f"{age:.0f}",
                str(words.column("diagnosis").values.get(diagnosis, diagnosis)),
                *([f"{arm} arm"] if arm else []),
            ]
        )
        for pid, sex, age, diagnosis, arm in listed
    }


def _draw_key(row: SubFigure) -> None:
    from matplotlib.lines import Line2D

    def mark(marker: str, label: str, **style: Any) -> Line2D:
        return Line2D([], [], ls="none", marker=marker, ms=8, label=label, **style)

    marks = [
        mark(CLASS_MARKERS[one], CLASS_LABELS[one], mfc=CLASS_COLOURS[one], mec="white")
        for one in TIE_CLASSES
    ]
    marks += [
        mark("*", "the ego", color=INK),
        mark("o", "new since the last map", mfc="#bbbbbb", mec=INK, mew=1.7),
        mark("o", "gone since the last map", mfc="white", mec="#999999"),
    ]
    row.legend(handles=marks, ncols=4, loc="upper center", frameon=False, fontsize=9)
    row.text(0.99, 0.06, SYNTHETIC_NOTE, ha="right", va="bottom", fontsize=8, color=FAINT)
