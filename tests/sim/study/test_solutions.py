"""Solved absence is kept from run to run, under a name that changes with all it depends on."""

import numpy as np
import pytest

from sim.study import reference, solutions
from sim.study.frame import lived_scenario


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(solutions, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(reference, "_solved", {})
    monkeypatch.setattr(reference, "TEAMS", 3)
    return tmp_path


def test_the_second_run_reads_what_the_first_solved(place, make_study, make_world, monkeypatch):
    study = make_study()
    lived = lived_scenario(make_world(), study)
    dial, measure = reference.solved_absence(study, lived, threads=2)
    assert len(list(place.iterdir())) == 1
    reference._solved.clear()
    monkeypatch.setattr(reference, "absence_of", None)
    again, same = reference.solved_absence(study, lived)
    assert again.return_rate == dial.return_rate
    for one, other in zip((*dial[:3], dial.expected, measure), (*again[:3], again.expected, same),
                          strict=True):  # fmt: skip
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes()


def test_the_solution_does_not_depend_on_threads(place, make_study, make_world):
    study = make_study()
    lived = lived_scenario(make_world(), study)
    (one, first), (two, second) = (reference.absence_of(study, lived, n) for n in (1, 2))
    assert one.intercept.tobytes() == two.intercept.tobytes()
    assert first.tobytes() == second.tobytes()


def test_a_damaged_file_is_solved_anew(place, make_study, make_world):
    study = make_study()
    lived = lived_scenario(make_world(), study)
    dial, _ = reference.solved_absence(study, lived)
    (file,) = place.iterdir()
    good = file.read_bytes()
    for bad in (b"", b"nonsense", good[:-30], good[:200] + bytes([good[200] ^ 1]) + good[201:]):
        file.write_bytes(bad)
        reference._solved.clear()
        again, _ = reference.solved_absence(study, lived)
        assert again.intercept.tobytes() == dial.intercept.tobytes()


def test_nothing_is_kept_where_nothing_can_be_written(place, monkeypatch):
    monkeypatch.setattr(solutions, "cache_folder", lambda: None)
    solutions.keep_solution("x.npz", {"a": np.zeros(1)})
    assert solutions.recall("x.npz") is None
    (place / "file").write_text("in the way")
    monkeypatch.setattr(solutions, "cache_folder", lambda: place / "file" / "cache")
    solutions.keep_solution("x.npz", {"a": np.zeros(1)})
    assert solutions.recall("x.npz") is None


def test_the_name_changes_with_study_world_parameters_and_instructions(
    make_study, make_world, monkeypatch
):
    study, world = make_study(), make_world()
    lived = lived_scenario(world, study)
    other = make_study(waves={"weeks": [0, 4, 9], "window": 1})
    changed = make_world(parameters={"tie.friend.end_rate": 0.2})
    names = {
        solutions.name_of(study, lived),
        solutions.name_of(other, lived_scenario(world, other)),
        solutions.name_of(study, lived_scenario(changed, study)),
    }
    monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", "AVX2")
    names.add(solutions.name_of(study, lived))
    assert len(names) == 4
