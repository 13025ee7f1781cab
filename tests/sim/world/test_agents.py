"""The Mesa twin is the compiled week, bit for bit, and can be taken apart."""

import ast
import doctest
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from sim.world import agents
from sim.world.agents import CohortModel, Tie, first_difference
from sim.world.kinds import Cause, Event, Kind
from sim.world.run import Place, Watched, begin_team, live, widen
from sim.world.scenario import list_scenarios, parse_scenario, read_scenario
from sim.world.streams import key_of

PLACE, KEY = Place(1, 1), key_of(11, 2)
WEEKS, EGOS = 12, 24
REPOSITORY = Path(__file__).resolve().parents[3]

BUSY = {
    "id": "busy",
    "title": "Everything happens",
    "parameters": {
        "crisis.contact": 0.2,
        "crisis.hazard": 0.08,
        "crisis.hazard_well": 0.002,
        "early.act": 0.8,
        "early.averted": 0.5,
        "early.partner": 0.4,
        "early.warning": 4,
        "ego.employed_share": 0.3,
        "ego.severity_sd": 0.1,
        "ending.ego_share": 0.3,
        "household.daily": 0.9,
        "household.unsettled_ties": 0.5,
        "household.work_ties": 1,
        "illness.admission_share": 0.6,
        "illness.bipolar_scale": 0.8,
        "illness.coercion_share": 0.8,
        "illness.death_rate": 0.03,
        "illness.from_onset": 1,
        "illness.onset_multiplier": 5,
        "illness.onset_rate": 0.45,
        "illness.rally": 5,
        "life.benefits": 0.3,
        "life.home_lost": 0.3,
        "life.move": 0.5,
        "life.move_friends": 0.5,
        "life.switch": 1,
        "life.work_lost": 1,
        "life.work_ties": 1,
        "service.discharge": 0.5,
        "service.leaving": 0.4,
        "service.missed_severity": 2,
        "service.missed_withdrawal": 1,
        "service.recent_floor": 0.2,
        "service.referral": 4,
        "service.reassignment": 0.4,
        "service.sickness_onset": 0.06,
        "tie.coordinator.dormancy_rate": 0.3,
        "tie.coordinator.end_rate": 0.4,
        "tie.friend.dormancy_rate": 0.3,
        "tie.friend.end_rate": 0.5,
        "takeover.share": 1,
        "tie.kin.end_rate": 0.3,
        "treatment.ratio": 4,
        "treatment.ratio_bipolar": 2,
        "treatment.stop": 0.6,
        "trust.carried": 0.5,
        "wellbeing.insecurity": 1,
        "work.challenge": 0.5,
    },
    "shock": [
        {"acts_on": "event.episode", "how": "force", "from_week": 2, "who": {"share": 0.5}},
        {"acts_on": "event.closure", "how": "force", "value": 0.6, "from_week": 3},
        {
            "acts_on": "event.link",
            "how": "force",
            "from_study_week": 2,
            "who": {"arm": "more"},
            "uptake": 0.6,
            "adherence": 0.01,
        },
        {
            "acts_on": "service.coordinator.capacity",
            "how": "multiply",
            "value": 0.65,
            "from_week": 1,
            "weeks": 6,
            "who": {"site": 1},
        },
        {
            "acts_on": "service.psychiatrist.interval_weeks",
            "how": "multiply",
            "value": 1.5,
            "from_week": 4,
            "who": {"arm": "more"},
        },
        {
            "acts_on": "tie.friend.contact_rate",
            "how": "add",
            "value": 0.2,
            "from_week": 5,
            "weeks": 3,
            "who": {"has_partner": False, "diagnosis": ["bipolar", "psychosis"]},
            "uptake": 0.7,
            "adherence": 0.001,
            "decay": 2,
        },
        {
            "acts_on": "service.support_worker.capacity",
            "how": "set",
            "value": 8,
            "from_week": 6,
            "who": {"arm": "more"},
        },
    ],
}


FIRST_EDITION = tomllib.loads(Path(__file__).with_name("first_edition.toml").read_text("utf-8"))[
    "parameters"
]
PARTS = {
    "services": (
        "treatment.", "early.", "crisis.", "takeover.", "trust.", "service.missed_", "wellbeing.",
        "start.off_treatment",
    ),
    "people": ("ego.", "correlation.", "household.", "life.", "illness.from_", "service.recent_"),
    "ties": ("family.", "acquaintance.", "mortality.", "ending.", "tie.friend.", "naming.", "map."),
}  # fmt: skip
"""By part of the world, how the parameters begin that switch it off."""
SWITCHED_OFF = {
    "nothing": {},
    **{
        part: {path: value for path, value in FIRST_EDITION.items() if path.startswith(begins)}
        for part, begins in PARTS.items()
    },
    "everything": FIRST_EDITION,
}


