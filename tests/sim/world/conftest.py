"""A small catalogue and the files of a test, so that nothing depends on what is shipped."""

import tomllib
from pathlib import Path

import pytest

from sim.world.parameters import read_catalogue
from sim.world.scenario import read_scenario

FIRST_EDITION = Path(__file__).with_name("first_edition.toml")
SMALL = """
[tie.friend]
end_rate = { value = 0.2, unit = "1/year", range = [0, 1], source = "B16", grade = "fitted" }
[tie]
upkeep = { values = { kin = 0.5, friend = 0.6 }, unit = "effort units a week", range = [0, 2], \
source = "", grade = "assumed", note = "P6" }
[service.psychiatrist]
interval_weeks = { value = 4, unit = "weeks", range = [1, 26], source = "N35", grade = "reported" }
capacity = { value = 21, unit = "contacts a week", range = [0, 40], source = "B24", \
grade = "assumed", note = "x", level = "post" }
[service.coordinator]
interval_weeks = { value = 5, unit = "weeks", range = [1, 12], source = "B26", grade = "derived" }
[service]
sickness = { value = 0.03, unit = "chance a week", range = [0, 0.06], source = "", \
grade = "assumed", note = "x", level = "post" }
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A catalogue of seven parameters."""
    path = tmp_path_factory.mktemp("catalogue") / "parameters.toml"
    path.write_text(SMALL)
    return read_catalogue(path)


@pytest.fixture
def write(tmp_path):
    """Write a scenario file; the head is added unless the text has one."""

    def written(text, name="mine.toml"):
        head = "" if "id =" in text else 'id = "mine"\ntitle = "Mine"\n'
        path = tmp_path / name
        path.write_text(head + text)
        return path

    return written


@pytest.fixture
def read(write, small):
    """Read a scenario from its text, against the small catalogue."""
    return lambda text, name="mine.toml": read_scenario(write(text, name), small)


@pytest.fixture(scope="session")
def world_of():
    """Build a scenario: a shipped one with another size, other parameters or other shocks.

    `world_of("usual-care", {"service.missed": 0.2}, egos_per_team=12, runin_weeks=0)`
    """
    from sim.world.scenario import parse_scenario
    from sim.world.scenario import read_scenario as shipped

    def built(name="usual-care", parameters=None, shock=None, **world):
        data = shipped(name).resolved()
        data["world"] = {**data["world"], **world}
        data["parameters"] = {**data["parameters"], **(parameters or {})}
        data["shock"] = data["shock"] if shock is None else shock
        return parse_scenario(data)

    return built


@pytest.fixture(scope="session")
def first_edition():
    """Parameters that switch off every rule that came after the first edition of the world."""
    return tomllib.loads(FIRST_EDITION.read_text("utf-8"))["parameters"]


@pytest.fixture(scope="session")
def rates():
    """Parameters of a rule under test: only those named, in float32."""
    from types import SimpleNamespace

    import numpy as np

    return lambda **values: SimpleNamespace(**{k: np.float32(v) for k, v in values.items()})


@pytest.fixture(scope="session")
def chance_of():
    """The chance with which something happens: the uniform below which it does, by halving.

    `chance_of(lambda u: rule(u, ...))`; the rule must return 1 or more below it and 0 above.
    """
    import numpy as np

    def found(happens):
        low, high = 0.0, 1.0
        for _ in range(26):
            middle = (low + high) / 2
            low, high = (middle, high) if happens(np.float32(middle)) > 0 else (low, middle)
        return low if high < 1 else 1.0

    return found
