"""What happened to people in three years is counted right: courses written out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.evidence.care import (
    AWAY,
    CARE_BOUNDS,
    CareShares,
    care_shares,
    less_trusted,
    middle_of,
)
from analysis.evidence.course import (
    NEVER_AGAIN,
    TeamCourse,
    back_in_acute_care,
    course_of_events,
    off_at_onset,
    weeks_away,
    weeks_ill,
)
from sim.world.kinds import Event
from sim.world.parameters import catalogue
from sim.world.scenario import parse_scenario
from sim.world.state import EVENT

START, END = Event.EPISODE_START, Event.EPISODE_END
STOP, RESTART = Event.TREATMENT_STOP, Event.TREATMENT_RESTART
CRISIS, LEFT = Event.CRISIS, Event.DISCHARGE_HOSPITAL


def course(*happened, acute=(0, 0), treated=(1, 1), alive=(1, 1)):
    """Two egos; what happened is (week, ego, event), in any order."""
    events = np.zeros(len(happened), EVENT)
    for row, (week, ego, event) in zip(events, happened, strict=True):
        row["week"], row["ego"], row["event"] = week, ego, event
    egos = np.zeros(2, [("acute", "f4"), ("treated", "f4"), ("alive", "f4")])
    egos["acute"], egos["treated"], egos["alive"] = acute, treated, alive
    team = SimpleNamespace(egos=egos)
    return TeamCourse(team, team, team, course_of_events(events, 2))


def test_weeks_of_events_are_by_ego_and_rising():
    found = course((9, 1, START), (2, 1, START), (5, 0, START), (3, 1, CRISIS))
    assert [found.weeks(START, ego).tolist() for ego in (0, 1)] == [[5], [2, 9]]
    assert found.weeks(CRISIS, 1).tolist() == [3]
    assert found.weeks(END, 0).size == 0


@pytest.mark.parametrize(
    ("happened", "acute", "weeks"),
    [
        ([], 0, 0),
        ([], 1, 52),
        ([(10, 0, END)], 1, 10),
        ([(10, 0, START), (15, 0, END)], 0, 5),
        ([(3, 0, END), (10, 0, START), (15, 0, END)], 1, 8),
        ([(50, 0, START), (60, 0, END)], 0, 2),
        ([(50, 0, START)], 0, 2),
        ([(60, 0, START), (70, 0, END)], 0, 0),
    ],
)
def test_weeks_ill_are_those_of_the_first_year(happened, acute, weeks):
    assert weeks_ill(course(*happened, acute=(acute, 0)), 0) == weeks


def test_an_episode_begins_off_treatment_after_a_stop_and_no_restart():
    found = course(
        (4, 0, START), (10, 0, STOP), (20, 0, START), (30, 0, RESTART), (40, 0, START),
        (7, 1, START), (9, 1, RESTART), (12, 1, START), treated=(1, 0),
    )  # fmt: skip
    assert off_at_onset(found) == (2, 5)
    assert off_at_onset(course()) == (0, 0)


@pytest.mark.parametrize(
    ("happened", "back", "ended"),
    [
        ([], 0, 0),
        ([(5, 0, CRISIS)], 0, 1),
        ([(5, 0, CRISIS), (31, 0, CRISIS)], 1, 2),  # 26 weeks later
        ([(5, 0, CRISIS), (32, 0, CRISIS)], 0, 2),  # 27
        ([(5, 0, CRISIS), (9, 0, LEFT), (35, 0, CRISIS)], 1, 2),  # from the end of the stay
        ([(50, 0, CRISIS), (60, 0, LEFT), (62, 0, CRISIS)], 0, 0),  # ended in the second year
        ([(51, 0, CRISIS), (70, 0, CRISIS)], 1, 1),
        ([(5, 0, CRISIS), (10, 1, CRISIS)], 0, 2),  # of two people
    ],
)
def test_acute_care_again_within_half_a_year(happened, back, ended):
    assert back_in_acute_care(course(*happened)) == (back, ended)


def test_weeks_away_are_from_a_discharge_to_the_next_referral():
    found = course(
        (10, 0, Event.DISCHARGE), (40, 0, Event.REFERRAL), (45, 0, Event.DISCHARGE),
        (60, 0, Event.DISCHARGE), (90, 0, Event.REFERRAL), (3, 1, Event.DISCHARGE),
    )  # fmt: skip
    assert weeks_away(found) == [30, 45, NEVER_AGAIN]
    dead = course((3, 1, Event.DISCHARGE), alive=(1, 0))
    assert weeks_away(dead) == []


def answering(noise):
    """A world in which answers on trust have this error."""
    said = {"id": "w", "title": "W", "parameters": {"question.answer_noise": noise}}
    return parse_scenario(said)


def newly_met(now, last, weeks):
    """A team of egos with one worker each, met so many weeks ago."""
    n = len(now)
    lines = np.zeros((n, 1), [("slot", "i4"), ("parted", "f4")])
    lines["parted"][:, 0] = last
    columns = {
        "trust": np.array(now, np.float32)[:, None],
        "known": np.array(weeks, np.float32)[:, None],
    }
    egos = np.ones(n, [("alive", "f4")])
    return SimpleNamespace(egos=egos, lines=lines, column=columns.__getitem__)


def test_less_trust_is_an_answer_in_fewer_words():
    far = newly_met([0.01, 0.99, 0.01], [0.99, 0.01, 0.99], [12, 12, 30])
    assert less_trusted(answering(0.001), far) == (pytest.approx(1, abs=1e-6), 2)
    nobody = newly_met([0.5], [0], [12])  # no worker before
    assert less_trusted(answering(0.1), nobody) == (0, 0)
    middle = sum(catalogue()[f"question.trust_{end}"].value for end in ("low", "high")) / 2
    alike = newly_met([middle], [middle], [12])
    lower, of = less_trusted(answering(0.1), alike)
    assert of == 1
    assert 0 < lower < 0.5  # as often more as less, and the same otherwise


def test_shares_have_the_error_of_ratios_and_the_median_that_of_a_median():
    away = np.array([10.0, 20, 30, 200, NEVER_AGAIN])
    found = CareShares({"x": np.array([1.0, 3])}, {"x": np.array([10.0, 10])}, away)
    assert found.share("x") == (pytest.approx(0.2), pytest.approx(0.1))
    assert found.number("x") == 20
    again, error = found.share(AWAY[0])
    assert (again, found.number(AWAY[0])) == (0.6, 5)
    assert error == pytest.approx(np.sqrt(0.6 * 0.4 / 5))
    assert found.share(AWAY[1])[0] == 20


def test_calibration_aims_at_the_middle():
    assert middle_of("a day in hospital within a year") == pytest.approx(0.15)


def test_whole_teams_are_counted_whatever_the_number_of_threads():
    world = parse_scenario({"id": "w", "title": "W", "world": {"runin_weeks": 26}})
    one, two = (care_shares(world, 2, seed=3, threads=threads) for threads in (1, 2))
    assert {*one.hits, *AWAY} == set(CARE_BOUNDS)
    for name in CARE_BOUNDS:
        assert one.share(name) == two.share(name)
        assert one.number(name) > 0
    days = "days in hospital in two years where admissions repeat"
    for name, hits in one.hits.items():
        assert (hits <= one.of[name] * (2 * 365 if name == days else 1)).all()
