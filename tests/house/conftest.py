"""What the house tests read: the tree as git sees it, parsed."""

import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "build", "dist", "results"}


@pytest.fixture(scope="session")
def repository():
    """The folder that holds the whole project."""
    return REPOSITORY


@pytest.fixture(scope="session")
def our_files():
    """Every file of the project that git does not ignore, new ones too, as relative paths."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True).stdout
        names = [Path(name) for name in listed.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # a source archive: no git, no history
        names = [path.relative_to(REPOSITORY) for path in REPOSITORY.rglob("*")]
        names = [name for name in names if not NOT_OURS & set(name.parts)]
    return sorted({name for name in names if (REPOSITORY / name).is_file()})


@pytest.fixture(scope="session")
def sources(our_files):
    """The text of every Python file, by relative path with forward slashes."""
    return {
        path.as_posix(): (REPOSITORY / path).read_text(encoding="utf-8")
        for path in our_files
        if path.suffix == ".py"
    }


@pytest.fixture(scope="session")
def room_sources(sources):
    """The text of every Python file in the rooms of the program (not its tests)."""
    rooms = ("sim/", "analysis/", "egocohort/", "scenarios/")
    return {path: text for path, text in sources.items() if path.startswith(rooms)}
