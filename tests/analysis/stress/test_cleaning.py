"""Cleaned tables against the log: nothing done scores nothing, everything undone scores all."""

import csv
import io
import json
import math

import pandas as pd
import pyarrow as pa
import pytest

from analysis.stress.cleaned import NotCleaned, cleaned_file
from analysis.stress.cleaning import CleaningScore, scores_told, told_of, tried_cleaning
from analysis.stress.cleaning_shares import cleaning_shares
from analysis.stress.code import Limits, user_code
from analysis.stress.collected import as_collected, as_table
from analysis.stress.errors_made import file_errors
from analysis.stress.ladder_words import cleaning_in_words
from analysis.stress.result import spec_of_stress
from analysis.stress.run import CLEANING, Hands, rows_of_run
from analysis.stress.workers.hand import ON_HAND, Hand
from analysis.stress.workers.serve import parted
from sim.data import serialise
from sim.data.errors.log import LogEntry
from sim.data.errors.sheets import csv_rows
from sim.study.error_kinds import error_kinds
from sim.world.streams import key_of

OF_FILES = [name for name, kind in error_kinds().items() if kind.sort == "file"]
MORE = {"wrong_ids": 0.1, "objects_as_people": 0.9, "groups": 0.2, "role_alias": 0.9}
"""Rates at which a study of twelve people has some of each."""


def rate_of(kind):
    return MORE.get(kind, error_kinds()[kind].high)


def given_with(clean, rates, replicate=0):
    return as_collected(clean, rates, key_of(1, replicate), ON_HAND)


def frame_of(given, name="alters"):
    return as_table(name, given[name]).to_pandas(date_as_object=False)


def file_of(frame):
    return frame.to_csv(index=False, na_rep="NA").encode()


def scored(given, *frames, as_tables=True):
    """Scores by table of frames that come back as `alters`, or of pairs of name and bytes."""
    came = [("alters", file_of(one)) if isinstance(one, pd.DataFrame) else one for one in frames]
    scores, faults = tried_cleaning(came, given, as_tables=as_tables)
    return {one.table: one for one in scores}, faults


def copies(given):
    """Files as a program has them."""
    return [
        (name, one if isinstance(one, bytes) else serialise.csv_bytes(name, one))
        for name, one in given.items()
    ]


@pytest.mark.parametrize("kinds", [*([one] for one in OF_FILES), OF_FILES], ids="+".join)
def test_code_that_does_nothing_finds_nothing(clean, kinds):
    errors = 0
    for replicate in range(2):
        given = given_with(clean, {kind: rate_of(kind) for kind in kinds}, replicate)
        as_frames = [(name, file_of(frame_of(given, name))) for name in ON_HAND]
        for came, as_tables in ((copies(given), False), (as_frames, True)):
            for one in scored(given, *came, as_tables=as_tables)[0].values():
                assert one.changed == one.right == 0
                assert all(found == mended == 0 for _, found, mended in one.kinds.values())
                errors += sum(n for n, _, _ in one.kinds.values())
    assert errors > 0


@pytest.mark.parametrize("kinds", [*([one] for one in OF_FILES), OF_FILES], ids="+".join)
def test_code_that_undoes_everything_finds_and_repairs_all_and_touches_nothing_else(clean, kinds):
    undone = [(name, serialise.csv_bytes(name, clean[name])) for name in ON_HAND]
    errors = 0
    for replicate in range(2):
        given = given_with(clean, {kind: rate_of(kind) for kind in kinds}, replicate)
        found, faults = scored(given, *undone, as_tables=False)
        assert not faults
        for one in found.values():
            assert all(n == detected == mended for n, detected, mended in one.kinds.values())
            assert one.changed == one.right
            errors += sum(n for n, _, _ in one.kinds.values())
    assert errors > 0


def test_errors_are_counted_from_the_log_as_they_are_when_tables_come(clean):
    given = given_with(clean, {kind: rate_of(kind) for kind in OF_FILES})
    came, _ = scored(given, *copies(given), as_tables=False)
    none, _ = scored(given)
    counts = [
        {table: {kind: n for kind, (n, _, _) in one.kinds.items()} for table, one in found.items()}
        for found in (came, none)
    ]
    assert counts[1] == {table: kinds for table, kinds in counts[0].items() if kinds}
    assert not any(one.came for one in none.values())


