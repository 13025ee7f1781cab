"""What README.md and pages of docs/ say can be run, runs: blocks after `<!-- run -->`."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MARKED = re.compile(r"<!-- run -->\n```(\w+)\n(.*?)```", re.DOTALL)
TEXTS = ("README.md", "docs/compare.md", "docs/python.md", "docs/stress.md")
WITH_R = re.findall(
    r"<!-- run with R -->\n```sh\n(.*?)```",
    (REPOSITORY / "docs/stress.md").read_text(encoding="utf-8"),
    re.DOTALL,
)
BLOCKS = [
    block
    for text in TEXTS
    for block in MARKED.findall((REPOSITORY / text).read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder in which `egocohort` is this one, and nothing else is known."""
    folder = tmp_path_factory.mktemp("reader")
    program = folder / "bin" / "egocohort"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m egocohort "$@"\n')
    program.chmod(0o755)
    return folder


def run(language, text, folder):
    """Run a block as a reader would; the process that did it."""
    command = {"sh": ["sh", "-eu", "-c", text], "python": [sys.executable, "-c", text]}[language]
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="the blocks are for a POSIX shell")
@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_runs(number, desk):
    done = run(*BLOCKS[number], desk)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("text", WITH_R)
def test_a_block_with_r_runs(text, desk):
    done = run("sh", text, desk)
    assert done.returncode == 0, done.stderr


def test_there_are_blocks_of_both_kinds():
    assert {language for language, _ in BLOCKS} == {"sh", "python"}


@pytest.mark.parametrize(
    ("language", "text"), [("sh", "egocohort simulate no-such-study\ntrue"), ("python", "1 / 0")]
)
def test_a_block_that_lies_is_seen(language, text, desk):
    assert run(language, text, desk).returncode != 0


def test_every_verb_named_exists():
    from egocohort.verbs import VERBS

    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`egocohort ([a-z]+)`", text))
    for _, block in BLOCKS:
        named |= set(re.findall(r"^egocohort ([a-z]+)", block, re.MULTILINE))
    assert named == set(VERBS)


def test_links_lead_somewhere():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (REPOSITORY / target).is_file(), target


def test_the_page_on_python_lists_every_function_and_its_result():
    from egocohort.verbs import LISTED

    text = (REPOSITORY / "docs/python.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+)[^`]*` \| `ec\.(\w+)` \| `(\w+)` \|$", text, re.MULTILINE)
    assert rows == [(one.name, one.function, one.result_name) for one in LISTED]
