"""The same tables in CSV and Parquet, byte for byte the same each time."""

import csv
import io
import re
from pathlib import PurePath

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim.data import codebook, serialise, tables
from sim.study.missing import MISSING_CODES

IN_CSV = [one.name for one in codebook.tables().values() if "csv" in one.formats]


def test_csv_as_written(arrays):
    made = tables.build("truth/ties", arrays["truth/ties"])
    assert serialise.csv_bytes("truth/ties", made).decode() == (
        "ego_pid,alter_id,alter_name,alter_sex,alter_age,tie_kind,tie_class,began_week,ended_week,"
        "end_cause,knows_since_wave,dormant_weeks,staff_id,synthetic\n"
        "SYN-222222C,SYN-222222C-2222C,Ann417,female,43.25,partner,kin,-624,NA,NA,1,0,NA,TRUE\n"
        'SYN-222222C,SYN-222222C-2222D,"Bo, 12",male,30.00,peer,friend,-7,20,drift,NA,6,NA,TRUE\n'
        "SYN-222222D,SYN-222222D-2222D,NA,NA,NA,cpn,professional,3,40,turnover,2,0,SYN-222222222D,TRUE\n"
    )


def test_dates_decimals_and_quotes(built):
    persons = serialise.csv_bytes("persons", built["persons"]).decode().splitlines()
    assert persons[2].endswith(",bipolar,0,alone,1,1,0,0,NA,2015-03-09,1.2346,TRUE")
    assert persons[1].endswith(",1.0000,TRUE")
    alters = serialise.csv_bytes("alters", built["alters"]).decode()
    assert ',"Bo, 12",' in alters
    assert ',"the ""Hut"" 3",' in alters


@pytest.mark.parametrize("awkward", ["a,b", 'say "x"', "two\nlines", "cr\rlf\r\n", "é ü 7", " 1 "])
def test_awkward_text_survives(arrays, awkward):
    columns = {n: v[:1] for n, v in arrays["alters"].items()}
    made = tables.build("alters", {**columns, "alter_name": np.array([f"7{awkward}"])})
    data = serialise.csv_bytes("alters", made)
    assert serialise.read_csv("alters", data).equals(made)
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert rows[1][rows[0].index("alter_name")] == f"7{awkward}"


def test_csv_and_parquet_hold_the_same(built):
    for name, made in built.items():
        parquet = serialise.read_parquet(serialise.parquet_bytes(made))
        assert parquet.equals(made)
        assert tables.digest(parquet) == tables.digest(made)
        if "csv" in codebook.table(name).formats:
            text = serialise.read_csv(name, serialise.csv_bytes(name, made))
            assert text.equals(made), name
            assert tables.digest(text) == tables.digest(made)


@pytest.mark.parametrize("decimals", [0, 1, 2, 4])
def test_any_rounded_number_survives_csv(decimals):
    values = np.random.default_rng(1).normal(0, 1000, 5000)
    values = np.round(np.concatenate([values, [0.0, 0.5, -0.05, 1e8, -1e8]]), decimals) + 0.0
    text = serialise._fixed(pa.array(values), decimals).to_pylist()
    assert all(re.fullmatch(r"-?\d+" + rf"\.\d{{{decimals}}}" * (decimals > 0), t) for t in text)
    assert [float(t) for t in text] == values.tolist()
    assert text == [f"{value:.{decimals}f}" for value in values]


def test_no_missing_code_reaches_a_csv_file(built):
    codes = {*map(str, MISSING_CODES), *(f"{c}.0" for c in MISSING_CODES)}
    for name in ("persons", "egos", "items", "alters", "aaties", "attrition", "flow"):
        text = serialise.csv_bytes(name, built[name]).decode()
        cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
        assert not {cell for cell in cells if cell.rstrip("0").rstrip(".") in codes}
        assert "" not in cells, "missing is NA, never an empty cell"


def test_pandas_reads_na_as_missing(built):
    for name in ("persons", "egos", "items", "alters"):
        frame = pd.read_csv(io.BytesIO(serialise.csv_bytes(name, built[name])))
        expected = [column.null_count for column in built[name].columns]
        assert frame.isna().sum().tolist() == expected
        assert frame["synthetic"].dtype == bool


@pytest.mark.parametrize("name", IN_CSV)
def test_a_table_without_rows_has_its_columns(name):
    empty = tables.schema(name).empty_table()
    data = serialise.csv_bytes(name, empty)
    assert data.decode() == ",".join(empty.column_names) + "\n"
    assert serialise.read_csv(name, data).equals(empty)


def test_cells_are_those_of_the_csv_file(built):
    for name in set(IN_CSV) & set(built):
        text = serialise.csv_bytes(name, built[name]).decode()
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        for at, column in enumerate(header):
            cells = serialise.cell_texts(name, built[name], column)
            assert cells == [row[at] for row in rows], (name, column)


def test_cells_that_need_quotes_or_more_bytes_than_letters_stay_what_they_are(arrays):
    names = np.array(["a,b1", 'say "hi" 2', "Zo\u00eb3"], dtype=object)
    many = np.resize(names, len(arrays["alters"]["alter_name"]))
    made = tables.build("alters", {**arrays["alters"], "alter_name": many})
    assert serialise.cell_texts("alters", made, "alter_name") == many.tolist()


def test_the_same_bytes_each_time(arrays):
    for name, columns in arrays.items():
        first, second = (tables.build(name, columns) for _ in range(2))
        assert serialise.parquet_bytes(first) == serialise.parquet_bytes(second)
        if "csv" in codebook.table(name).formats:
            assert serialise.csv_bytes(name, first) == serialise.csv_bytes(name, second)


def test_unrounded_numbers_have_no_place_in_csv(built):
    with pytest.raises(codebook.CodebookError, match="fixed decimals"):
        serialise.csv_bytes("truth/weekly", built["truth/weekly"])


def test_recipes_are_reduced_to_plain_values():
    value = {"a": np.float32(0.5), 1: (np.int64(2), None), "n": float("nan"), "x": np.arange(2)}
    assert serialise.plain(value) == {"a": 0.5, "1": [2, None], "n": None, "x": [0, 1]}
    with pytest.raises(TypeError, match="cannot be part"):
        serialise.plain({"folder": PurePath("x")})


def test_hash_of_a_recipe_ignores_the_order_of_keys():
    one = serialise.canonical_hash({"a": 1, "b": {"c": 0.1, "d": 2}})
    assert one == serialise.canonical_hash({"b": {"d": 2, "c": 0.1}, "a": 1})
    assert one != serialise.canonical_hash({"a": 1, "b": {"c": 0.2, "d": 2}})
