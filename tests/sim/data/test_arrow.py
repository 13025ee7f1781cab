"""Arrow arrays from memory say what `pyarrow.array` would, and load no pandas."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from sim.data.arrow import plain_values, text_array, text_bytes, text_scalar, value_array

NULL = np.array([False, True, False] * 4)


@pytest.mark.parametrize(
    "values",
    [
        np.arange(12, dtype=np.int32), np.arange(12) - 5, np.linspace(0, 1, 12),
        np.linspace(0, 1, 12).astype(">f4"), np.arange(24, dtype=np.int16)[::2],
        np.arange(12) % 3 == 0, np.arange(12).astype("datetime64[D]"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("null", [None, NULL, np.zeros(12, bool), np.ones(12, bool)])
def test_values_and_gaps_are_those_of_pyarrow(values, null):
    made = value_array(values, null)
    made.validate(full=True)
    native = values.astype(values.dtype.newbyteorder("="))
    assert made.equals(pa.array(native, mask=null))


@pytest.mark.parametrize("texts", [[], ["", "a", "é", 'quote"', "\n"]])
def test_texts_are_those_of_pyarrow(texts):
    made = text_array(texts)
    made.validate(full=True)
    assert made.equals(pa.array(texts, type=pa.string()))
    assert [text_scalar(text).as_py() for text in [*texts, None]] == [*texts, None]


def test_a_missing_text_may_be_anything_and_another_must_be_text():
    assert text_array(["a", None], np.array([False, True])).to_pylist() == ["a", None]
    with pytest.raises(TypeError, match="3 is a int"):
        text_array(["a", 3])


def test_bytes_are_taken_as_a_whole():
    texts = np.array([b"", b"a", b"long", b"SYN-222222K"])
    for null in (None, np.array([False, True, False, True])):
        made = text_array(texts, null)
        made.validate(full=True)
        assert made.equals(pa.array([t.decode() for t in texts.tolist()], pa.string(), mask=null))
    with pytest.raises(UnicodeError, match="not ASCII"):
        text_array(np.array(["é".encode()]))
    assert text_array(texts[:0]).to_pylist() == []


def test_lengths_and_bytes_of_texts_come_back_from_a_slice_with_gaps():
    column = pa.array(["left out", "é", None, "", "abc"])
    lengths, text = text_bytes(column.slice(1))
    assert (lengths.tolist(), bytes(text)) == ([2, 0, 0, 3], "éabc".encode())
    assert [len(part) for part in text_bytes(column.slice(0, 0))] == [0, 0]


def test_plain_values_come_back_from_a_slice_with_gaps():
    made = value_array(np.arange(12.0), NULL)
    assert plain_values(made.slice(2, 4)).tolist() == [2, 3, 0, 5]
    assert plain_values(value_array(np.arange(3) > 0).slice(1)).tolist() == [1, 1]
    assert plain_values(value_array(np.zeros(0))).tolist() == []


def test_building_and_writing_a_table_loads_no_pandas():
    program = (
        "import sys, numpy as np\n"
        "from sim.data import serialise, tables\n"
        "columns = {'ego_pid': np.array(['SYN-222222C']), 'ego_num': np.array([1]),"
        " 'variable': np.array(['care_coordinator_id']), 'code': np.array([-7])}\n"
        "made = tables.build('persons_miss', {k: columns[k] for k in KEYS})\n"
        "serialise.csv_bytes('persons_miss', made), serialise.parquet_bytes(made)\n"
        "tables.digest(made), tables.check_keys({'persons_miss': made})\n"
        "print('pandas' in sys.modules)"
    )
    from sim.data import codebook

    keys = [c.name for c in codebook.table("persons_miss").columns if c.name != "synthetic"]
    run = subprocess.run(
        [sys.executable, "-c", program.replace("KEYS", repr(keys))], capture_output=True, text=True
    )
    assert run.stdout.strip() == "False", run.stderr
