"""Tables of replicates in one data set: the same bytes however often it was taken up."""

from contextlib import suppress
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from analysis.runs.chunks import on_threads
from analysis.runs.kept_tables import RECORD, KeptTables, keep_tables
from analysis.runs.run import open_run
from sim.data.tables import digest
from sim.errors import ResumeError, RunError

BLOCK = 4


def dice(replicate):
    """Two tables; the second has rows in every third replicate alone."""
    rng = np.random.default_rng(replicate)
    eyes = rng.integers(1, 7, 5)
    return {
        "throws": pa.table({"eyes": eyes, "synthetic": np.ones(5, bool)}),
        "truth/cheats": pa.table({"eye": eyes[: 0 if replicate % 3 else 2].astype(np.int32)}),
    }


def place(folder, seed=1):
    return KeptTables.of(open_run(folder, {"seed": seed}), ("throws", "truth/cheats"), BLOCK)


def keep(folder, replicates, work=dice, threads=1, **how):
    keep_tables(work, replicates, place(folder), driver=on_threads(threads), **how)


def files(folder):
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


def counting(done, replicate):
    done.append(replicate)
    return dice(replicate)


def failing_after(number, replicate):
    if replicate >= number:
        raise KeyboardInterrupt
    return dice(replicate)


def test_a_table_is_a_folder_that_is_read_as_one(tmp_path):
    keep(tmp_path, 10)
    found = ds.dataset(tmp_path / "throws").to_table()
    assert found.column_names == ["synthetic", "replicate", "eyes"]
    assert found["replicate"].to_pylist() == [one for one in range(10) for _ in range(5)]
    assert found["eyes"].to_pylist() == [
        eye for one in range(10) for eye in dice(one)["throws"]["eyes"].to_pylist()
    ]
    assert all(found["synthetic"].to_pylist())
    of_some = ds.dataset(tmp_path / "truth/cheats").to_table()
    assert of_some["replicate"].to_pylist() == [0, 0, 3, 3, 6, 6, 9, 9]


def test_the_record_says_what_there_is_of_each_replicate(tmp_path):
    keep(tmp_path, 5)
    record = ds.dataset(tmp_path / RECORD).to_table().to_pylist()
    assert [one["rows"] for one in record] == [5, 2, 5, 0, 5, 0, 5, 2, 5, 0]
    assert record[0]["digest"] == digest(dice(0)["throws"])
    assert place(tmp_path).count() == 5


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_change_no_byte(tmp_path, threads):
    keep(tmp_path / "one", 11)
    keep(tmp_path / "more", 11, threads=threads)
    assert files(tmp_path / "one") == files(tmp_path / "more")


@pytest.mark.parametrize("stopped", range(12))
def test_an_interrupted_run_is_taken_up_to_the_same_bytes(tmp_path, stopped):
    keep(tmp_path / "whole", 11)
    with suppress(KeyboardInterrupt):
        keep(tmp_path / "again", 11, partial(failing_after, stopped))
    done = []
    keep(tmp_path / "again", 11, partial(counting, done))
    assert done == list(range(stopped // BLOCK * BLOCK if stopped < 11 else 11, 11))
    assert files(tmp_path / "whole") == files(tmp_path / "again")


@pytest.mark.parametrize("first", [1, 4, 6, 8])
def test_more_replicates_are_added_to_those_that_are_there(tmp_path, first):
    keep(tmp_path / "whole", 10)
    keep(tmp_path / "grown", first)
    before, done = files(tmp_path / "grown"), []
    keep(tmp_path / "grown", 10, partial(counting, done))
    after = files(tmp_path / "grown")
    assert done == list(range(first, 10))
    assert after == files(tmp_path / "whole")
    untouched = [
        f"throws/from-{one:07d}.parquet" for one in range(0, first // BLOCK * BLOCK, BLOCK)
    ]
    assert all(after[one] == before[one] for one in untouched)


def test_a_block_whose_table_is_gone_or_grew_before_a_kill_is_made_anew(tmp_path):
    keep(tmp_path / "whole", 6)
    keep(tmp_path / "hurt", 5)
    grown = files(tmp_path / "whole")["throws/from-0000004.parquet"]
    keep(tmp_path / "other", 6)
    (tmp_path / "hurt/throws/from-0000004.parquet").write_bytes(grown)  # its record was not written
    (tmp_path / "hurt/truth/cheats/from-0000000.parquet").unlink()
    done = []
    keep(tmp_path / "hurt", 6, partial(counting, done))
    assert done == [0, 1, 2, 3, 4, 5]
    assert files(tmp_path / "hurt") == files(tmp_path / "whole")


def test_rows_of_another_run_and_damaged_files_are_refused(tmp_path):
    keep(tmp_path, 3)
    (tmp_path / "fingerprint.json").unlink()
    with pytest.raises(ResumeError, match="is of another run"):
        KeptTables.of(open_run(tmp_path, {"seed": 2}), ("throws",), BLOCK).count()
    file = tmp_path / "throws/from-0000000.parquet"
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(RunError, match="damaged or cut off"):
        keep(tmp_path, 3)


def test_progress_counts_what_is_there(tmp_path):
    keep(tmp_path, 4)
    told = []
    keep(tmp_path, 6, stage="throwing", progress=lambda *said: told.append(said))
    assert told == [("throwing", 5, 6), ("throwing", 6, 6)]