def scaled(scenario, egos=EGOS, parameters=None):
    """Return the scenario with fewer egos, staff to match, and other parameters."""
    said = scenario.resolved()
    said["parameters"] |= parameters or {}
    said["world"]["scale"] = egos / said["world"]["egos_per_team"]
    return parse_scenario(said)


def busy(egos=EGOS, **parameters):
    return scaled(parse_scenario(BUSY | {"parameters": BUSY["parameters"] | parameters}), egos)


def allocation(scenario, week, egos=EGOS):
    """Return arms for the arms a scenario names, and baseline interviews from a week on."""
    named = sorted({arm for shock in scenario.shocks for arm in shock.who.arm or ()})
    baseline = week + np.arange(egos, dtype=np.int32) % 4
    baseline[::5] = -1
    arms = {"arms": ("usual", *named), "baseline": baseline}
    if named:
        arms["arm"] = np.arange(egos, dtype=np.int32) % (1 + len(named))
        arms["post_arm"] = np.arange(11, dtype=np.int32) % (1 + len(named))
    return arms


class Watching(CohortModel):
    """Keeps every ego's weekly row."""

    def record_week(self):
        if not hasattr(self, "rows"):
            self.rows = []
        self.rows.append([ego.weekly_row() for ego in self.egos])


def assert_same(history, model):
    assert first_difference(history.team, model.to_team()) is None
    assert history.team.digest() == model.to_team().digest()
    assert history.events.tolist() == model.event_table().tolist()


@pytest.mark.parametrize("off", SWITCHED_OFF)
@pytest.mark.parametrize("name", list_scenarios())
def test_the_twin_is_the_kernel_in_every_scenario(name, off):
    scenario = scaled(read_scenario(name), parameters=SWITCHED_OFF[off])
    first = max(min((shock.starts for shock in scenario.shocks), default=0) - 4, 0)
    arms = allocation(scenario, first)
    team = begin_team(scenario, PLACE, KEY, first)
    model = Watching(scenario, PLACE, KEY, week=first, **arms)
    assert first_difference(team, model.to_team()) is None
    model.live(WEEKS)
    everybody = Watched(
        np.arange(EGOS, dtype=np.int32), np.full((EGOS, 1), -9999, np.int32), first, WEEKS
    )
    history = live(scenario, PLACE, team, KEY, first + WEEKS, watched=everybody, **arms)
    assert_same(history, model)
    assert np.array_equal(history.weekly, np.array(model.rows, np.float32).swapaxes(0, 1))


def test_the_twin_is_the_kernel_after_every_week_of_shocks():
    scenario = busy()
    arms = allocation(scenario, 0)
    team = begin_team(scenario, PLACE, KEY, 0)
    model = CohortModel.from_team(team, scenario, PLACE, KEY, **arms)
    for week in range(1, WEEKS + 1):
        model.live_week()
        assert_same(live(scenario, PLACE, team, KEY, week, **arms), model)
    seen = {event.event for event in model.events}
    assert {Event.EPISODE_START, Event.VISIT_CANCELLED, Event.COERCION} <= seen
    assert Cause.CLOSURE in {event.cause for event in model.events}
    assert [e for e in model.events if e.kind == Kind.ACTIVITY and e.event == Event.TIE_BEGAN]


def test_the_twin_is_the_kernel_when_everything_has_happened():
    scenario = busy(egos=40)
    arms = allocation(scenario, 0, egos=40)
    model = CohortModel(scenario, PLACE, KEY, week=-8, **arms)
    team = begin_team(scenario, PLACE, KEY, -8)
    model.live(104)
    assert_same(live(scenario, PLACE, team, KEY, 96, **arms), model)
    assert {event.event for event in model.events} == set(Event)
    assert {event.cause for event in model.events} == set(Cause)


def test_the_twin_is_the_kernel_over_years_with_ties_that_hang_together():
    deaths = {"mortality.at_70": 0.04, "mortality.pet": 0.3, "tie.kin.strength_functions": 0.4}
    scenario = busy(egos=40, **deaths)
    arms = allocation(scenario, 0, egos=40)
    model = CohortModel(scenario, PLACE, KEY, week=-30, **arms)
    team = begin_team(scenario, PLACE, KEY, -30)
    assert first_difference(team, model.to_team()) is None
    model.live(30 + 120)
    assert_same(live(scenario, PLACE, team, KEY, 120, **arms), model)
    died = [event.kind for event in model.events if event.cause == Cause.BEREAVEMENT]
    assert {Kind.PARENT, Kind.PET} <= set(died)


