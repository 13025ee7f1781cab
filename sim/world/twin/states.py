"""From objects to the arrays of a team, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.state import (
    EGO_COLUMNS,
    LANES,
    LEDGER,
    MARK_COLUMNS,
    POST_COLUMNS,
    TIE_COLUMNS,
    Team,
    empty_team,
)
from sim.world.twin.ego import COUNTED, Ego
from sim.world.twin.professional import DiaryWeek
from sim.world.twin.visits import ServiceLine

if TYPE_CHECKING:
    from sim.world.agents import CohortModel

FEWEST_SLOTS = 32
KEPT = [(name, kind) for name, kind, _ in EGO_COLUMNS if name not in COUNTED]
POST = [(name, kind) for name, kind, _ in POST_COLUMNS]
ON_LINE = ("entitled", "nominal", "booked", "postponed")
OF_USUAL_CARE = ("usual", "usual_acute", "parted")
ON_TIE = [name for name, _ in TIE_COLUMNS]
MARKS = [name for name, _ in MARK_COLUMNS]


def load(model: CohortModel, team: Team) -> None:
    """Make the objects of a model what a team's arrays say."""
    for post, row in zip(model.posts, team.posts, strict=True):
        for name, kind in POST:
            setattr(post, name, _scalar(row[name], kind))
        pages = team.diary[:, post.number].T
        post.diary = [DiaryWeek(*page) for page in pages]
    for ego, row in zip(model.egos, team.egos, strict=True):
        for name, kind in KEPT:
            setattr(ego, name, _scalar(row[name], kind))
        _load_ties(model, ego, team.ties[ego.number])
        for line in ego.lines:
            _load_line(model, line, team.lines[ego.number, line.line])
    for line_row, counts in zip(team.ledger, model.ledger, strict=True):
        counts.update({name: float(line_row[at]) for name, at in LEDGER.items()})


def _scalar(value: Any, kind: type) -> Any:
    """A float32 stays one; every whole number is a plain int."""
    return value if kind is np.float32 else int(value)


def _load_ties(model: CohortModel, ego: Ego, blocks: np.ndarray) -> None:
    posts = list(model.posts)
    ego.slots = []
    for block in blocks:
        for lane in range(LANES):
            tie = None
            if block["group"][lane] >= 0:
                tie = model.tie_class(ego)
                for name in ON_TIE:
                    setattr(tie, name, block[name][lane])
                for name in MARKS:
                    setattr(tie, name, int(block[name][lane]))
                tie.worker = posts[tie.post] if tie.post >= 0 else None
            ego.slots.append(tie)
    while ego.slots and not any(ego.slots[-LANES:]):
        del ego.slots[-LANES:]


def _load_line(model: CohortModel, line: ServiceLine, row: Any) -> None:
    for name in ON_LINE:
        setattr(line, name, int(row[name]))
    for name in OF_USUAL_CARE:
        setattr(line, name, row[name])
    post, slot = int(row["post"]), int(row["slot"])
    line.worker = list(model.posts)[post] if post >= 0 else None
    line.tie = line.ego.slots[slot] if slot >= 0 else None


def store(model: CohortModel) -> Team:
    """The arrays that say what the objects of a model are."""
    slots = max(FEWEST_SLOTS, *(len(ego.slots) for ego in model.egos))
    team = empty_team(model.week, len(model.egos), len(model.posts), slots)
    for post in model.posts:
        for name, _ in POST:
            team.posts[post.number][name] = getattr(post, name)
        for at, page in enumerate(post.diary):
            team.diary[:, post.number, at] = page.booked, page.leave, page.rounding
    for ego in model.egos:
        for name, *_ in EGO_COLUMNS:
            team.egos[ego.number][name] = getattr(ego, name)
        for line in ego.lines:
            _store_line(line, team.lines[ego.number, line.line])
        for slot, tie in enumerate(ego.slots):
            if tie is not None:
                block = team.ties[ego.number, slot // LANES]
                for name in ON_TIE + MARKS:
                    block[name][slot % LANES] = getattr(tie, name)
    for line_row, counts in zip(team.ledger, model.ledger, strict=True):
        line_row[:] = [counts[name] for name in LEDGER]
    return team


def _store_line(line: ServiceLine, row: Any) -> None:
    for name in ON_LINE + OF_USUAL_CARE:
        row[name] = getattr(line, name)
    row["post"] = line.worker.number if line.worker is not None else -1
    row["slot"] = line.ego.slots.index(line.tie) if line.tie is not None else -1
