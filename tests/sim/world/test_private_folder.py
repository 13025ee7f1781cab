"""Compiled code is kept only where nobody else can write."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.world import private_folder as module
from sim.world.compiled import compiled_into
from sim.world.private_folder import private_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ownership is not checked there")

NAME = "tiny-0123456789abcdef"
OTHER_USER = 12345
TEMPORARY = tempfile.gettempdir()


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A machine of one's own: a home and a folder for temporary files that all can write to."""
    home, shared = tmp_path / "home", tmp_path / "shared"
    home.mkdir(mode=0o700)
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CACHE_HOME", "EGOCOHORT_CACHE"):
        monkeypatch.delenv(name, raising=False)
    module._found.cache_clear()
    yield tmp_path
    module._found.cache_clear()


def mode(folder):
    return folder.stat().st_mode & 0o7777


def own(place):
    return place / "shared" / f"egocohort-{os.geteuid()}"


def without_home(place, monkeypatch):
    (place / "file").touch()
    monkeypatch.setenv("HOME", str(place / "file"))


def test_a_user_has_a_cache_of_their_own(place, monkeypatch):
    old = os.umask(0)
    try:
        folder = private_folder(NAME)
    finally:
        os.umask(old)
    assert folder == place / "home" / ".cache" / "egocohort" / NAME
    assert {mode(path) for path in (folder, folder.parent, folder.parents[1])} == {0o700}
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "xdg"))
    assert private_folder(NAME) == place / "xdg" / "egocohort" / NAME
    monkeypatch.setenv("EGOCOHORT_CACHE", str(place / "given"))
    assert private_folder(NAME) == place / "given" / NAME


def test_a_cache_that_others_could_write_to_is_closed_to_them(place):
    folder = place / "home" / ".cache" / "egocohort" / NAME
    folder.mkdir(parents=True)
    for path in (folder, folder.parent):
        path.chmod(0o777)
    assert private_folder(NAME) == folder
    assert mode(folder) == mode(folder.parent) == 0o700


def test_where_the_home_cannot_be_written_temporary_files_have_a_private_folder(place, monkeypatch):
    without_home(place, monkeypatch)
    assert private_folder(NAME) == own(place) / NAME
    assert mode(own(place)) == mode(own(place) / NAME) == 0o700


def test_an_account_without_a_home_has_a_private_folder_too():
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    code = (
        "import os\n"
        "from sim.world.private_folder import private_folder\n"
        "os.setgroups([])\n"
        f"os.setgid({OTHER_USER})\n"
        f"os.setuid({OTHER_USER})\n"
        f"print(private_folder({NAME!r}))\n"
    )
    with tempfile.TemporaryDirectory(dir=TEMPORARY) as shared:
        Path(shared).chmod(0o1777)
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": shared},
            capture_output=True,
            text=True,
        )
    assert done.stdout.strip() == f"{os.path.realpath(shared)}/egocohort-{OTHER_USER}/{NAME}", (
        done.stderr
    )


def planted(place, kind):
    """Make something in the place of the private folder."""
    folder = own(place)
    if kind == "a link":
        (place / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(place / "elsewhere")
    elif kind == "a file":
        folder.touch()
    else:
        (folder / NAME).mkdir(parents=True)
        for path in (folder / NAME, folder):
            path.chmod(0o777)
            os.chown(path, OTHER_USER, -1)


@pytest.mark.parametrize("kind", ["a link", "a file", "another's folder"])
def test_what_was_planted_among_temporary_files_is_left_alone(place, monkeypatch, kind):
    if kind == "another's folder" and os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    without_home(place, monkeypatch)
    planted(place, kind)
    assert private_folder(NAME) is None
    assert not any(place.glob("elsewhere/*"))
    assert compiled_into(private_folder(NAME), without_sign)(-3) == 3


def without_sign(x):
    return abs(x)


def refused(folder, monkeypatch):
    monkeypatch.setenv("EGOCOHORT_CACHE", str(folder))
    with pytest.raises(InputError) as error:
        private_folder(NAME)
    said = str(error.value)
    assert said.startswith(f"EGOCOHORT_CACHE ({folder}) ")
    assert "name a folder that only you can write to" in said
    assert "\n" not in said
    return said


def test_a_given_folder_that_cannot_be_used_is_said(place, monkeypatch):
    (place / "file").touch()
    assert "ot a directory" in refused(place / "file" / "x", monkeypatch)
    (place / "loop").symlink_to(place / "loop")
    refused(place / "loop", monkeypatch)
    (place / "open").mkdir()
    (place / "open").chmod(0o777)
    assert f"{place / 'open'}: others can write to it" in refused(place / "open", monkeypatch)
    assert "others can write to it" in refused(place / "open" / "below", monkeypatch)


def test_a_given_folder_of_another_user_is_said(place, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (place / "given" / NAME).mkdir(parents=True)
    os.chown(place / "given" / NAME, OTHER_USER, -1)
    assert "another user owns it" in refused(place / "given", monkeypatch)


def test_the_command_line_says_so_and_writes_nothing(place):
    (place / "open").mkdir()
    (place / "open").chmod(0o777)
    done = subprocess.run(
        [sys.executable, "-m", "egocohort", "simulate", "founding-study", "--seed", "1", "--out",
         str(place / "out")],
        env={**os.environ, "EGOCOHORT_CACHE": str(place / "open"),
             "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("Error: EGOCOHORT_CACHE (")
    assert done.stderr.count("\n") == 1
    assert not (place / "out").exists()


def test_a_folder_among_temporary_files_may_be_given(place, monkeypatch):
    monkeypatch.setenv("EGOCOHORT_CACHE", str(place / "shared"))
    folder = private_folder(NAME)
    assert folder == place / "shared" / NAME
    assert mode(folder) == 0o700


def test_folders_long_unused_are_removed_and_nothing_else(place, monkeypatch):
    given = place / "given"
    names = ["tiny-" + "a" * 16, "tiny-" + "b" * 16, "tiny-letters", "other-" + "a" * 16, NAME]
    for name in names:
        (given / name).mkdir(parents=True)
        (given / name / "file").touch()
        if name != names[1]:
            os.utime(given / name, (0, 0))
    monkeypatch.setenv("EGOCOHORT_CACHE", str(given))
    private_folder(NAME)
    assert {path.name for path in given.iterdir()} == set(names[1:])
    module._found.cache_clear()
    private_folder("tiny-" + "c" * 16)
    assert (given / NAME / "file").exists()
