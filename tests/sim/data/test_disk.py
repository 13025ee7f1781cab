"""Files as they may lie on disk: what cannot be read is named, and nothing waits for ever."""

import os

import pytest

from sim.data.disk import parse_json, read_bytes
from sim.errors import InputError


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_and_a_device_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe: a pipe or a device, not a file"):
        read_bytes(tmp_path / "pipe")


def test_a_folder_and_what_is_not_there_are_named(tmp_path):
    with pytest.raises(InputError, match="a folder, not a file"):
        read_bytes(tmp_path)
    with pytest.raises(InputError, match="no table here"):
        read_bytes(tmp_path / "x", absent="no table here")
    with pytest.raises(InputError, match="cannot be read: File name too long"):
        read_bytes(tmp_path / ("x" * 5000))
    with pytest.raises(InputError, match="no name of a file"):
        read_bytes(tmp_path / "a\0b")


def test_a_large_file_is_refused_unread(tmp_path):
    file = tmp_path / "large"
    with file.open("wb") as sink:
        sink.truncate(3 * 10**6)
    with pytest.raises(InputError, match="has 3 MB, which is too large; at most 2 MB"):
        read_bytes(file, most=2)
    assert len(read_bytes(file, most=3)) == 3 * 10**6


def test_a_byte_order_mark_is_read_over():
    assert parse_json(b'\xef\xbb\xbf{"a": [1, 2.5]}', "x.json") == {"a": [1, 2.5]}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not JSON"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b'{"a": 1, "b": 2, "a": 3}', 'the key "a" stands twice'),
        (b"[NaN]", "NaN is no number"),
        (b"[-Infinity]", "-Infinity is no number"),
        (b"[1e999]", "too large a number"),
        (b"9" * 5000, "a whole number of 5000 digits"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b'"\\ud800"', "not UTF-8"),
    ],
)
def test_what_is_not_json_is_named_in_one_line(data, problem):
    with pytest.raises(InputError, match=problem) as error:
        parse_json(data, "x.json")
    assert str(error.value).startswith("x.json: not JSON")
    assert len(str(error.value)) < 200
