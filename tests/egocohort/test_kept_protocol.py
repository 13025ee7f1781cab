"""A protocol that somebody edited is kept; data are JSON; a bundle lies in no bundle."""

import json

import pandas as pd
import pytest

import egocohort as ec
from analysis.planning.processes import process_of
from analysis.questions.of_study import plan_of
from analysis.trials.panel import PanelProcess
from egocohort.results.plain import finite
from egocohort.results.protocol_file import is_edited, protocol_file
from egocohort.results.result import _table_html
from sim.errors import InputError
from sim.study.spec import read_study


def written(out, text):
    for name, said in protocol_file(out, text).items():
        (out / name).write_text(said)
    return sorted(file.name for file in out.iterdir())


def test_an_edited_protocol_is_kept_and_the_new_one_lies_beside(tmp_path):
    assert written(tmp_path, "First\n") == ["protocol.md"]
    assert written(tmp_path, "Second\n") == ["protocol.md"]
    file = tmp_path / "protocol.md"
    assert file.read_text().startswith("Second")
    file.write_text(file.read_text().replace("Second", "Ours"))
    assert written(tmp_path, "Third\n") == ["protocol.md", "protocol.new.md"]
    assert file.read_text().startswith("Ours")
    assert (tmp_path / "protocol.new.md").read_text().startswith("Third")


def test_line_ends_of_windows_are_no_edit_and_a_file_of_ones_own_is(tmp_path):
    written(tmp_path, "First\n")
    file = tmp_path / "protocol.md"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert not is_edited(file)
    file.write_text("Mine\n")
    assert is_edited(file)


def test_a_plan_leaves_an_edited_protocol(tmp_path):
    made = ec.new(tmp_path / "mine.toml", weeks=(26,))
    how = {"seed": 1, "replicates": 100, "out": tmp_path / "o"}
    first = ec.plan(made.path, sizes=[60], **how)
    file = first.folder / "protocol.md"
    file.write_text("Ours\n")
    ec.plan(made.path, sizes=[60], **how)
    assert file.read_text() == "Ours\n"
    assert "Sample size" in (first.folder / "protocol.new.md").read_text()
    ec.plan(made.path, sizes=[60, 80], **how)
    assert file.read_text() == "Ours\n"


def test_the_terminal_says_that_an_edited_protocol_was_kept(invoke, tmp_path):
    made = ec.new(tmp_path / "mine.toml", weeks=(26,))
    words = ("plan", made.path, "--seed", 1, "--replicates", 100, "--out", tmp_path / "o")
    first = invoke(*words, "--n", 60)
    assert "is kept" not in first.stderr
    file = tmp_path / "o" / "mine" / "protocol.md"
    file.write_text(file.read_text() + "Ours\n")
    assert "protocol.md was edited and is kept, the new texts are protocol.new.md\n" in (
        invoke(*words, "--n", 60).stderr
    )
    assert "protocol.new.md: it says 60 people, the new texts 80\n" in (
        invoke(*words, "--n", 80).stderr
    )


def test_a_bundle_lies_in_no_bundle(invoke, tmp_path):
    made = ec.simulate("founding-study", seed=1, out=tmp_path / "bundles")
    run = invoke("rerun", made.folder, "--out", made.folder)
    assert run.returncode == 2
    assert "is a bundle, in which no other can lie" in run.stderr
    assert not list(made.folder.glob("*__SYNTHETIC__*"))


def test_more_people_than_there_are_cannot_be_drawn(tmp_path):
    study = read_study(ec.new(tmp_path / "mine.toml", weeks=(26,), people=50).path)
    process = process_of(study, plan_of(study), 1)
    assert isinstance(process, PanelProcess)
    with pytest.raises(InputError, match=f"1 to {process.frame}"):
        next(process.draw(process.frame + 1, range(1)))


def test_a_number_that_is_not_finite_is_none_in_data():
    said = finite({"a": [float("nan"), {"b": float("inf")}], "c": 1.5})
    assert json.loads(json.dumps(said, allow_nan=False)) == {"a": [None, {"b": None}], "c": 1.5}


def test_what_is_missing_is_an_empty_cell():
    table = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "x": [0.123456, 1.0]})
    assert "NA" not in _table_html("t", table)
    assert "0.1235" in _table_html("t", table)
