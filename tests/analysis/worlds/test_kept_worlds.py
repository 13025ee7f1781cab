"""Worlds kept on disk: nothing is changed on the way, and a killed run goes on from there."""

import tomllib

import pytest

from analysis.planning.planner import plan_study
from analysis.planning.world.plan import WORLDS
from analysis.questions.of_study import plan_of
from analysis.runs.purposes import Purpose
from analysis.runs.rows import Rows
from analysis.worlds import kept_worlds
from analysis.worlds import process as planned_world
from analysis.worlds.kept_worlds import KeptWorlds
from analysis.worlds.process import world_process
from sim.errors import ResumeError, RunError
from sim.study.spec import parse_study
from tests.analysis.planning.test_world import SMALL, everything, quiet

STUDIES, TRUTHS = 7, 3
STUDY = parse_study(tomllib.loads(SMALL), "small.toml")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(kept_worlds, "WORLDS_A_FILE", 3)


@pytest.fixture
def process(tmp_path):
    """Processes of the same study, keeping worlds in a folder of a name, or nowhere."""

    def make(folder=None, digest="mine"):
        worlds = KeptWorlds(tmp_path / folder, digest) if folder else None
        return world_process(STUDY, plan_of(STUDY), 3, worlds=worlds)

    return make


def lives(monkeypatch, most=None):
    """Worlds lived from now on, by replicate; after `most` of them the run is interrupted."""
    lived = []
    held, census = planned_world.WorldProcess._held, planned_world.census

    def counted(replicate):
        if most is not None and len(lived) >= most:
            raise KeyboardInterrupt
        lived.append(replicate)

    def study_of(self, replicate):
        counted(replicate)
        return held(self, replicate)

    def census_of(*given):
        counted(given[-1])
        return census(*given)

    monkeypatch.setattr(planned_world.WorldProcess, "_held", study_of)
    monkeypatch.setattr(planned_world, "census", census_of)
    return lived


def run(world, threads=1):
    world.find_truths(TRUTHS, threads, quiet)
    world.prepare(range(STUDIES), threads, quiet)
    return [everything(world.kept[r]) for r in range(STUDIES)], list(world.truths)


def files(folder):
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*.parquet")}


def test_what_is_read_is_what_was_lived_and_nothing_is_lived_twice(process, monkeypatch):
    without = run(process())
    lived = lives(monkeypatch)
    assert run(process("there"), threads=2) == without
    assert len(lived) == STUDIES + TRUTHS
    again = process("there")
    assert run(again) == without
    assert len(lived) == STUDIES + TRUTHS
    first, fresh = again.kept[0], process()._held(0)
    for name in ("arm", "cluster", "place", "attended"):
        assert getattr(first, name).dtype == getattr(fresh, name).dtype
    assert first.attended.tobytes() == fresh.attended.tobytes()
    for mine, theirs in zip(first.ties, fresh.ties, strict=True):
        assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape)


@pytest.mark.parametrize("most", [1, 5, 8])
def test_an_interrupted_run_goes_on_to_the_byte(process, monkeypatch, tmp_path, most):
    whole = run(process("whole"))
    with monkeypatch.context() as during:
        lives(during, most)
        with pytest.raises(KeyboardInterrupt):
            run(process("cut"), threads=2)
    lived = lives(monkeypatch)
    assert run(process("cut"), threads=2) == whole
    assert files(tmp_path / "cut") == files(tmp_path / "whole")
    assert len(lived) <= STUDIES + TRUTHS - most // 3 * 3


def test_more_studies_leave_the_first_as_they_are(process, monkeypatch, tmp_path):
    some = process("some")
    some.prepare(range(4), 1, quiet)
    lived = lives(monkeypatch)
    some = process("some")
    some.prepare(range(STUDIES), 1, quiet)
    assert lived == [4, 5, 6]
    process("all").prepare(range(STUDIES), 1, quiet)
    assert files(tmp_path / "some") == files(tmp_path / "all")


def test_worlds_of_another_run_or_damaged_ones_are_refused(process, tmp_path):
    process("there").prepare(range(1), 1, quiet)
    with pytest.raises(ResumeError, match="of another run"):
        process("there", digest="other").prepare(range(1), 1, quiet)
    next((tmp_path / "there").rglob("*.parquet")).write_bytes(b"PAR1")
    with pytest.raises(RunError, match="cannot be read"):
        process("there").prepare(range(1), 1, quiet)


def test_a_plan_taken_up_again_lives_no_world(tmp_path, monkeypatch):
    rows = Rows(tmp_path / "rows", "mine")
    asked = {"seed": 2, "sizes": [30, 60], "replicates": 10}
    without = plan_study(STUDY, **asked)
    assert plan_study(STUDY, kept=rows, **asked) == without
    truths = {number // 3 for number in Purpose.TRUTH.some(2)}
    assert len(files(tmp_path / WORLDS)) == 4 + len(truths)  # of ten studies, three a file
    lived = lives(monkeypatch)
    assert plan_study(STUDY, kept=rows, **asked) == without
    assert lived == []