def test_of_a_member_entered_twice_either_row_may_stay(clean):
    given = given_with(clean, {"duplicates": 0.3})
    alters = frame_of(given).sort_values("alterID")
    (n, *_) = scored(given)[0]["alters"].kinds["duplicates"]
    assert n > 3
    for keep, repaired in (("first", n), ("last", None)):
        once = alters.drop_duplicates(["egoID", "alter_id"], keep=keep)
        one = scored(given, once)[0]["alters"]
        assert one.kinds["duplicates"][:2] == (n, n)
        assert (one.changed, one.right) == (n, n)
        if repaired is not None:
            assert one.kinds["duplicates"][2] == repaired
        else:  # every second row that was added has a slip in the name
            assert 0 < one.kinds["duplicates"][2] < n
    neither = alters.drop_duplicates(["egoID", "alter_id"], keep=False)
    one = scored(given, neither)[0]["alters"]
    assert one.kinds["duplicates"] == (n, n, 0)
    assert (one.changed, one.right) == (2 * n, n)


def test_what_is_changed_without_need_costs_precision_and_not_recall(clean):
    given = given_with(clean, {"heaping": 0.3})
    alters = frame_of(given)
    cells = file_errors("alters", given.entries).cells
    column = next(column for _, column in cells)
    changed = alters.assign(circle=9)
    one = scored(given, changed)[0]["alters"]
    assert (one.changed, one.right) == (int((alters.circle != 9).sum()), 0)
    assert one.kinds["heaping"][1] == 0
    emptied = alters.assign(**{column: None})
    one = scored(given, emptied)[0]["alters"]
    _, detected, repaired = one.kinds["heaping"]
    assert one.right == detected == sum(name == column for _, name in cells)
    assert repaired == 0
    assert one.changed > one.right


def test_a_column_that_is_left_out_detects_nothing_and_rows_that_are_do(clean):
    given = given_with(clean, {"heaping": 0.3})
    alters = frame_of(given)
    errors = file_errors("alters", given.entries)
    columns = {column for _, column in errors.cells}
    one = scored(given, alters.drop(columns=list(columns)))[0]["alters"]
    assert (one.kinds["heaping"][1], one.changed) == (0, 0)
    one = scored(given, alters.iloc[:0])[0]["alters"]
    n, detected, repaired = one.kinds["heaping"]
    assert n == detected > repaired == 0
    assert one.changed == len(alters)
    assert one.right == len({row for row, _ in errors.cells}) < len(alters)


def test_rows_that_are_made_up_are_wrong_and_those_that_are_restored_right(clean):
    for replicate in range(20):  # at some sites objects are left out, at others made friends
        given = given_with(clean, {"objects_as_people": 0.9}, replicate)
        errors = file_errors("alters", given.entries)
        if errors.dropped:
            break
    assert errors.dropped
    alters = frame_of(given)
    strange = alters.iloc[:2].assign(alterID=[900, 901])
    one = scored(given, pd.concat([alters, strange]))[0]["alters"]
    assert (one.changed, one.right) == (2, 0)
    twice = pd.concat([alters, alters.iloc[:3]])
    one = scored(given, twice)[0]["alters"]
    assert (one.changed, one.right) == (3, 0)
    whole = clean["alters"].to_pandas(date_as_object=False)
    key = whole.apply(lambda row: f"egoID={row.egoID} alterID={row.alterID}", axis=1)
    again = pd.concat([alters, whole[key.isin(errors.dropped)]])
    one = scored(given, again)[0]["alters"]
    assert (one.changed, one.right) == (len(errors.dropped), len(errors.dropped))
    assert one.kinds["objects_as_people"][1] == len(errors.dropped)


def test_another_order_and_another_spelling_are_no_change(clean):
    given = given_with(clean, {"duplicates": 0.3})
    alters = frame_of(given).sample(frac=1, random_state=1)
    alters = alters[sorted(alters.columns)].astype({"circle": float})
    rows = [[str(cell).replace("True", "TRUE") for cell in row] for row in alters.to_numpy()]
    sink = io.StringIO()
    csv.writer(sink, quoting=csv.QUOTE_ALL).writerows([list(alters.columns), *rows])
    one = scored(given, ("alters", sink.getvalue().encode()))[0]["alters"]
    assert one.changed == 0