def test_a_team_survives_the_way_into_objects_and_back():
    scenario = busy()
    arms = allocation(scenario, 0)
    team = live(scenario, PLACE, begin_team(scenario, PLACE, KEY, 0), KEY, 8, **arms).team
    before = team.digest()
    model = CohortModel.from_team(team, scenario, PLACE, KEY, **arms)
    assert first_difference(team, model.to_team()) is None
    model.live(4)
    assert team.digest() == before
    longer = live(scenario, PLACE, team, KEY, 12, **arms).team
    assert first_difference(longer, model.to_team()) is None


def test_more_slots_change_nothing():
    scenario = busy()
    arms = allocation(scenario, 0)
    team = begin_team(scenario, PLACE, KEY, 0)
    wider = widen(team, 8)
    assert wider.slots == team.slots + 8
    assert begin_team(scenario, PLACE, KEY, 0, slots=team.slots + 8).digest() == team.digest()
    here, there = (live(scenario, PLACE, one, KEY, WEEKS, **arms) for one in (team, wider))
    model = CohortModel.from_team(wider, scenario, PLACE, KEY, **arms)
    model.live(WEEKS)
    assert here.team.digest() == there.team.digest() == model.to_team().digest()
    assert here.events.tobytes() == there.events.tobytes()


UNCOMPILED = """
import json, sys
import numba, numpy as np
from sim.world.run import Place, begin_team, live
from sim.world.scenario import parse_scenario
from sim.world.streams import key_of
assert numba.config.DISABLE_JIT
said, arms = json.load(sys.stdin)
arms = {name: value if name == "arms" else np.array(value) for name, value in arms.items()}
scenario = parse_scenario(said)
team = begin_team(scenario, Place(1, 1), key_of(11, 2), 0)
print(live(scenario, Place(1, 1), team, key_of(11, 2), 4, **arms).team.digest())
"""


def test_the_kernel_is_the_same_without_its_compiler():
    scenario = busy(egos=6)
    arms = allocation(scenario, 0, egos=6)
    team = begin_team(scenario, PLACE, KEY, 0)
    expected = live(scenario, PLACE, team, KEY, 4, **arms).team.digest()
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", UNCOMPILED],
        input=json.dumps([scenario.resolved(), arms], default=np.ndarray.tolist),
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip() == expected, ran.stderr


class PatientTie(Tie):
    """A cancelled visit costs no trust."""

    def suffer_cancellation(self):
        pass


class PatientModel(CohortModel):
    tie_class = PatientTie


def test_a_rule_can_be_changed_in_a_subclass():
    scenario = busy(**{"wellbeing.insecurity": 0})  # which would feel trust in the same week
    arms = allocation(scenario, 0)
    usual, patient = (
        kind(scenario, PLACE, KEY, week=0, **arms) for kind in (CohortModel, PatientModel)
    )
    cancelled = 0
    while not cancelled:  # until then the two worlds are one
        assert first_difference(usual.to_team(), patient.to_team()) is None
        usual.live_week()
        patient.live_week()
        cancelled = sum(usual.egos.get("cancelled"))
    difference = first_difference(usual.to_team(), patient.to_team())
    assert "trust" in difference
    for one, other in zip(usual.egos, patient.egos, strict=True):
        for here, there in zip(one.ties, other.ties, strict=True):
            assert here.trust <= there.trust
            assert here.trust == there.trust or one.cancelled > 0


def test_the_example_in_the_docstring_runs():
    result = doctest.testmod(agents)
    assert result.attempted > 5
    assert result.failed == 0


def test_a_life_can_be_looked_into():
    model = CohortModel(scaled(read_scenario("usual-care")), PLACE, KEY, week=0)
    model.live(2)
    living = model.egos.select(lambda ego: ego.alive > 0)
    assert -6 < living.agg("wellbeing", np.mean) < 6
    ego = next(iter(living))
    assert all(tie.ego is ego for tie in ego.ties)
    assert ego.lines[0].tie is None or ego.lines[0].tie in ego.ties
    assert "trust" in repr(ego.ties[0])


def test_a_difference_is_named():
    team = begin_team(busy(), PLACE, KEY, 0)
    other = team.copy()
    other.egos["severity"][3] += np.float32(0.25)
    assert "before week 0: ego 3, severity" in first_difference(team, other)
    other = team.copy()
    other.ties["trust"][5, 0, 2] = -0.0
    assert "ego 5, slot 2" in first_difference(team, other)
    assert "trust" in first_difference(team, other)
    other = team.copy()
    other.ledger[1, 2] += 1
    assert "ledger of line 1, wanted" in first_difference(team, other)
    other = team.copy()
    other.diary[0, 1, 5] += 1
    assert "diary of post 1, booked" in first_difference(team, other)


def test_the_twin_is_written_independently_of_the_kernel():
    files = [
        Path(agents.__file__),
        *sorted((Path(agents.__file__).parent / "twin").glob("*.py")),
    ]
    assert len(files) > 5
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                assert not module.startswith(("sim.world.phases", "sim.world.week")), path
