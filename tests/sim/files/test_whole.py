"""A file is there whole or not at all, under names that two writers never share."""

import errno
import os

import pytest

from sim.errors import RunError
from sim.files import whole
from sim.files.whole import (
    UNFINISHED,
    beside,
    hidden_name,
    remove_each,
    write_together,
    write_whole,
)


def test_a_file_is_replaced_and_its_folder_made(tmp_path):
    file = tmp_path / "a" / "b" / "x.csv"
    for data in (b"one", b"", b"three" * 100_000):
        assert write_whole(file, data) == file
        assert file.read_bytes() == data
    assert [one.name for one in file.parent.iterdir()] == ["x.csv"]


def test_two_writers_never_share_a_name(tmp_path):
    names = {hidden_name(tmp_path / "x.csv").name for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith(".x.csv.") and name.endswith(UNFINISHED) for name in names)


def test_none_of_several_files_is_replaced_if_one_cannot_be_written(tmp_path, monkeypatch):
    write_together({tmp_path / name: b"old" for name in "abc"})
    fsync, calls = os.fsync, []

    def full_at_the_third(handle):
        calls.append(handle)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full_at_the_third)
    with pytest.raises(RunError, match=r"c: cannot be written: No space left"):
        write_together({tmp_path / name: b"new" for name in "abc"})
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == dict.fromkeys(
        "abc", b"old"
    )


@pytest.mark.skipif(os.name != "posix", reason="folders are synchronised on POSIX")
def test_a_file_and_its_folder_are_synchronised_before_it_is_said_to_be_there(
    tmp_path, monkeypatch
):
    synced = []

    def fsync(handle):
        synced.append(os.fstat(handle).st_ino)

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(tmp_path / "x", b"1")
    assert synced == [(tmp_path / "x").stat().st_ino, tmp_path.stat().st_ino]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps what is open")
def test_what_a_killed_writer_left_is_swept_and_what_one_is_writing_is_not(tmp_path, monkeypatch):
    litter = hidden_name(tmp_path / "x")
    litter.write_bytes(b"half")
    fill = whole._fill

    def while_another_writes_the_same(handle, data):
        monkeypatch.setattr(whole, "_fill", fill)
        remove_each(beside(tmp_path / "x", UNFINISHED))
        write_whole(tmp_path / "x", b"of the other")
        fill(handle, data)

    monkeypatch.setattr(whole, "_fill", while_another_writes_the_same)
    write_whole(tmp_path / "x", b"of the first")
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"x": b"of the first"}