def test_a_missing_code_may_become_an_empty_cell(clean):
    given = given_with(clean, {"duplicates": 0.3})
    egos = frame_of(given, "egos")
    egos.loc[0, "hccq"] = -7
    given["egos"] = pa.Table.from_pandas(egos, given["egos"].schema, preserve_index=False)
    for cell, changes in ((None, 0), (3.0, 1)):
        mine = egos.copy()
        mine.loc[0, "hccq"] = cell
        assert scored(given, ("egos", file_of(mine)))[0]["egos"].changed == changes


def test_a_cell_that_says_in_the_end_what_it_did_has_no_error():
    def entry(before, after, kind):
        return LogEntry("as_collected/alters.csv", "egoID=101 alterID=1", 1, "circle", before,
                        after, kind)  # fmt: skip

    there = file_errors("alters", [entry("1", "3", "recoding"), entry("3", "2", "heaping")])
    ((_, one),) = there.cells.items()
    assert (one.before, one.after, one.kinds) == ("1", "2", ("recoding", "heaping"))
    assert dict(there.counts()) == {"recoding": 1, "heaping": 1}
    back = file_errors("alters", [entry("1", "3", "recoding"), entry("3", "1", "heaping")])
    assert not back.cells
    assert not dict(file_errors("egos", [entry("1", "3", "recoding")]).counts())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("alter", b"a\n1\n", 'did you mean "alters"?'),
        ("items", b"a\n1\n", "no table 'items' to clean; there are persons, egos"),
        ("alters", b"egoID,circle\n101,1\n", "has no column alterID"),
        ("alters", b"egoID,alterID\n101\n", "row 1 has 1 cells where the header has 2"),
        ("alters", b"egoID,alterID,egoID\n", "has the column egoID twice"),
        ("alters", b"\xff\xfe", "cannot be read"),
        ("alters", b"", "has no column egoID, alterID"),
        ("alters", b"egoID,alterID\n" + b"101,1\n" * 9000, "has 9000 rows where about"),
        ("alters", None, "is no file"),
    ],
)
def test_what_is_no_cleaned_table_is_said(clean, name, data, said):
    given = given_with(clean, {"duplicates": 0.3})
    with pytest.raises(NotCleaned, match=None) as error:
        cleaned_file(name, data, given.get(name), "", as_tables=True)
    assert said in str(error.value)
    scores, faults = scored(given, (name, data))
    assert [one for one, _ in faults] == [name]
    assert scores["alters"].kinds["duplicates"][1] == 0


def test_ways_of_writing_count_where_the_code_could_see_them(clean):
    found = set()
    for replicate in range(60):
        given = given_with(clean, {"locale": 1.0}, replicate)
        told = {(one.file.split("/")[1][:-4], one.after) for one in given.entries}
        found |= told
        if not told:  # of a file that no analysis gets
            continue
        ((name, way),) = told
        mended = (name, serialise.csv_bytes(name, clean[name]))
        for_program = scored(given, mended, as_tables=False)[0][name].kinds
        assert for_program == {"locale": (1, 1, 1)}
        for_function = scored(given, mended, as_tables=True)[0][name].kinds
        seen = way in ("semicolons, decimal commas", "dates with the day first")
        assert for_function == ({"locale": (1, 1, 1)} if seen else {})
    assert {name for name, _ in found} == set(ON_HAND)
    assert len({way for _, way in found}) == 4


def test_a_score_is_told_and_read_back():
    score = CleaningScore("alters", {"duplicates": (3, 2, 1)}, 5, 4, came=True)
    assert scores_told(told_of([score])) == [score]
    assert scores_told("") == []


def rows_told(*studies):
    told = [json.dumps([one._asdict() for one in scores]) for scores in studies]
    n = len(told)
    return pa.table(
        {"condition": ["files"] * n, "replicate": range(n), "world": range(n), CLEANING: told}
    )


def score(n, d, r, changed=0, right=0, came=True):
    return CleaningScore("alters", {"duplicates": (n, d, r)}, changed, right, came)


def test_shares_are_over_studies_and_a_study_without_a_table_counts():
    table = rows_told(
        [score(10, 10, 5, 20, 10)], [score(10, 5, 5, 0, 0)], [score(20, 0, 0, came=False)]
    )
    whole, kind = cleaning_shares(table, CLEANING)
    assert (whole.kind, kind.kind) == ("", "duplicates")
    assert kind.errors == pytest.approx(40 / 3)
    assert kind.detected.value == pytest.approx(15 / 40)
    off = [10 - 10 * 15 / 40, 5 - 10 * 15 / 40, -20 * 15 / 40]
    expected = math.sqrt(3 / 2 * sum(one**2 for one in off)) / 40
    assert kind.detected.mcse == pytest.approx(expected)
    assert kind.repaired.value == pytest.approx(10 / 40)
    assert (whole.changed, whole.precision.value) == (pytest.approx(20 / 3), 0.5)
    assert (whole.came, whole.studies) == (2, 3)
    said = "\n".join(cleaning_in_words([whole, kind]))
    assert "came back from 2 of 3 studies only" in said
    assert f"0.38 ± {expected:.2f} are detected" in said


