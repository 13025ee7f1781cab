"""The same bytes from every run: threads, pieces, slots and processors.

What is compared is everything a run leaves behind: the whole state, the list of events, and what is
kept at interviews and by week.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.side_by_side import side_by_side
from sim.world import run
from sim.world.phases import layout as c
from sim.world.run import Place, Watched, begin_team, live, places, run_in, widen
from sim.world.scenario import list_scenarios
from sim.world.state import EGO, MARK_COLUMNS, TIE_COLUMNS
from sim.world.streams import key_of
from sim.world.week import begin, force, live_weeks

HERE = Place(1, 2)
KEY = key_of(11, 4)
ROOT = Path(run.__file__).resolve().parents[2]
EVERYTHING = [  # every event, and parameters that change and change back
    {"acts_on": "event.link", "how": "force", "value": 1, "from_week": 1},
    {"acts_on": "event.episode", "how": "force", "value": 1, "from_week": 2, "who": {"share": 0.5}},
    {"acts_on": "event.closure", "how": "force", "value": 0.7, "from_week": 3},
    {"acts_on": "service.leaving", "how": "set", "value": 0.4, "from_week": 2},
    {"acts_on": "tie.friend.end_rate", "how": "set", "value": 0.6, "from_week": 2, "weeks": 3},
]


@pytest.fixture(scope="module")
def small(world_of):
    """Two teams of sixteen people, with much happening in the first weeks."""
    return world_of(shock=EVERYTHING, teams_per_site=[2], egos_per_team=16, runin_weeks=8)


def watch_everyone(team, stop):
    n = team.egos.size
    weeks = np.tile(np.array([0, stop - 1, c.NEVER], np.int32), (n, 1))
    return Watched(np.arange(n, dtype=np.int32), weeks, 0, stop)


def digest(history):
    """sha256 of all that a run leaves behind, the same whatever the number of slots."""
    parts = [history.team.digest().encode(), history.events.tobytes(), history.weekly.tobytes()]
    parts += [np.ascontiguousarray(history.egos[name]).tobytes() for name in EGO.names]
    used = history.column("group") >= 0
    parts += [np.argwhere(used).tobytes()]
    parts += [history.column(name)[used].tobytes() for name, *_ in TIE_COLUMNS + MARK_COLUMNS]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def lived(scenario, place=HERE, stop=8, slots=32, key=KEY):
    team = run_in(scenario, place, key, slots)
    return live(scenario, place, team, key, stop, watched=watch_everyone(team, stop))


def test_two_runs(small):
    first, second = lived(small), lived(small)
    assert first.events.size > 50
    assert digest(first) == digest(second)
    assert digest(first) != digest(lived(small, key=key_of(11, 5)))


def test_a_run_leaves_the_team_it_starts_from_as_it_was(small):
    team = run_in(small, HERE, KEY)
    before = team.digest()
    live(small, HERE, team, KEY, 8)
    assert team.digest() == before


def test_one_thread_and_two(small):
    def work(place):
        return digest(lived(small, place))

    alone, beside = (list(side_by_side(work, places(small) * 3, n)) for n in (1, 2))
    assert alone == beside
    assert alone[:2] == alone[2:4] == alone[4:]
    assert len(set(alone)) == 2


def test_weeks_lived_in_pieces(world_of):
    scenario = world_of(egos_per_team=16, runin_weeks=8)
    team = run_in(scenario, HERE, KEY)
    whole = live(scenario, HERE, team, KEY, 8)
    pieces = [live(scenario, HERE, team, KEY, 3)]
    pieces.append(live(scenario, HERE, pieces[0].team, KEY, 4))
    pieces.append(live(scenario, HERE, pieces[1].team, KEY, 8))
    assert pieces[-1].team.digest() == whole.team.digest()
    assert np.concatenate([piece.events for piece in pieces]).tobytes() == whole.events.tobytes()


# slots


@pytest.mark.parametrize("slots", [40, 64])
def test_more_slots(small, slots):
    assert digest(lived(small, slots=slots)) == digest(lived(small))


def test_a_widened_team_goes_on_as_before(small):
    team = run_in(small, HERE, KEY)
    wide = widen(team)
    assert wide.slots == team.slots + 8
    assert wide.digest() == team.digest()
    watched = watch_everyone(team, 8)
    usual = live(small, HERE, team, KEY, 8, watched=watched)
    assert digest(live(small, HERE, wide, KEY, 8, watched=watched)) == digest(usual)


@pytest.mark.parametrize("slots", [8, 16])
def test_too_few_slots_are_found_out_and_nothing_is_lost(small, slots, monkeypatch):
    usual = lived(small)
    monkeypatch.setattr(run, "FIRST_SLOTS", slots)
    begun = begin_team(small, HERE, KEY, -8, slots)
    assert begun.slots > slots  # the population did not fit
    tight = begun.egos["blocks"].max() * 8 == begun.slots
    assert tight  # no more was taken than needed
    assert digest(lived(small, slots=slots)) == digest(usual)


def test_slots_run_out_in_the_run_in(world_of):
    many = {"tie.object.formation": 1, "tie.friend.formation": 1, "tie.weak.formation": 1}
    scenario = world_of(parameters=many, egos_per_team=16, runin_weeks=52)
    begun = begin_team(scenario, HERE, KEY, -52, 8)
    narrow = run_in(scenario, HERE, KEY, 8)
    assert narrow.slots > begun.slots
    wide = run_in(scenario, HERE, KEY, 96)
    assert wide.slots == 96
    assert narrow.digest() == wide.digest()


def test_slots_run_out_in_the_middle_of_a_run(world_of, monkeypatch):
    link = [{"acts_on": "event.link", "how": "force", "value": 1, "from_week": n} for n in range(9)]
    scenario = world_of(shock=link, egos_per_team=16, runin_weeks=0)
    monkeypatch.setattr(run, "FIRST_SLOTS", 8)
    team = run_in(scenario, HERE, KEY, 8)
    narrow = live(scenario, HERE, team, KEY, 12)
    assert narrow.team.slots > team.slots
    wide = live(scenario, HERE, widen(team, 64), KEY, 12)
    assert wide.team.slots == team.slots + 64
    assert narrow.team.digest() == wide.team.digest()
    assert narrow.events.tobytes() == wide.events.tobytes()


def test_a_short_list_of_events_is_found_out(small, monkeypatch):
    usual = lived(small)
    monkeypatch.setattr(run, "FIRST_EVENTS", 3)
    assert digest(lived(small)) == digest(usual)


# processors

SCRIPT = """
import sys
from sim.world.run import Place, live, run_in
from sim.world.scenario import parse_scenario
from sim.world.streams import key_of
scenario = parse_scenario(eval(sys.argv[1]))
place, key = Place(1, 2), key_of(11, 4)
history = live(scenario, place, run_in(scenario, place, key), key, 8)
print(history.team.digest(), len(history.events), hash(history.events.tobytes()))
"""


def elsewhere(scenario, script=SCRIPT, **environment):
    """What the script prints in a process of its own with other settings."""
    settings = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **environment}
    command = [sys.executable, "-W", "ignore", "-c", script, repr(scenario.resolved())]
    done = subprocess.run(
        command, env=os.environ | settings, cwd=ROOT, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def features_of_numpy():
    """The features of this processor that NumPy picks its loops by."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__[name])


