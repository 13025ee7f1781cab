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
MEMBER_FILES = "*attributeList*.csv"
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
    where = (
        _where(folder, ego_files, "*ego.csv"), _where(folder, node_files, MEMBER_FILES),
    )  # fmt: skip
    needed = [(EGO, egos, where[0]), (CASE, egos, where[0]), (EGO, nodes, where[1])]
    if "alter_id" not in given.columns:
        needed.append((NODE, nodes, where[1]))
    for name, frame, what in needed:
        if name not in frame:
            faults.add(what, f"there is no column {name}")
    faults.check()
    twice = egos[EGO].duplicated() & (egos[EGO] != "")
    if twice.any():
        faults.add(where[0], f"a session is there twice ({EGO})", ego_lines[twice].tolist())
    interviews, note = _interviews(egos, given)
    members = _members(nodes, interviews, given)
    return (
        replace(sheet_of(interviews, where[0]), lines=ego_lines, notes=note),
        replace(sheet_of(members, where[1]), lines=node_lines),
    )


def _interviews(egos: pd.DataFrame, given: PilotMap) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Sessions with person, wave and status; and how the waves were found."""
    found = _only(egos, "ego_pid", given, CASE)
    heads = {plain_word(head) for head in found.columns}
    if not heads & set(names_of("interview_status", given)):
        finished = found["sessionFinish"] != "" if "sessionFinish" in found else True
        found = found.assign(interview_status=np.where(finished, "complete", "partial"))
    if heads & set(names_of("wave", given)):
        return found, ()
    order = found["sessionStart"] if "sessionStart" in found else found[EGO]
    turn = found.assign(_start=order).groupby("ego_pid")["_start"].rank(method="first")
    note = (
        "sessions of a case are taken for its waves, in the order in which they began, so that "
        "after a missed wave a person is a wave too early; an ego variable wave would say which",
    )
    return found.assign(wave=turn.astype(int).astype(str)), note


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
