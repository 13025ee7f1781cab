"""Chunks of work: run once, kept as they are done, the same however they came to be there."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from analysis.runs.chunks import kept_map, on_threads
from analysis.runs.run import FINGERPRINT, JOBS, job_run, job_seed
from sim.errors import ResumeError
from sim.sources import HOUSE

SOURCE = HOUSE / "sim" / "errors.py"


@dataclass(frozen=True)
class Dice:
    """Throws, of a seed."""

    seed: int
    throws: int = 3


def throw(spec, chunk):
    """Rows with numbers, truth values, words, lists, and nan."""
    rng = np.random.default_rng([spec.seed, int(np.sum(chunk) * 1000)])
    eyes = rng.random(spec.throws)
    many = pa.ListArray.from_arrays(np.arange(spec.throws + 1, dtype=np.int32), eyes / 3)
    return {
        "eyes": np.where(eyes < 0.3, np.nan, eyes), "high": eyes > 0.5,
        "status": pa.array(["lost" if one < 0.3 else "seen" for one in eyes]), "many": many,
    }  # fmt: skip


def on_processes(work, items):
    """Another driver: two processes that were told nothing."""
    with ProcessPoolExecutor(2) as pool:
        yield from pool.map(work, items)


def place(tmp_path, name="a", seed=1):
    return job_run(tmp_path / name, "dice", SOURCE, seed=seed, sides=6)


def thrown(chunks, kept=None, work=throw, **how):
    store = None if kept is None else kept.store("throws", block=4, people=2)
    return list(kept_map(work, Dice(1), chunks, store=store, **how))


def files(folder):
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


def killed_after(number):
    """The work, which is interrupted after so many chunks; and those done."""
    done = []

    def work(spec, chunk):
        if len(done) == number:
            raise KeyboardInterrupt
        done.append(chunk)
        return throw(spec, chunk)

    return work, done


def same(one, other):
    """Whether tables agree to the bit, nan with nan."""
    return len(one) == len(other) and all(
        str(a.to_pydict()) == str(b.to_pydict()) for a, b in zip(one, other, strict=True)
    )


def test_rows_are_the_same_made_kept_and_read(tmp_path):
    made = thrown(range(10))
    assert same(thrown(range(10), place(tmp_path)), made)
    work, done = killed_after(0)
    assert same(thrown(range(10), place(tmp_path), work), made)
    assert done == []


@pytest.mark.parametrize("after", [1, 4, 7])
def test_a_killed_run_goes_on_to_the_byte_and_runs_only_what_lacks(tmp_path, after):
    thrown(range(10), place(tmp_path, "whole"))
    work, _ = killed_after(after)
    with pytest.raises(KeyboardInterrupt):
        thrown(range(10), place(tmp_path, "killed"), work)
    work, done = killed_after(99)
    thrown(range(10), place(tmp_path, "killed"), work)
    assert done == list(range(after // 4 * 4, 10))
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


def test_a_run_can_be_extended_within_a_file(tmp_path):
    thrown(range(6), place(tmp_path, "parts"))
    work, done = killed_after(99)
    thrown(range(10), place(tmp_path, "parts"), work)
    assert done == [6, 7, 8, 9]
    thrown(range(10), place(tmp_path, "whole"))
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def test_a_chunk_that_is_no_number_is_known_by_what_it_says(tmp_path):
    points = [(0.1, 0.2), (0.3, 0.4), (0.1, 0.2)]
    work, done = killed_after(99)
    found = thrown(points, place(tmp_path), work)
    assert done == points[:2]
    assert same([found[2]], [found[0]])
    assert same(thrown(points[::-1], place(tmp_path), killed_after(0)[0]), found[::-1])
    assert len(list(tmp_path.rglob("*.parquet"))) == 2


@pytest.mark.parametrize("driver", [on_threads(3), on_threads(3, first_alone=True), on_processes])
def test_whatever_drives_the_work_leaves_no_trace(tmp_path, driver):
    assert same(thrown(range(10), place(tmp_path, "driven"), driver=driver), thrown(range(10)))
    thrown(range(10), place(tmp_path, "plain"))
    assert files(tmp_path / "driven") == files(tmp_path / "plain")


def test_progress_counts_what_is_read_and_what_is_made(tmp_path):
    thrown(range(3), place(tmp_path))
    told = []
    thrown(range(5), place(tmp_path), progress=lambda *of: told.append(of), stage="throwing")
    assert told == [("throwing", done, 5) for done in range(1, 6)]


def test_another_run_is_refused_with_what_differs(tmp_path):
    thrown(range(3), place(tmp_path))
    assert job_seed(tmp_path / "a", "dice") == 1
    with pytest.raises(ResumeError, match=r"seed was 1 and is 2") as refused:
        place(tmp_path, seed=2)
    assert f"{tmp_path / 'a' / JOBS / 'dice'}: holds results of another run" in str(refused.value)
    assert job_seed(tmp_path / "a", "another") is None


def test_rows_that_depend_on_something_else_lie_apart(tmp_path):
    kept = place(tmp_path)
    one, other = (kept.store("throws", people=n) for n in (2, 3))
    assert one.folder != other.folder
    list(kept_map(throw, Dice(1), [0], store=one))
    one.file(0).rename(one.folder / "moved")
    other.folder.mkdir()
    (one.folder / "moved").rename(other.file(0))
    with pytest.raises(ResumeError, match="of another run"):
        list(kept_map(throw, Dice(1), [0], store=other))


def test_nothing_is_written_before_there_is_something_to_keep(tmp_path):
    assert job_run(None, "dice", SOURCE, seed=1) is None
    kept = place(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        thrown(range(3), kept, killed_after(0)[0])
    assert list(tmp_path.iterdir()) == []
    thrown(range(3), kept)
    names = {one.name for one in tmp_path.rglob("*") if one.is_file()}
    assert names == {FINGERPRINT, "from-0000000.parquet"}


def test_a_chunk_without_rows_is_a_mistake():
    with pytest.raises(ValueError, match="chunk 3 has no row"):
        list(kept_map(lambda _, __: {"eyes": np.empty(0)}, Dice(1), [3]))
