"""Arrays become tables only if they agree with the codebook."""

import numpy as np
import pyarrow as pa
import pytest

from sim.data import tables
from sim.data.codebook import CodebookError, table
from sim.study.texts import Texts


def test_columns_in_the_codebooks_order_with_the_watermark(arrays):
    for name, columns in arrays.items():
        shuffled = dict(sorted(columns.items(), reverse=True))
        made = tables.build(name, shuffled)
        assert made.schema.equals(tables.schema(name), check_metadata=True)
        assert made.column_names == [column.name for column in table(name).columns]
        assert made["synthetic"].to_pylist() == [True] * made.num_rows


def test_missing_codes_become_null_and_are_listed_with_their_row(arrays):
    made = tables.build("egos", arrays["egos"])
    assert made["hccq"].to_pylist() == [4.9, 5.05, 1.0, None]
    assert made["loneliness_score"].to_pylist() == [3.0, 9.0, None, None]
    listed = tables.missing_cells("egos", arrays["egos"]).to_pylist()
    row = {"egoID": 201, "variable": "loneliness_score", "code": -8, "synthetic": True}
    assert row in listed
    n_null = sum(made[name].null_count for name in made.column_names if name != "arm")
    assert len(listed) == n_null


def test_missing_codes_of_words_are_listed_too(arrays):
    made = tables.build("alters", arrays["alters"])
    assert made["alter_sex"].to_pylist()[1] is None
    row = {"egoID": 101, "alterID": 2, "variable": "alter_sex", "code": -5, "synthetic": True}
    assert row in tables.missing_cells("alters", arrays["alters"]).to_pylist()


def test_no_missing_cell_gives_an_empty_list(arrays):
    clean = {**arrays["persons"], "care_coordinator_id": np.array(["SYN-222222222C"] * 3)}
    assert tables.missing_cells("persons", clean).num_rows == 0


def test_nothing_is_null_that_was_not_missing(arrays):
    made = tables.build("truth/ties", arrays["truth/ties"])
    assert made["began_week"].to_pylist() == [-624, -7, 3], "-7 weeks is a week, not a code"
    assert made["ended_week"].to_pylist() == [None, 20, 40]
    weekly = tables.build("truth/weekly", arrays["truth/weekly"])
    assert weekly["wellbeing"].to_pylist()[1] == -7.0


def test_numbers_are_rounded_as_declared_and_zero_has_no_sign(arrays):
    columns = {**arrays["persons"], "weight": np.array([0.12344, 0.12346, -0.0])}
    made = tables.build("persons", columns)
    assert made["weight"].to_pylist() == [0.1234, 0.1235, 0.0]
    assert not np.signbit(made["weight"].to_numpy()[2])


def test_weekly_states_keep_every_bit(arrays):
    third = np.full(3, 1 / 3, dtype=np.float32)
    made = tables.build("truth/weekly", {**arrays["truth/weekly"], "guilt": third})
    assert made["guilt"].type == pa.float32()
    assert (made["guilt"].to_numpy() == third).all()


def test_an_empty_table_is_a_table(arrays):
    none = {name: values[:0] for name, values in arrays["aaties"].items()}
    assert tables.build("aaties", none).num_rows == 0
    words = {name: values[:0] for name, values in arrays["truth/missing"].items()}
    assert tables.build("truth/missing", words).num_rows == 0


