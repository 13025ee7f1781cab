"""Running the command line as users do, in a folder of their own."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

SMALL_STUDY = """\
id = "small"
title = "Four people in one small team"
[frame]
teams_per_site = [1]
egos_per_team = 24
[recruitment]
n = 4
[waves]
weeks = [0, 4]
[participation]
retention = [0.75]
"""


@pytest.fixture
def cli(tmp_path):
    """Run ``egocohort WORDS`` in a fresh folder: exit code, stdout, stderr."""

    def run(*words, **environment):
        return subprocess.run(
            [sys.executable, "-m", "egocohort", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def invoke(monkeypatch, tmp_path, capsys):
    """As `cli`, but within this process, which saves the start; exit code, stdout, stderr."""
    from egocohort.cli import main

    monkeypatch.chdir(tmp_path)

    def run(*words):
        with pytest.raises(SystemExit) as stopped:
            main([str(word) for word in words])
        said = capsys.readouterr()
        return SimpleNamespace(returncode=stopped.value.code, stdout=said.out, stderr=said.err)

    return run


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """A study file that is simulated in a moment."""
    file = tmp_path_factory.mktemp("studies") / "small.toml"
    file.write_text(SMALL_STUDY)
    return file


@pytest.fixture
def write_study(tmp_path):
    """Write a variant of the small study: `old` text replaced by `new`."""

    def write(old="", new="", text=SMALL_STUDY):
        file = tmp_path / "mine.toml"
        file.write_text(text.replace(old, new) if old else text)
        return file

    return write


@pytest.fixture
def write_scenario(tmp_path):
    """Write a scenario file with the given lines after its id and title."""

    def write(lines="", name="world"):
        file = tmp_path / f"{name}.toml"
        file.write_text(f'id = "{name}"\ntitle = "A world"\n{lines}\n')
        return file

    return write
