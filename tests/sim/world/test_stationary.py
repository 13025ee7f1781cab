"""The world by itself: three years of usual care from which no mean drifts, and published rates.

Statistical checks of a few hundred teams (`make verify`). Each claim has a tolerance and fails only
if the estimate is outside it by more than its Monte Carlo error explains, with a false-alarm rate
of 1e-4 shared out over everything the claim compares. `egocohort evidence` leaves a table and a
picture of the drift, quarter by quarter, in results/verification/.
"""

from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from analysis.evidence.drift import TIES
from sim.side_by_side import side_by_side
from sim.world.kinds import Cause, Event
from sim.world.phases import layout as c
from sim.world.run import Watched, live, places, run_in
from sim.world.state import LEDGER, WEEKLY_COLUMNS
from sim.world.streams import key_of

pytestmark = pytest.mark.verify

FALSE_ALARM = 1e-4
REPLICATES = 40
YEARS = 3
EGOS = (
    "acute severity capacity share guilt remorse care unmet understood engagement groups churn "
    "wellbeing service_trust overload emotional practical illness advocacy distraction on_caseload"
).split()
FELT = "trust closeness strain load imbalance openness support anticipated importance".split()


def outside(estimate, error, low, high, comparisons=1):
    """Whether an estimate with this Monte Carlo error lies outside [low, high] beyond chance."""
    z = stats.norm.isf(FALSE_ALARM / 2 / comparisons)
    return (estimate + z * error < low) | (estimate - z * error > high)


def mean_and_error(per_team):
    """Mean over teams, which are independent, and its Monte Carlo standard error."""
    values = np.asarray(per_team, float)
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))


def describe(team):
    """Means over the living egos of a team, and over the ties they have."""
    alive = team.egos["alive"] > 0
    group = team.column("group")[alive]
    row = {name: np.isin(group, groups).sum() / alive.sum() for name, groups in TIES.items()}
    row |= {name: team.egos[name][alive].mean(dtype=float) for name in EGOS}
    people = (group >= 0) & (group < 9)
    row |= {f"{n} (people)": team.column(n)[alive][people].mean(dtype=float) for n in FELT}
    return row


def spreads(team):
    """Standard deviations between egos, or between ties, of what has no natural size."""
    alive = team.egos["alive"] > 0
    group = team.column("group")[alive]
    people = (group >= 0) & (group < 9)
    row = {name: team.egos[name][alive].std(dtype=float) for name in EGOS}
    return row | {f"{n} (people)": team.column(n)[alive][people].std(dtype=float) for n in FELT}


class Years(NamedTuple):
    """Everything kept of the teams: by team, then year."""

    rows: list  # of years 0 to 3
    spreads: list
    starts: list  # teams at week 0
    ends: list  # teams at week 52
    events: list  # of the whole time
    acute: list  # (E, weeks) bool


@pytest.fixture(scope="module")
def years(world_of):
    scenario = world_of()
    return Years(*zip(*side_by_side(
        lambda job: three_years(scenario, *job),
        [(place, key_of(77, r)) for r in range(REPLICATES) for place in places(scenario)],
        threads=2,
    ), strict=True))  # fmt: skip


def three_years(scenario, place, key):
    """One team's fields of `Years`."""
    team = start = run_in(scenario, place, key)
    n = team.egos.size
    nobody = np.full((n, 1), c.NEVER, np.int32)
    rows, spread, events, acute, first = [describe(team)], spreads(team), [], [], None
    for year in range(1, YEARS + 1):
        watched = Watched(np.arange(n, dtype=np.int32), nobody, 52 * (year - 1), 52)
        history = live(scenario, place, team, key, 52 * year, watched=watched)
        team = history.team
        first = first or team
        rows.append(describe(team))
        events.append(history.events)
        acute.append(history.weekly[:, :, WEEKLY_COLUMNS.index("acute")] > 0)
    return rows, spread, start, first, np.concatenate(events), np.concatenate(acute, axis=1)


# drift


