"""A command that is proposed works when it is pasted, whatever the files are called."""

import shlex
import shutil
from pathlib import Path

import pytest

from sim.data.bundle import read_bundle
from sim.errors import InputError


def proposed(said):
    """The words of the last command that a text proposes."""
    lines = [line[line.index("egocohort ") :] for line in said.splitlines() if "egocohort " in line]
    return shlex.split(lines[-1])


@pytest.mark.parametrize("name", ["my study.toml", "it's $HOME & more.toml"])
def test_a_new_study_can_be_planned(invoke, name):
    words = proposed(invoke("new", name, "--yes").stdout)
    assert words == ["egocohort", "plan", name]
    shown = invoke("show", words[2])
    assert shown.returncode == 0
    assert ["cite", "usual-care"] in [words[1:3] for words in commands(shown.stdout)]


def test_a_new_cut_can_be_compared_and_shown_and_cited(invoke):
    invoke("new", "my base.toml", "--scenario", "--yes")
    new = ("new", "my cut.toml", "--scenario", "--base", "my base.toml", "--yes")
    words = proposed(invoke(*new).stdout)
    assert words == ["egocohort", "compare", "usual-care", "my base.toml", "my cut.toml"]
    refused = invoke(*words[1:], "--outcomes", "nothing")  # which is what is wrong, and all
    assert 'there is no outcome "nothing"' in refused.stderr
    cite, show = commands(invoke("show", "my cut.toml").stdout)
    assert cite[1:3] == ["cite", "my cut.toml"]
    assert show[1:4] == ["show", "my cut.toml", "--ledger"]
    assert invoke(*cite[1:3]).returncode == 0


def commands(said):
    """The words of each line that begins with a command."""
    lines = [line.strip() for line in said.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("egocohort ")]


RUNS_R = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")


@pytest.mark.parametrize("name", ["my fit.py", pytest.param("my fit.R", marks=RUNS_R)])
def test_a_new_analysis_can_be_tried(invoke, tmp_path, name):
    words = proposed(invoke("new", name).stdout)
    assert words[-1] == "--check"
    assert invoke(*words[1:], "--seed", 1).returncode == 0
    lines = (tmp_path / name).read_text().splitlines()
    for line, option in ((lines[2], "--check"), (lines[3], "--study")):
        assert shlex.split(line[line.index("egocohort ") :])[1:4] == [*words[1:3], option]


def test_a_bundle_can_be_made_again_and_has_its_page(invoke, small_study, tmp_path):
    run = invoke("simulate", small_study, "--seed", 1, "--out", "my place")
    words = proposed(run.stdout)
    assert invoke(*words[1:]).returncode == 0
    folder = Path(words[-1])
    for file in folder.glob("egos.*"):
        file.write_text("spoilt")
    again = proposed(invoke("check", folder).stderr)
    assert again[:4] == ["egocohort", "rerun", str(folder), "--out"]
    with pytest.raises(InputError) as error:
        read_bundle(folder).table("egos")
    assert str(folder) in proposed(str(error.value))
