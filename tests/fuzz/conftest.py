"""What every fuzz test needs: the mutators that lie beside it, and what counts as an answer."""

import importlib.util
from pathlib import Path

import pytest

from sim.errors import InputError

MOST_LINES, MOST_LETTERS = 3, 3000


@pytest.fixture(scope="session")
def beside():
    """Import a module of this folder by name."""

    def load(name):
        spec = importlib.util.spec_from_file_location(
            f"fuzz_{name}", Path(__file__).with_name(f"{name}.py")
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def answered():
    """Run something: True if it went well, False if it was refused in a few lines."""

    def run(work, *words):
        try:
            work(*words)
        except InputError as error:
            said = str(error)
            assert said.strip()
            assert len(said.splitlines()) <= MOST_LINES, said
            assert len(said) <= MOST_LETTERS, said[:200]
            return False
        return True

    return run