class Drift(NamedTuple):
    """How one mean went over the years."""

    what: str
    unit: str
    means: np.ndarray  # (years + 1,)
    errors: np.ndarray  # (years + 1,), of the change since week 0; of the mean at week 0
    scale: float  # what a change is measured in
    per_year: float
    per_year_error: float


@pytest.fixture(scope="module")
def drifts(years):
    found = []
    for what in years.rows[0][0]:
        table = np.array([[row[what] for row in team] for team in years.rows])
        means, errors = mean_and_error(table)
        change, change_error = mean_and_error(table - table[:, :1])
        is_tie = what in TIES
        scale = means[0] if is_tie else np.mean([one[what] for one in years.spreads])
        found.append(Drift(
            what, "share of the mean" if is_tie else "SD between members", means,
            np.concatenate([errors[:1], change_error[1:]]), scale,
            change[-1] / YEARS / scale, change_error[-1] / YEARS / scale,
        ))  # fmt: skip
    return found


@pytest.mark.parametrize("what", TIES)
def test_no_class_of_ties_drifts(what, drifts):
    one = next(one for one in drifts if one.what == what)
    assert one.per_year_error < 0.004  # else the check below could see nothing
    assert not outside(one.per_year, one.per_year_error, -0.02, 0.02, len(TIES)), one


@pytest.mark.parametrize("what", [*EGOS, *(f"{name} (people)" for name in FELT)])
def test_no_mean_of_egos_or_feelings_drifts(what, drifts):
    one = next(one for one in drifts if one.what == what)
    assert one.per_year_error < 0.01  # egos of a team share workers, so overload is the least sure
    assert not outside(one.per_year, one.per_year_error, -0.02, 0.02, len(EGOS + FELT)), one


# illness (B17-B19)


def deaths(events, n):
    week = np.full(n, 10**6)
    died = events[events["event"] == Event.DEATH]
    week[died["ego"]] = died["week"]
    return week


def test_schizophrenia_like_onsets_when_well(years):
    """B17: .006 a week, within a tenth."""
    rates = []
    for start, events, acute in zip(years.starts, years.events, years.acute, strict=True):
        n, weeks = acute.shape
        plain = start.egos["bipolar"] == 0
        before = np.concatenate([start.egos["acute"][:, None] > 0, acute[:, :-1]], axis=1)
        alive = np.arange(weeks) < deaths(events, n)[:, None]
        began = events[events["event"] == Event.EPISODE_START]
        at_risk = (~before & alive & (start.egos["alive"] > 0)[:, None])[plain].sum()
        rates.append((plain[began["ego"]].sum(), at_risk))
    onsets, at_risk = np.array(rates, float).T
    rate = onsets.sum() / at_risk.sum()
    error = np.std(onsets - rate * at_risk, ddof=1) * np.sqrt(len(rates)) / at_risk.sum()
    assert not outside(rate, error, 0.0054, 0.0066), (rate, error)


def spells(events, what):
    """(ego, week) of one event, in order."""
    chosen = events[events["event"] == what]
    return np.stack([chosen["ego"], chosen["week"]], axis=1)


def test_bipolar_like_recurrence_from_an_index_end(years):
    """B18: 44 % in the first year, 19 % in the second of those free in the first; within .03."""
    followed = []
    for start, events in zip(years.starts, years.events, strict=True):
        died = deaths(events, start.egos.size)
        began = spells(events, Event.EPISODE_START)
        for ego, week in spells(events, Event.EPISODE_END):
            if start.egos["bipolar"][ego] == 0 or week > 52 * (YEARS - 2):
                continue
            later = began[(began[:, 0] == ego) & (began[:, 1] > week), 1]
            gap = later.min(initial=10**6) - week
            if min(gap, 104) <= died[ego] - week:
                followed.append(gap)
    gap = np.array(followed)
    first = np.mean(gap <= 52)
    second = np.mean(gap[gap > 52] <= 104)
    first_error = np.sqrt(first * (1 - first) / gap.size)
    second_error = np.sqrt(second * (1 - second) / (gap > 52).sum())
    assert not outside(first, first_error, 0.41, 0.47, 2), (first, first_error)
    assert not outside(second, second_error, 0.16, 0.22, 2), (second, second_error)


