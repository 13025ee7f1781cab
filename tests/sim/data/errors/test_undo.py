"""Every error is in the log, and the log takes every error back."""

import numpy as np
import pytest

from sim.data import codebook, serialise, tables
from sim.data.errors.corrupt import MAKERS, corrupted
from sim.data.errors.log import LINKED, read_log
from sim.data.errors.sheets import csv_rows
from sim.data.errors.undo import errors_undone
from sim.study.error_kinds import error_kinds
from sim.world.streams import key_of

FILES = {name: kind for name, kind in error_kinds().items() if kind.sort == "file"}


def entries(log):
    return read_log(tables.build("truth/corruption_log", log))


def undone(made):
    files = {**made.files, LINKED: serialise.csv_bytes("alters", made.alters)}
    return files, errors_undone(files, entries(made.log))


def before(clean_tables, clean_bytes):
    return {**clean_bytes, LINKED: serialise.csv_bytes("alters", clean_tables["alters"])}


@pytest.mark.parametrize("kind", FILES)
def test_a_kind_alone_is_undone_to_the_byte(kind, clean_tables, clean_bytes):
    rate = max(FILES[kind].high, 0.5) if FILES[kind].range[1] <= 1 else FILES[kind].high
    rate = min(rate, FILES[kind].range[1])
    made = corrupted(clean_tables, {kind: rate}, key_of(1))
    files, found = undone(made)
    assert found == before(clean_tables, clean_bytes)
    assert files != found
    assert {entry.kind for entry in entries(made.log)} == {kind}


@pytest.mark.parametrize(("level", "seed"), [("low", 0), ("typical", 1), ("high", 2), ("high", 3)])
def test_all_kinds_together_are_undone_to_the_byte(level, seed, clean_tables, clean_bytes):
    rates = {name: kind.rate(level) for name, kind in FILES.items()}
    made = corrupted(clean_tables, rates, key_of(seed))
    files, found = undone(made)
    assert found == before(clean_tables, clean_bytes)
    assert files != found


@pytest.mark.parametrize("kind", FILES)
def test_a_rate_of_0_changes_nothing(kind, clean_tables, clean_bytes):
    made = corrupted(clean_tables, {kind: 0.0}, key_of(1))
    assert made.files == clean_bytes
    assert made.alters is clean_tables["alters"]
    assert len(made.log["kind"]) == 0


def test_conditions_are_no_errors_of_files(clean_tables, clean_bytes):
    assert corrupted(clean_tables, {"forgotten": 0.3}, key_of(1)).files == clean_bytes


def test_what_is_not_in_the_log_is_as_it_was(clean_tables, clean_bytes):
    """Cell by cell: a cell differs from the clean file if and only if the log has it."""
    rates = {
        "aliases": 0.3,
        "heaping": 0.3,
        "dates": 0.2,
        "item_nonresponse": 0.2,
        "wrong_ids": 0.2,
    }
    made = corrupted(clean_tables, rates, key_of(3))
    logged = {(one.file, one.row_number, one.variable) for one in entries(made.log)}
    different = set()
    for path, data in made.files.items():
        header, *rows = csv_rows(data.decode())
        for number, (row, was) in enumerate(
            zip(rows, csv_rows(clean_bytes[path].decode())[1:], strict=True), 1
        ):
            different |= {
                (path, number, name)
                for name, cell, old in zip(header, row, was, strict=True)
                if cell != old
            }
    assert different == logged


def test_the_key_of_a_row_finds_it_in_the_linked_table(clean_tables):
    made = corrupted(clean_tables, {"aliases": 0.3, "wrong_ids": 0.3}, key_of(1))
    alters = clean_tables["alters"]
    keys = {
        f"egoID={ego} alterID={alter}": name
        for ego, alter, name in zip(
            *(alters[one].to_pylist() for one in ("egoID", "alterID", "alter_name")), strict=True
        )
    }
    renamed = [one for one in entries(made.log) if one.kind == "aliases"]
    assert renamed
    assert {keys[one.row_key] == one.before for one in renamed} == {True}


def test_the_same_key_makes_the_same_errors_and_another_makes_others(clean_tables):
    rates = {name: kind.typical for name, kind in FILES.items()}
    one, again, other = (corrupted(clean_tables, rates, key_of(seed)).files for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_files_as_collected_know_nobody_from_interview_to_interview(clean_bytes):
    for path, data in clean_bytes.items():
        header, *rows = csv_rows(data.decode())
        assert not {"alter_id", "staff_id", "same_person_as_last_wave"} & set(header)
        assert header == [one.name for one in codebook.table(path.removesuffix(".csv")).columns]
        assert {row[-1] for row in rows} == {"TRUE"}


@pytest.mark.parametrize(
    "kind", ["aliases", "duplicates", "groups", "dates", "heaping", "straight_lining", "namesakes",
             "role_alias", "tie_rows", "wrong_ids"],
)  # fmt: skip
def test_people_who_join_change_nobody_elses_errors(kind, clean_tables):
    pids = clean_tables["persons"]["ego_pid"].to_pylist()[:14]
    egos = [one for one in clean_tables["egos"]["egoID"].to_pylist() if one < 1500]
    few = {}
    for name, table in clean_tables.items():
        has_pids = "ego_pid" in table.column_names
        column, kept = ("ego_pid", pids) if has_pids else ("egoID", egos)
        few[name] = table.filter(np.isin(np.array(table[column].to_pylist()), kept))

    def of_few(made):
        keys = {f"egoID={ego}" for ego in egos} | {f"ego_pid={pid}" for pid in pids}
        return [
            (one.file, one.row_key, one.variable, one.after)
            for one in entries(made.log)
            if one.row_key.split()[0] in keys
        ]

    everybody, fewer = (
        of_few(corrupted(one, {kind: 0.4}, key_of(5))) for one in (clean_tables, few)
    )
    assert fewer
    assert everybody == fewer


def test_every_kind_of_errors_of_files_is_made():
    assert {*MAKERS, "linkage"} == set(FILES)
