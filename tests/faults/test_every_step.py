"""Whatever step goes wrong, what was there is there, or what was to be, and no litter."""

from contextlib import suppress

import numpy as np
import pyarrow as pa
import pytest

from analysis.runs.chunks import on_threads
from analysis.runs.kept_tables import KeptTables, keep_tables
from analysis.runs.rows import ROW, Rows
from analysis.runs.run import open_run
from egocohort.results.files import write_files
from sim.errors import InputError
from sim.files import system
from sim.files.whole import write_whole
from sim.study import solutions


@pytest.fixture(params=["exchange", "renames"])
def swap(request, monkeypatch):
    """With the system's exchange of names, and with two renames."""
    if request.param == "renames":
        monkeypatch.setattr(system, "exchange", lambda *_: False)
    elif system._renameat2() is None:
        pytest.skip("this system exchanges no names")


def test_a_first_bundle(every_fault, small_bundle, tmp_path):
    def work(out):
        with suppress(InputError):  # it is there already
            small_bundle.write(out, 1, force=False)

    def whole(out):
        return small_bundle.run_there(out) == 1

    steps = every_fault(tmp_path, before=lambda _: None, work=work, whole=whole)
    assert min(steps.values()) >= 20


def test_a_bundle_replaced(every_fault, small_bundle, tmp_path, swap):
    def whole(out):
        run = small_bundle.run_there(out)
        assert run in (1, 2)
        return run == 2

    steps = every_fault(
        tmp_path, before=lambda out: small_bundle.write(out, 1),
        work=lambda out: small_bundle.write(out, 2), whole=whole,
    )  # fmt: skip
    assert min(steps.values()) >= 25


def test_a_file(every_fault, tmp_path):
    def whole(out):
        found = (out / "x.csv").read_bytes()
        assert found in (b"old", b"the new one")
        return found != b"old"

    every_fault(
        tmp_path, before=lambda out: write_whole(out / "x.csv", b"old"),
        work=lambda out: write_whole(out / "x.csv", b"the new one"), whole=whole,
    )  # fmt: skip


def test_a_file_of_rows(every_fault, tmp_path):
    rows = np.zeros(3, ROW)

    def work(out):
        place = Rows(out / "plan" / "rows", "mine").begin()
        place._write(30, 0, rows)

    def whole(out):
        place = Rows(out / "plan" / "rows", "mine")
        found = place._read(30, 0)
        assert found.size in (0, 3)
        return found.size == 3

    every_fault(tmp_path, before=lambda _: None, work=work, whole=whole)


def test_results_of_a_plan(every_fault, tmp_path):
    """All are on the disk before the first gets its name, so only the renames can be parted."""
    names = ("curve.csv", "plan.json", "report.html")

    def save(run):
        return lambda out: write_files(out / "plan", dict.fromkeys(names, run))

    def whole(out):
        found = {(out / "plan" / name).read_text() for name in names}
        assert found <= {"old", "the new ones"}
        return found == {"the new ones"}

    every_fault(tmp_path, before=save("old"), work=save("the new ones"), whole=whole)


def test_a_solution_in_the_cache(every_fault, tmp_path, monkeypatch):
    def at(out):
        monkeypatch.setattr(solutions, "cache_folder", lambda: out)

    def work(out):
        at(out)
        solutions.keep_solution("absence-1.npz", {"a": np.arange(9)})

    def whole(out):
        at(out)
        assert not (out / "absence-1.npz").exists() or solutions.recall("absence-1.npz")
        return solutions.recall("absence-1.npz") is not None

    every_fault(tmp_path, before=lambda _: None, work=work, whole=whole)


def test_a_data_set_of_replicates(every_fault, tmp_path):
    """The record of a block speaks of nothing that is not there; taken up, all is there."""

    def work(out):
        place = open_run(out / "many", {"seed": 1})
        if (out / "many").exists():
            place.begin()
        kept = KeptTables.of(place, ("a", "b"), 2)
        keep_tables(
            lambda n: {name: pa.table({"x": [n, n]}) for name in "ab"}, 3, kept,
            driver=on_threads(1),
        )  # fmt: skip

    def whole(out):
        kept = KeptTables.of(open_run(out / "many", {"seed": 1}), ("a", "b"), 2)
        for first in (0, 2):
            record = kept.record.read(first)
            if record is not None:
                assert kept.known(first) == sorted(set(record["replicate"].to_pylist()))
        return kept.known(0) == [0, 1] and kept.known(2) == [2]

    steps = every_fault(tmp_path, before=lambda _: None, work=work, whole=whole)
    assert min(steps.values()) >= 20