@pytest.mark.parametrize(
    ("name", "column", "values", "problem"),
    [
        ("persons", "age_baseline", np.array([44.0, 31.0, 58.0]), "expected an integer array"),
        ("persons", "weight", np.array([1, 1, 1]), "expected a float array"),
        ("persons", "sex", np.array([1, 2, 1]), "expected an array of str"),
        ("persons", "sex", np.array(["female", 2, "male"], dtype=object), "an array of str"),
        ("persons", "recruit_date", np.array(["2015-03-02"] * 3), r"datetime64\[D\]"),
        ("persons", "recruit_date", np.array([0, 1, 2], "datetime64[s]"), r"datetime64\[D\]"),
        ("persons", "has_partner", np.array([0, 1, 2]), r"2 is not one of \[0, 1\]"),
        ("persons", "has_partner", np.array([0, 1, -7]), "-7 is not one of"),
        ("alters", "circle", np.array([1, 1, 1, 1, 1, tables.NA_INTEGER]), "without a code; give"),
        ("persons", "sex", np.array(["F", "male", "female"]), '"F" is not one of'),
        ("persons", "sex", np.array(["feemale", "male", "male"]), 'did you mean "female"'),
        ("persons", "sex", np.array(["", "male", "female"]), "1 values are missing"),
        ("persons", "sex", np.array([None, "male", "female"], dtype=object), "are missing"),
        ("persons", "sex", np.array(["-9", "male", "female"]), '"-9" is not one of'),
        ("persons", "arm", np.array(["NA", "control", "control"]), "read as missing"),
        ("persons", "ego_pid", np.array(["1", "SYN-222222D", "SYN-222222F"]), "does not look like"),
        ("persons", "age_baseline", np.array([44, 31, 300]), "300 is not between 16 and 110"),
        ("persons", "age_baseline", np.array([44, 31, -9]), "-9 is not between"),
        ("persons", "weight", np.array([1, np.inf, 1]), "inf is not between"),
        ("persons", "weight", np.array([1, np.nan, 1]), "missing without a code"),
        ("persons", "team", np.array([1, 2, 2**31]), "2147483648 is not between"),
        ("persons", "recruit_date", np.array(["NaT"] * 3, "datetime64[D]"), "are missing"),
        ("persons", "sex", np.array(["male"]), "of one length"),
    ],
)
def test_illegal_values_are_refused(arrays, name, column, values, problem):
    with pytest.raises(CodebookError, match=problem) as error:
        tables.build(name, {**arrays[name], column: values})
    assert name in str(error.value)


def coded(values, *unused):
    """The same text as codes of its labels, in an order of their own."""
    labels = np.array([*unused, *sorted(set(values.tolist()), reverse=True)], dtype=object)
    return Texts(np.array([labels.tolist().index(value) for value in values.tolist()]), labels)


def test_text_as_codes_of_labels_makes_the_same_tables(arrays):
    for name, columns in arrays.items():
        as_codes = {n: coded(v) if v.dtype.kind in "UO" else v for n, v in columns.items()}
        assert tables.build(name, as_codes).equals(tables.build(name, columns))
    columns = arrays["alters"]
    as_codes = {**columns, "alter_sex": coded(columns["alter_sex"], "-9", "")}
    listed = tables.missing_cells("alters", as_codes)
    assert listed.equals(tables.missing_cells("alters", columns))


def test_only_labels_that_occur_are_looked_at(arrays):
    sex = np.array(["male", "female", "male"])
    made = tables.build("persons", {**arrays["persons"], "sex": coded(sex, "", "-5", "F", "NA")})
    assert made["sex"].to_pylist() == sex.tolist()
    wrong = {**arrays["persons"], "sex": coded(np.array(["male", "F", "male"]))}
    with pytest.raises(CodebookError, match='"F" is not one of'):
        tables.build("persons", wrong)
    absent = {**arrays["persons"], "sex": coded(np.array(["", "male", ""]))}
    with pytest.raises(CodebookError, match="2 values are missing"):
        tables.build("persons", absent)


def test_labels_seen_before_are_looked_at_again_where_they_mean_something_else(arrays):
    labels = Texts(np.array([0, 1, 0]), np.array(["male", "female"]))
    made = tables.build("persons", {**arrays["persons"], "sex": labels})
    assert made["sex"].to_pylist() == ["male", "female", "male"]
    with pytest.raises(CodebookError, match='column ethnicity: "male" is not one of'):
        tables.build("persons", {**arrays["persons"], "ethnicity": labels})
    absent = Texts(np.array([0, 1, 0]), np.array(["male", ""]))
    with pytest.raises(CodebookError, match="1 values are missing"):
        tables.build("persons", {**arrays["persons"], "sex": absent})


