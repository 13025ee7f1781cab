"""An error that nobody foresaw: two lines, a private file with the rest, exit 1."""

import json
import stat
import sys
from unittest.mock import Mock

import pytest

from egocohort.results import listing


@pytest.fixture
def broken(monkeypatch, tmp_path):
    """Let `show` fail with an error; the cache lies apart from where it is run."""
    cache = tmp_path.parent / f"{tmp_path.name}-cache"
    monkeypatch.setenv("EGOCOHORT_CACHE", str(cache))

    def fail(error):
        def listed(name=None):
            raise error

        monkeypatch.setattr(listing, "listing", listed)
        return cache

    return fail


def deep():
    return deep()


ERRORS = [
    ZeroDivisionError("division by zero"), MemoryError(), KeyError("x"), SystemError("a\nb"),
    ValueError("x" * 5000), AssertionError(), RuntimeError("reading " + "lost\n" * 50),
]  # fmt: skip


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
def test_an_unforeseen_error_is_two_lines_and_a_private_file(broken, invoke, tmp_path, error):
    cache = broken(error)
    run = invoke("show", "usual-care")
    (file,) = cache.rglob("*.log")
    assert run.returncode == 1
    assert run.stdout == ""
    first, second = run.stderr.splitlines()
    assert first.startswith("Error: ")
    assert len(first) < 200
    assert str(file) in second
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = file.read_text()
    assert "egocohort 'show' 'usual-care'" in said
    assert "Traceback (most recent call last)" in said
    assert "numpy 2" in said
    assert list(tmp_path.iterdir()) == []


def test_the_file_does_not_say_where_things_lie_here(broken, invoke, tmp_path):
    cache = broken(ValueError("no"))
    invoke("show", str(tmp_path / "a.toml"))
    said = next(cache.rglob("*.log")).read_text()
    assert str(tmp_path) not in said
    assert sys.prefix not in said
    assert "(here)/a.toml" in said
    assert "(egocohort)/egocohort/cli.py" in said


def test_too_deep_a_recursion_is_an_error_like_any_other(broken, invoke, monkeypatch):
    broken(ValueError())
    monkeypatch.setattr(listing, "listing", lambda name=None: deep())
    run = invoke("show", "usual-care")
    assert run.returncode == 1
    assert "RecursionError" in run.stderr
    assert len(run.stderr.splitlines()) == 2


def test_json_has_the_error_too(broken, invoke):
    broken(KeyError("x"))
    run = invoke("show", "usual-care", "--json")
    said = json.loads(run.stdout)
    assert said["exit_code"] == run.returncode == 1
    assert "KeyError" in said["error"]


def test_each_error_has_a_file_of_its_own(broken, invoke):
    cache = broken(KeyError("x"))
    invoke("show", "usual-care")
    invoke("show", "usual-care")
    assert len(list(cache.rglob("*.log"))) == 2


def test_without_a_place_for_the_file_that_is_said(broken, invoke, monkeypatch):
    broken(KeyError("x"))
    monkeypatch.setattr("egocohort.mishap.tempfile.mkstemp", Mock(side_effect=OSError))
    run = invoke("show", "usual-care")
    assert run.returncode == 1
    assert run.stderr.splitlines()[1] == "No file could be written that would say more."


def test_a_letter_that_the_terminal_lacks_is_spelled_out(cli):
    run = cli("show", "--parameters", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert run.returncode == 0
    assert run.stderr == ""