def test_tables_that_never_came_have_no_shares():
    assert cleaning_shares(rows_told([score(9, 0, 0, came=False)]), CLEANING) == []
    assert cleaning_in_words([]) == []


def test_what_a_function_returns_is_parted():
    alters, rows = pd.DataFrame({"a": [1]}), {"m": {"estimate": 1}}
    assert parted(rows) == (rows, {})
    assert parted([1]) == ([1], {})
    estimates, cleaned = parted({"cleaned": {"alters": alters}, "estimates": rows})
    assert estimates == rows
    assert cleaned["alters"] is alters
    assert parted({"cleaned": {"alters": alters}})[0] == {}
    term = {"cleaned": {"estimate": 1.0, "lo": 0.0, "hi": 2.0}}
    assert parted(term) == (term, {})


@pytest.mark.parametrize(
    "found",
    [
        {"cleaned": pd.DataFrame({"a": [1]})},
        {"cleaned": {"alters": pd.DataFrame({"a": [1]}), "egos": 3}},
        {"cleaned": {"../alters": pd.DataFrame({"a": [1]})}},
        {"cleaned": {"alters": pd.DataFrame({"a": [1]})}, "m": {"estimate": 1}},
    ],
    ids=["a table alone", "not all tables", "a path", "a term beside"],
)
def test_what_cannot_be_parted_is_refused(found):
    with pytest.raises(TypeError, match="cleaned"):
        parted(found)


CLEANER = """
# estimates: n = mean map_size 26
def fit(study):
    alters = study.alters.drop_duplicates(["egoID", "alter_id"])
    last = study.egos[study.egos.wave == 2]
    n = alters[alters.wave == 2].groupby("egoID").size().reindex(last.egoID, fill_value=0).mean()
    cleaned = {"alters": alters} if study.seed % 2 else {"alters": alters.drop(columns="alterID")}
    return {"cleaned": cleaned, "estimates": {"n": {"estimate": n, "lo": n - 1, "hi": n + 1}}}
"""


def test_a_run_has_scores_and_a_row_for_each_table_that_cannot_be_used(write, small_study):
    spec = spec_of_stress(
        user_code(write(CLEANER)), small_study, conditions=["clean", "duplicates"], seed=5
    )
    with Hands(spec) as hands:
        rows = rows_of_run(spec, hands, range(6))
    bad = [one for one in rows.to_pylist() if one["term"] == "cleaned alters"]
    assert {one["status"] for one in bad} == {"malformed"}
    assert "has no column alterID" in bad[0]["log"]
    whole = {one.condition: one for one in cleaning_shares(rows, CLEANING) if not one.kind}
    for one in whole.values():
        assert 0 < one.came < one.studies == 6
        assert one.came + len(bad) / 2 == 6
    assert whole["clean"].changed == whole["clean"].errors == 0
    assert 0 < whole["duplicates"].detected.value < 1
    assert whole["duplicates"].precision.value == 1
    estimates = [one for one in rows.to_pylist() if one["term"] == "n"]
    assert {one["status"] for one in estimates} == {"usable"}


def test_a_program_writes_cleaned_files_beside_its_estimates(tmp_path, clean):
    script = tmp_path / "fit.sh"
    script.write_text(
        "cp alters.csv cleaned-alters.csv\nln -s alters.csv cleaned-egos.csv\n"
        "printf 'term,estimate,lo,hi\\nn,1,0,2\\n' > estimates.csv\n"
    )
    given = given_with(clean, {"duplicates": 0.3})
    with Hand(user_code(f"sh {script}"), Limits()) as hand:
        reply = hand.ask(given, 1)
    assert reply.ended == "answered"
    assert dict(reply.cleaned)["alters"] == given["alters"]
    assert csv_rows(dict(reply.cleaned)["alters"].decode())[0] == clean["alters"].column_names
    assert dict(reply.cleaned)["egos"] is None