def test_text_as_ascii_bytes(arrays):
    columns = {
        **arrays["persons"],
        "ego_pid": np.array([b"SYN-222222C", b"SYN-222222D", b"SYN-XXXXXXX"]),
    }
    made = tables.build("persons", columns)
    assert made["ego_pid"].to_pylist() == ["SYN-222222C", "SYN-222222D", "SYN-XXXXXXX"]
    with pytest.raises(CodebookError, match='"Q1" does not look like'):
        tables.build(
            "persons", {**columns, "ego_pid": np.array([b"SYN-222222C", b"Q1", b"SYN-222222F"])}
        )
    with pytest.raises(CodebookError, match="not ASCII"):
        tables.build("persons", {**columns, "sex": np.array([b"male", b"m\xc3le", b"male"])})


def test_missing_and_unknown_columns_are_refused(arrays):
    without = {k: v for k, v in arrays["persons"].items() if k != "team"}
    with pytest.raises(CodebookError, match="without column team"):
        tables.build("persons", without)
    with pytest.raises(CodebookError, match='unknown column "teem"; did you mean "team"'):
        tables.build("persons", {**without, "teem": arrays["persons"]["team"]})
    marked = {**arrays["persons"], "synthetic": np.ones(3, dtype=bool)}
    with pytest.raises(CodebookError, match='unknown column "synthetic"'):
        tables.build("persons", marked)


def test_keys_are_unique_and_find_their_row(built, arrays):
    tables.check_keys(built)
    dangling = {**arrays["aaties"], "Target": np.array([9])}
    with pytest.raises(CodebookError, match="egoID = 101, Target = 9 is not in table alters"):
        tables.check_keys({**built, "aaties": tables.build("aaties", dangling)})
    other = {**arrays["alters"], "egoID": np.full(arrays["alters"]["egoID"].size, 999)}
    with pytest.raises(CodebookError, match="two rows have the same egoID, alterID"):
        tables.check_keys({"alters": tables.build("alters", other)})
    twice = pa.concat_tables([built["persons"], built["persons"]])
    with pytest.raises(CodebookError, match="two rows have the same ego_pid"):
        tables.check_keys({"persons": twice})


def test_digest_says_what_the_table_says_and_nothing_else(arrays):
    made = tables.build("alters", arrays["alters"])
    again = tables.build("alters", {k: v.astype(v.dtype) for k, v in arrays["alters"].items()})
    chunked = pa.concat_tables([made.slice(0, 2), made.slice(2)])
    assert tables.digest(made) == tables.digest(again) == tables.digest(chunked)
    assert tables.digest(made) == tables.digest(made.replace_schema_metadata({"note": "x"}))
    other = {**arrays["alters"], "circle": np.array([1, 2, 1, 3, 3, -6])}
    assert tables.digest(tables.build("alters", other)) != tables.digest(made)


def test_digest_tells_null_from_zero_and_one_split_of_words_from_another():
    def of(values, kind):
        return tables.digest(pa.table({"x": pa.array(values, type=kind)}))

    assert of([0], pa.int32()) != of([None], pa.int32())
    assert of(["ab", "c"], pa.string()) != of(["a", "bc"], pa.string())
    assert of([""], pa.string()) != of([None], pa.string())
    assert of([1], pa.int32()) != of([1.0], pa.float32())


def test_digest_is_the_same_for_ever():
    """A change here means that nobody can compare with bundles written before."""
    every_type = {
        "whole": pa.array([1, None, -7], type=pa.int32()),
        "decimal": pa.array([0.5, -2.25, None], type=pa.float64()),
        "state": pa.array([0.1, 0.2, 0.3], type=pa.float32()),
        "words": pa.array(["", None, "é"], type=pa.string()),
        "mark": pa.array([True, False, True], type=pa.bool_()),
        "day": pa.array([16496, None, 0], type=pa.date32()),
    }
    assert tables.digest(pa.table(every_type)) == DIGEST


DIGEST = "fa23c881c75cbbda3e934d34d4fa4501ecf896a0e3f2613bae6832882feb0bd4"
