"""Studies with a [saturation]: of stated codes alone, and in a small world."""

import pytest

from sim.study.spec import parse_study


@pytest.fixture
def stated():
    """A study that hangs on nothing but stated prevalences; tables of [saturation] as asked."""

    def make(**changes):
        codes = [{"name": f"code {i}", "prevalence": p} for i, p in enumerate((0.1, 0.3, 0.6))]
        return parse_study(
            {
                "id": "stated", "title": "Stated", "recruitment": {"n": 12},
                "waves": {"weeks": [0]},
                "saturation": {
                    "detection": 0.7, "stated": codes, "people_at_most": 30,
                    "rule": [{"name": "6 + 3", "base": 6, "run": 3}], **changes,
                },
            }
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def lived():
    """A study in a small world, half of whose people leave, the most ill first."""
    return parse_study(
        {
            "id": "lived", "title": "Lived",
            "frame": {"teams_per_site": [3], "egos_per_team": 60},
            "recruitment": {"n": 12},
            "waves": {"weeks": [0, 26]},
            "participation": {
                "retention": [0.5], "mechanism": "MNAR-state", "odds_ratio": 10.0,
            },
            "saturation": {"codes": "all", "detection": 0.8, "people_at_most": 20,
                           "rule": [{"name": "6 + 3", "base": 6, "run": 3}]},
        }
    )  # fmt: skip
