"""The world in which families, durations and deaths are possible."""

from pathlib import Path

import pytest

TIES_ON = Path(__file__).parents[2] / "sim" / "world" / "ties_on.toml"


@pytest.fixture(scope="session")
def ties_on():
    """Its path."""
    return TIES_ON
