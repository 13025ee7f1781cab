"""An export of Network Canvas: a set of CSV files for each session, or one set for all.

A session is an interview, its case the person. The software knows no member again at the next
session, so unless the protocol asked for an id of its own, nothing is said of who stayed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.pilots.faults import Faults
from analysis.pilots.given import PilotMap
from analysis.pilots.sheet import Sheet, open_sheet, sheet_of
from analysis.pilots.wide import frame_of, names_of
from analysis.pilots.words import plain_word

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["is_export", "read_export"]

EGO, CASE, NODE = "networkCanvasEgoUUID", "networkCanvasCaseID", "networkCanvasUUID"
NAMED = re.compile(r"attributeList(?:_(?P<type>.*))?$")
PEOPLE = ("", "person", "people", "alter", "node")
"""Types of node that say nothing of what a member is."""


def is_export(folder: Path) -> bool:
    """Whether a folder holds an export of Network Canvas."""
    return any(folder.glob("*attributeList*.csv")) and any(folder.glob("*ego.csv"))


def read_export(folder: Path, given: PilotMap, faults: Faults) -> tuple[Sheet, Sheet]:
    """Sessions and nodes as two long tables."""
    files = sorted(folder.glob("*.csv"))
    ego_files = [one for one in files if re.search(r"(^|_)ego$", one.stem)]
    node_files = [one for one in files if NAMED.search(one.stem)]
    egos, ego_lines = _together(ego_files, faults)
    nodes, node_lines = _together(node_files, faults)
    note = ""
    for name, frame, what in ((EGO, egos, "*ego.csv"), (EGO, nodes, "*attributeList*.csv"),
                              (CASE, egos, "*ego.csv")):  # fmt: skip
        if name not in frame:
            faults.add(f"{folder}/{what}", f"there is no column {name}")
    faults.check()
    egos = _only(egos, "ego_pid", given, CASE)
    if not {plain_word(head) for head in egos.columns} & set(names_of("wave", given)):
        order = egos["sessionStart"] if "sessionStart" in egos else egos[EGO]
        turn = egos.assign(_start=order).groupby("ego_pid")["_start"].rank(method="first")
        egos = egos.assign(wave=turn.astype(int).astype(str))
        note = "sessions of a case are taken for its waves, in the order in which they began"
    if not {plain_word(head) for head in egos.columns} & set(names_of("interview_status", given)):
        finished = egos["sessionFinish"] != "" if "sessionFinish" in egos else True
        egos = egos.assign(interview_status=np.where(finished, "complete", "partial"))
    nodes = _members(nodes, egos, given)
    where = (_where(folder, ego_files, "*ego.csv"),
             _where(folder, node_files, "*attributeList*.csv"))  # fmt: skip
    return (
        replace(sheet_of(egos, where[0]), lines=ego_lines, notes=(note,) if note else ()),
        replace(sheet_of(nodes, where[1]), lines=node_lines),
    )


def _where(folder: Path, files: list[Path], pattern: str) -> str:
    return str(files[0]) if len(files) == 1 else f"{folder}/{pattern} (rows of all, in order)"


def _together(files: list[Path], faults: Faults) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows of several files, with the type of node that their names say, and their lines."""
    import pandas as pd

    parts, lines = [], []
    for file in files:
        sheet = open_sheet(file, faults)
        found = NAMED.search(file.stem)
        kind = (found["type"] or "") if found else ""
        parts.append(frame_of(sheet).assign(node_type=kind))
        lines.append(sheet.lines)
    frame = pd.concat(parts, ignore_index=True).fillna("")
    whole = lines[0] if len(files) == 1 else np.arange(1, len(frame) + 1)
    return frame, whole


def _only(frame: pd.DataFrame, column: str, given: PilotMap, usual: str) -> pd.DataFrame:
    """The frame with our column made of the usual one, unless the user names or it has another."""
    wanted = {plain_word(one) for one in given.columns.get(column, ())}
    for head in frame.columns:
        if plain_word(head) in wanted:
            return frame.assign(**{column: frame[head]})
    return frame if column in frame else frame.assign(**{column: frame[usual]})


def _members(nodes: pd.DataFrame, egos: pd.DataFrame, given: PilotMap) -> pd.DataFrame:
    """Nodes with person and wave of their session, and choices put together again."""
    wave = next(head for head in egos.columns if plain_word(head) in names_of("wave", given))
    first = egos.drop_duplicates(EGO).set_index(EGO)
    whose = nodes.drop(columns=[h for h in ("ego_pid", wave) if h in nodes])
    whose = whose.assign(
        ego_pid=whose[EGO].map(first["ego_pid"]).fillna("no session of this node"),
        **{wave: whose[EGO].map(first[wave]).fillna("1")},
    )
    whose = _only(whose, "alter_id", given, NODE)
    for column in ("tie_class", "tie_kind"):
        whose = _chosen(whose, column, given)
    known = {plain_word(head) for head in whose.columns}
    if not known & {*names_of("tie_class", given), *names_of("tie_kind", given)}:
        return whose.assign(tie_class=whose["node_type"])
    if not known & set(names_of("tie_class", given)):
        typed = ~whose["node_type"].str.casefold().isin(PEOPLE)
        whose = whose.assign(tie_class=whose["node_type"].where(typed, ""))
    return whose


def _chosen(nodes: pd.DataFrame, column: str, given: PilotMap) -> pd.DataFrame:
    """A choice that the export spreads over columns of true and false, as one column."""
    names = names_of(column, given)
    if {plain_word(head) for head in nodes.columns} & set(names):
        return nodes
    for name in names:
        spread = [h for h in nodes.columns if plain_word(h).startswith(f"{name}_")
                  and nodes[h].str.casefold().isin(("true", "false", "")).all()]  # fmt: skip
        if spread:
            chosen = nodes[spread].apply(lambda one: one.str.casefold() == "true").to_numpy()
            words = np.array([plain_word(head).removeprefix(f"{name}_") for head in spread])
            which = np.where(chosen.sum(axis=1) == 1, words[chosen.argmax(axis=1)], "")
            return nodes.assign(**{column: which})
    return nodes
