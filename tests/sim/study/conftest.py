"""A small study in a small world, and made-up ties for what needs no world."""

import numpy as np
import pytest

from sim.study.seen import MEMBER
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study
from sim.world.parameters import catalogue
from sim.world.scenario import parse_scenario
from sim.world.state import EGO
from sim.world.streams import address


def small_study(**changes):
    """Ten people at two sites, three waves four weeks apart; tables changed as asked."""
    said = {
        "id": "small",
        "title": "Small",
        "frame": {"teams_per_site": [1, 2], "scale": 0.1},
        "recruitment": {"n": 10, "entry": "staggered", "entry_weeks": 6},
        "arms": {"unit": "team", "share": {"control": 1, "intervention": 2}},
        "waves": {"weeks": [0, 4, 8], "window": 1},
        "participation": {"retention": [0.8, 0.6], "mechanism": "MAR"},
    }
    return parse_study({**said, **changes})


def small_world(**changes):
    return parse_scenario({"id": "w", "title": "W", "world": {"runin_weeks": 4}, **changes})


@pytest.fixture(scope="session")
def make_study():
    return small_study


@pytest.fixture(scope="session")
def make_world():
    return small_world


@pytest.fixture(scope="session")
def simulated():
    """One repetition of the small study."""
    return simulate_study(small_world(), small_study(), seed=4)


@pytest.fixture(scope="session")
def record():
    """The record of parameters, changed by path."""
    return lambda **changes: catalogue().record(
        {path.replace("__", "."): value for path, value in changes.items()}
    )


@pytest.fixture(scope="session")
def people():
    """n egos at W waves, all alive."""

    def made(n, waves=1):
        egos = np.zeros((n, waves), EGO)
        egos["address"] = (address(1, 1, 0) + np.arange(n) % 4096 + np.arange(n) // 4096 * 8192)[
            :, None
        ]
        egos["alive"] = egos["on_caseload"] = 1
        return egos

    return made


@pytest.fixture(scope="session")
def ties():
    """Active ties of usual importance and affection and even salience, all of one group."""

    def made(n, waves, slots, group, kind=0):
        rng = np.random.default_rng(1)
        members = np.zeros((n, waves, slots), MEMBER)
        members["group"], members["kind"], members["active"] = group, kind, 1
        members["human"], members["post"], members["incumbent"] = 1, -1, -1
        members["identity"] = np.arange(slots)
        members["salience"] = rng.uniform(size=(n, 1, slots))
        p = catalogue().record({})[0]
        name = ("partner", "kin", "young_kin", "friend", "weak", "psychiatrist", "coordinator",
                "support_worker", "outside", "object")[group]  # fmt: skip
        usual, spread = p[f"importance_{name}_typical"], p[f"importance_{name}_spread"]
        members["importance"] = usual + spread * rng.standard_normal((n, 1, slots))
        fond = p["tie_affection_sd"] * rng.standard_normal((n, 1, slots))
        members["affection"] = p[f"tie_{name}_affection"] + fond
        return members

    return made
