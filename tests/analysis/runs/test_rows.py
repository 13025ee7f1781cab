"""Raw rows: what is there is not made again, and how it came to be there leaves no trace."""

import hashlib
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from analysis.planning.planner import plan_study
from analysis.planning.processes import process_of
from analysis.questions.of_study import plan_of
from analysis.runs.fingerprint import open_rows
from analysis.runs.rows import BLOCK, Rows
from analysis.runs.run import FINGERPRINT, run_seed
from analysis.trials.process import Process
from analysis.trials.trial import Trial
from sim.errors import ResumeError, RunError

NUMBERS = ("estimate", "se", "df", "lo", "hi", "p", "converged", "singular")


def digests(folder):
    return {
        one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in folder.rglob("*")
        if one.is_file()
    }


@pytest.fixture
def trial(study, tmp_path):
    one = study()
    process = process_of(one, plan_of(one), 5)

    def make(name, threads=1):
        kept = Rows(tmp_path / name / "rows", "abc")
        return Trial(process, plan_of(one), threads, kept)

    return make


def same(one, other):
    return all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=name not in NUMBERS[6:])
        for x, y in zip(one, other, strict=True)
        for a, b in zip(x, y, strict=True)
        for name in NUMBERS
    )


def test_rows_give_back_the_estimates_they_were_made_of(trial):
    fresh = replace(trial("none"), kept=None).fits([30, 50], range(300, 700))
    kept = trial("a")
    assert same(kept.fits([30, 50], range(300, 700)), fresh)
    assert same(kept.fits([30, 50], range(300, 700)), fresh)


def test_a_row_says_all_that_is_known_of_a_replicate(trial):
    kept = trial("a")
    fits = kept.fits([30], range(10))[0][0]
    table = pq.read_table(kept.kept.at(30).file(0))
    assert table["replicate"].to_pylist() == list(range(10))
    assert set(table["n"].to_pylist()) == {30}
    assert set(table["question"].to_pylist()) == {1}
    assert set(table["status"].to_pylist()) == {"fitted"}
    assert all(table["synthetic"].to_pylist())
    for name in ("estimate", "se", "lo", "hi", "p"):
        assert table[name].to_pylist() == getattr(fits, name).tolist()


def test_a_study_that_cannot_be_fitted_is_a_row_with_a_status(study, tmp_path):
    one = study()
    process = process_of(one, plan_of(one), 5)
    kept = Trial(process, plan_of(one), 1, Rows(tmp_path / "rows", "abc"))
    first = kept.fits([2], range(40))[0][0]
    status = pq.read_table(kept.kept.at(2).file(0))["status"].to_pylist()
    assert status.count("failed") == int((~first.converged).sum()) > 0
    assert same([[first]], kept.fits([2], range(40)))


def test_what_is_there_is_not_drawn_again(trial, monkeypatch):
    kept = trial("a")
    kept.fits([30], range(100))
    drawn = []

    class Watched:
        def __getattr__(self, name):
            return getattr(kept.process, name)

        def draw(self, n, replicates):
            drawn.append((n, replicates))
            return kept.process.draw(n, replicates)

    watched: Process = Watched()
    again = replace(kept, process=watched)
    again.fits([30], range(100))
    assert drawn == []
    again.fits([30, 60], range(120))
    assert drawn == [(30, range(100, 120)), (60, range(120))]


def test_extended_rows_are_those_of_a_longer_run_to_the_byte(trial, tmp_path):
    whole, parts = trial("whole"), trial("parts")
    whole.fits([30, 50], range(600))
    parts.fits([50], range(100, 130))
    parts.fits([30], range(290))
    first = pq.read_table(parts.kept.at(30).file(0))
    parts.fits([30, 50], range(600))
    assert digests(tmp_path / "whole") == digests(tmp_path / "parts")
    assert pq.read_table(parts.kept.at(30).file(0)).slice(0, BLOCK).equals(first.slice(0, BLOCK))


def test_threads_leave_no_trace(trial, tmp_path):
    trial("one", 1).fits([30, 50], range(100, 1100))
    trial("three", 3).fits([30, 50], range(100, 1100))
    assert digests(tmp_path / "one") == digests(tmp_path / "three")


def test_a_plan_is_the_same_with_rows_and_without(study, tmp_path):
    one = study()
    plain = plan_study(one, seed=2, replicates=200)
    rows = open_rows(tmp_path / "trial", one, 2)
    assert str(plan_study(one, seed=2, replicates=200, kept=rows)) == str(plain)
    before = digests(tmp_path)
    assert str(plan_study(one, seed=2, replicates=200, kept=rows)) == str(plain)
    assert digests(tmp_path) == before


def test_effects_searched_for_have_places_of_their_own(study, tmp_path):
    one = study()
    rows = open_rows(tmp_path / "trial", one, 2)
    plan_study(one, seed=2, replicates=100, detect=80, kept=rows)
    names = {file.parent.name for file in tmp_path.rglob("*.parquet")}
    assert "n00080" in names
    assert len([name for name in names if name.startswith("n00080-effect")]) >= 2


def test_what_a_killed_run_was_writing_is_removed(study, tmp_path):
    rows = open_rows(tmp_path / "trial", study(), 2)
    litter = rows.folder / "n00030" / ".from-0000000.parquet.0123abcd.unfinished"
    litter.parent.mkdir(parents=True)
    litter.write_bytes(b"half")
    rows.begin()
    assert not litter.exists()


@pytest.mark.parametrize(
    ("old", "new", "seed", "says"),
    [
        ("sd = 4", "sd = 5", 2, "plan.panel.sd was 4.0 and is 5.0"),
        ("retention = [0.9, 0.8]", "retention = [0.9, 0.7]", 2, "participation.retention.all was"),
        ("", "", 3, "seed was 2 and is 3"),
        ('analysis = "t_test"', 'analysis = "ancova"', 2, "plan.question 1 analysis was t_test"),
    ],
)
def test_rows_of_another_run_are_refused_with_what_differs(study, tmp_path, old, new, seed, says):
    open_rows(tmp_path / "trial", study(), 2).begin()
    assert run_seed(tmp_path / "trial") == 2
    other = study((old, new)) if old else study()
    with pytest.raises(ResumeError, match="holds results of another run") as refused:
        open_rows(tmp_path / "trial", other, seed)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new"), [("chance = 0.8", "chance = 0.9"), ("two arms", "both arms")]
)
def test_what_moves_no_row_may_change(study, tmp_path, old, new):
    one = open_rows(tmp_path / "trial", study(), 2).begin()
    assert open_rows(tmp_path / "trial", study((old, new)), 2).digest == one.digest


def test_a_file_of_another_run_does_not_slip_in(trial):
    kept = trial("a")
    kept.fits([30], range(10))
    with pytest.raises(ResumeError, match="of another run"):
        replace(kept, kept=replace(kept.kept, digest="xyz")).fits([30], range(10))


def test_a_damaged_file_is_named(trial):
    kept = trial("a")
    kept.fits([30], range(10))
    kept.kept.at(30).file(0).write_bytes(b"PAR1 no more")
    with pytest.raises(RunError, match="remove it and run again"):
        kept.fits([30], range(10))


def test_nothing_is_written_before_there_is_something_to_keep(study, tmp_path):
    open_rows(tmp_path / "trial", study(), 2)
    assert list(tmp_path.iterdir()) == []
    open_rows(tmp_path / "trial", study(), 2).begin()
    assert [one.name for one in (tmp_path / "trial").iterdir()] == [FINGERPRINT]
