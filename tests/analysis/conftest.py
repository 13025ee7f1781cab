"""A stand-in study known by heart (two people, three waves, six members), and a plan to change."""

import tomllib

import numpy as np
import pytest

from sim.study.spec import parse_study

UNKNOWN = np.nan

TRIAL = """\
id = "trial"
title = "A trial of two arms"
[recruitment]
n = 100
[arms]
unit = "ego"
share = { control = 1, treated = 1 }
[waves]
weeks = [0, 26, 52]
[participation]
retention = [0.9, 0.8]
[plan]
chance = 0.8
people_at_most = 600
[[plan.question]]
outcome = "swemwbs"
analysis = "t_test"
[plan.panel]
outcome = "swemwbs"
mean = 19
sd = 4
correlation = 0.6
[plan.panel.effect]
treated = [0.25, 0.5]
"""


def _alters():
    rows = [  # pid, wave, alter, name, class, kind, x, y
        ("SYN-222222C", 1, "A1", "Ann417", "kin", "partner", 0.5, 0.4),
        ("SYN-222222C", 1, "A2", "Bo12", "friend", "peer", 0.3, 0.3),
        ("SYN-222222C", 1, "A3", "CPN7", "professional", "cpn", 0.8, 0.5),
        ("SYN-222222C", 2, "A1", "Ann417", "kin", "partner", 0.5, 0.4),
        ("SYN-222222C", 2, "A4", "<b>Rex</b>5", "object", "pet", 0.6, 0.6),
        ("SYN-222222C", 3, "A1", "Ann417", "kin", "partner", UNKNOWN, UNKNOWN),
        ("SYN-222222D", 1, "A1", "Cy3", "kin", "sibling", 0.5, 0.9),
        ("SYN-222222D", 3, "A1", "Cy3", "kin", "sibling", 0.5, 0.9),
        ("SYN-222222D", 3, "A2", "Hut8", "object", "place", 0.2, 0.5),
    ]
    names = "ego_pid wave alter_id alter_name tie_class tie_kind map_x map_y".split()
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    columns["alter_id"] = [
        f"{pid}-{one}" for pid, one in zip(columns["ego_pid"], columns["alter_id"], strict=True)
    ]
    return {name: np.array(values) for name, values in columns.items()}


def _tables():
    return {
        "persons": {
            "ego_pid": np.array(["SYN-222222C", "SYN-222222D"]),
            "sex": np.array(["male", "female"]),
            "age_baseline": np.array([44, 31]),
            "ethnicity": np.array(["white", "non_white"]),
            "diagnosis": np.array(["psychosis", "bipolar"]),
            "has_partner": np.array([1, 0]),
            "arm": np.array(["control", ""]),
        },
        "egos": {
            "ego_pid": np.array(
                ["SYN-222222C", "SYN-222222C", "SYN-222222C", "SYN-222222D", "SYN-222222D"]
            ),
            "wave": np.array([1, 2, 3, 1, 3]),
            "month_target": np.array([0, 6, 12, 0, 12]),
            "n_alters": np.array([3, 2, 1, 1, 2]),
        },
        "alters": _alters(),
        "attrition": {
            "ego_pid": np.array(["SYN-222222C"] * 3 + ["SYN-222222D"] * 3),
            "wave": np.array([1, 2, 3] * 2),
            "attended": np.array([1, 1, 1, 1, 0, 1]),
            "reason": np.array(["completed"] * 4 + ["ill", "completed"]),
        },
        "flow": {
            "stage": np.array(["approached", "consented", "consented", "interviewed"]),
            "wave": np.array([np.nan, np.nan, np.nan, 2]),
            "site": np.array([1, 1, 2, 1]),
            "arm": np.array(["", "", "", "control"]),
            "outcome": np.array(["reached", "reached", "lost", "reached"]),
            "reason": np.array(["", "", "declined", ""]),
            "n_people": np.array([5, 2, 3, 1]),
        },
        "truth/ties": {
            "ego_pid": np.array(["SYN-222222C"] * 6),
            "tie_class": np.array(["kin", "friend", "friend", "friend", "friend", "object"]),
            "began_week": np.array([-50, -7, -3, 4, -9, -1]),
            "ended_week": np.array([np.nan, 20, 53, 30, 0, np.nan]),
            "end_cause": np.array(["", "drift", "drift", "ego_cut", "drift", ""]),
        },
        "truth/estimands": {
            "estimand": np.array(["retention", "ties_ended", "ties_ended"]),
            "week": np.array([104, 26, 52]),
        },
    }


class StandIn:
    """Tables by name, as a bundle gives them."""

    def __init__(self, tables):
        self.tables = tables

    def arrow(self, name):
        return self.tables[name]


@pytest.fixture
def known():
    """The stand-in study, fresh for each test."""
    return StandIn(_tables())


@pytest.fixture
def manifest():
    """As much of a manifest as the page needs."""
    recipe = {"hash": "f" * 64, "resolved": {"title": "Tea & <sympathy>"}}
    return {
        "study": {"id": "tea", **recipe},
        "scenario": {"id": "plain", **recipe},
        "seed": 7,
        "replicate": None,
        "truth": "lived",
        "versions": {"egocohort": "0.1.0"},
        "git_commit": None,
        "command": ["egocohort", "simulate", "tea"],
    }


@pytest.fixture
def ax():
    """An Axes that belongs to no window."""
    from matplotlib.figure import Figure

    return Figure(figsize=(4, 4)).subplots()


@pytest.fixture
def study():
    """A small trial, with pairs of old and new text to change it."""

    def make(*changes):
        text = TRIAL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return parse_study(tomllib.loads(text), "trial.toml")

    return make