def test_the_median_episode_runs_thirteen_weeks(years):
    """B19, with all that shortens an episode: within a week."""
    lengths = []
    for events in years.events:
        ended = spells(events, Event.EPISODE_END)
        for ego, week in spells(events, Event.EPISODE_START):
            if week < 52 * (YEARS - 2):
                later = ended[(ended[:, 0] == ego) & (ended[:, 1] >= week), 1]
                lengths.append(later.min(initial=10**6) - week)
    lengths = np.array(lengths)
    error = 0.5 / np.sqrt(lengths.size)
    assert not outside(np.mean(lengths < 12), error, 0, 0.5, 2), np.median(lengths)
    assert not outside(np.mean(lengths > 14), error, 0, 0.5, 2), np.median(lengths)


# services (B23-B32)


def test_staff_leave_as_published(years):
    """B27: leavers .16 to .24 a year of a post; here from those in the same post a year later."""
    stayed, filled = 0, 0
    for start, end in zip(years.starts, years.ends, strict=True):
        here = start.posts["vacant_until"] == c.NEVER
        there = end.posts["vacant_until"] == c.NEVER
        same = here & there & (start.posts["incumbent"] == end.posts["incumbent"])
        stayed, filled = stayed + same.sum(), filled + here.sum()
    share = stayed / filled
    error = np.sqrt(share * (1 - share) / filled) / share
    assert not outside(-np.log(share), error, 0.16, 0.24), share


def test_the_coordinated_change_a_worker_as_often_as_published(years):
    """35 to 50 % of those with a co-ordinator see at least one worker change in a year."""
    shares = []
    for start, events in zip(years.starts, years.events, strict=True):
        changed = (events["event"] == Event.TIE_ENDED) & (events["week"] < 52)
        changed &= np.isin(events["cause"], [Cause.TURNOVER, Cause.REASSIGNMENT])
        coordinated = np.flatnonzero(start.lines["slot"][:, 1] >= 0)
        shares.append(np.isin(coordinated, events["ego"][changed]).mean())
    share, error = mean_and_error(shares)
    assert not outside(share, error, 0.35, 0.50), (share, error)


def ledgers(teams):
    return np.array([team.ledger for team in teams]).swapaxes(0, 2).swapaxes(1, 2)


def test_the_service_cancels_as_often_as_published(years):
    """B31: 5 to 10 % of booked visits, all lines together."""
    rows = dict(zip(LEDGER, ledgers(years.ends), strict=True))
    cancelled = rows["cancelled"].sum(axis=1)
    due = cancelled + (rows["kept"] + rows["missed"]).sum(axis=1)
    share, error = mean_and_error(cancelled / due)
    assert not outside(share, error, 0.05, 0.10), (share, error)


@pytest.mark.parametrize("line", range(3))
def test_the_ledger_closes(line, years, world_of):
    """Visits kept or missed were there staff in plenty, against what the usual staff could give."""
    staff = world_of().world.staff.by_role()
    plenty = {role: {"posts": 8 * len(fte), "fte": [*fte] * 8} for role, fte in staff.items()}
    ample = world_of(parameters={"service.self_ration": 0}, staff=plenty)

    def year(job):
        return live(ample, job[0], run_in(ample, *job), job[1], 52).team

    jobs = [(place, key_of(77, r)) for r in range(4) for place in places(ample)]
    rows = dict(zip(LEDGER, ledgers(side_by_side(year, jobs, threads=2)), strict=True))
    wanted, wanted_error = mean_and_error((rows["kept"] + rows["missed"])[:, line])
    usual = dict(zip(LEDGER, ledgers(years.ends), strict=True))
    there, there_error = mean_and_error(usual["capacity_net"][:, line])
    ratio = wanted / there
    error = ratio * np.hypot(wanted_error / wanted, there_error / there)
    assert not outside(ratio, error, 0.5, 0.95, 3), (ratio, error)
