"""The harness and the small bundle, loaded from beside the tests."""

import importlib.util
import sys
from pathlib import Path

import pytest


def load(name):
    """A module from a file of this folder, under a name that no package has."""
    full = f"faults_{name}"
    spec = importlib.util.spec_from_file_location(full, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def every_fault():
    """See harness.py."""
    return load("harness").every_fault


@pytest.fixture(scope="session")
def small_bundle():
    """See small_bundle.py."""
    return load("small_bundle")