def test_without_the_processors_features_in_numpy(small):
    features = features_of_numpy()
    if not features:
        pytest.skip("this NumPy uses no optional feature of this processor")
    assert elsewhere(small, NPY_DISABLE_CPU_FEATURES=features) == elsewhere(small)


RULES_ALONE = """
import hashlib
import numba
import numpy as np
from sim.world.arithmetic import *
from sim.world.parameters import catalogue
from sim.world.phases.layout import with_shares
from sim.world.phases.rates import tie_rates
from sim.world.rules.endings import ending_hazard, ends
from sim.world.rules.exchange import asks, discloses
from sim.world.rules.feelings import strain_after, trust_after
from sim.world.rules.illness import cumulative_onset, episode_weeks
from sim.world.rules.work import is_in_contact
from sim.world.streams import uniforms

@numba.njit(nogil=True, error_model="numpy")
def weeks(x, out, params):
    p = params[0]
    q = tie_rates(p)
    for n in range(x.shape[0]):
        a, b, c, d = uniforms(7, 4096 + n, n % 52, n, (3, 4))
        lanes = NO_LANES
        for k in range(8):
            u = x[n, k]
            t = trust_after(u, a, ONE, b, c, d, u * b, f4(0.06), ONE, q)
            s = strain_after(t, u, a, ONE, ZERO, ONE, q)
            out[n, k] = t + s + normal(u) + exponential(normal(b) * u) - logarithm(u)
            hazard = ending_hazard(d, a, ONE, b, s, t, c, ZERO, q)
            out[n, k] += ends(u * f4(0.02), hazard) * t + hazard
            out[n, k] += asks(a, ONE, u, t, s, b, c, d, u, q)
            out[n, k] += is_in_contact(b, ONE, u, t, s, c, d, ZERO, q) * s
            out[n, k] += discloses(c, ONE, t, s, u, ONE, a, b, f4(n), d, q) * survival(f4(9) * u)
        lanes = add_lanes(lanes, out[n])
        out[n, 0] = across(lanes) + highest(highest_lanes(NO_LANES, out[n]))
        out[n, 1] = episode_weeks(a, p) + cumulative_onset(f4(n), ONE, p)

grid = (np.arange(8 * 4096, dtype=np.float32).reshape(-1, 8) + f4(0.5)) / f4(8 * 4096)
out = np.zeros_like(grid)
weeks(grid, out, with_shares(catalogue().record()))
print(np.isfinite(out).all(), hashlib.sha256(out.tobytes()).hexdigest())
"""


def test_rules_compiled_for_a_generic_processor(small):
    """A cheap part of the check below: the same rules, blocks and sums in a small kernel."""
    generic = elsewhere(small, RULES_ALONE, NUMBA_CPU_NAME="generic")
    assert generic.startswith("True")
    assert generic == elsewhere(small, RULES_ALONE)


@pytest.mark.verify
def test_the_kernel_compiled_for_a_generic_processor(small, tmp_path):
    cache = str(tmp_path)
    generic = elsewhere(small, NUMBA_CPU_NAME="generic", EGOCOHORT_CACHE=cache)
    assert generic == elsewhere(small)
    features = {"NUMBA_CPU_NAME": "generic", "NPY_DISABLE_CPU_FEATURES": features_of_numpy()}
    assert elsewhere(small, EGOCOHORT_CACHE=cache, **features) == generic


def test_every_scenario_runs_through_one_compiled_kernel(world_of):
    for name in list_scenarios():
        scenario = world_of(name, egos_per_team=10, runin_weeks=2)
        team = run_in(scenario, HERE, KEY)
        history = live(scenario, HERE, team, KEY, 52, watched=watch_everyone(team, 4))
        live(scenario, HERE, team, KEY, 4, force_at=(2, 1))
        assert history.team.week == 52
    assert len(live_weeks.signatures) == len(begin.signatures) == len(force.signatures) == 1
