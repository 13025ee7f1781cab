"""People of a world: what is said of one trait holds, traits hang together as asked, pasts differ.

Populations are begun, and hardly lived: thousands of people in a second. Bounds are some standard
errors wide, so that a correct program passes with any seed.
"""

from itertools import pairwise
from math import sqrt

import numpy as np
import pytest
from scipy import stats

from sim.world.kinds import Diagnosis, Event, Group, Household, Kind
from sim.world.latents import pair_of
from sim.world.parameters import catalogue
from sim.world.run import Place, begin_team, live, run_in
from sim.world.streams import key_of

TEAMS = 30
FALSE_ALARM = 1e-5
ASKED = {pair_of(path): one.value for path, one in catalogue().items() if pair_of(path)}
HERE = Place(1, 1)


def population(scenario, teams=TEAMS):
    """Egos of some teams at the start of the run-in, and the teams."""
    found = [begin_team(scenario, HERE, key_of(9, r), -52) for r in range(teams)]
    return np.concatenate([team.egos for team in found]), found


@pytest.fixture(scope="module")
def on(world_of):
    return population(world_of(egos_per_team=288))


@pytest.fixture(scope="module")
def off(world_of, first_edition):
    return population(world_of(parameters=first_edition, egos_per_team=288))


def latent_of(egos):
    """The latents that can be read off an ego without loss, standard normal each."""

    def own(name, group):
        sd = catalogue()[f"tie.{group}.set_point_log_sd"].value
        loading = catalogue()[f"tie.{group}.sociability_loading"].value
        effect = catalogue()["ego.stigma_set_point"].value if group in ("friend", "weak") else 0
        log = np.log(egos[name]) + effect * egos["stigma"]
        own = (log - loading * sd * egos["sociability"]) / (sd * sqrt(1 - loading**2))
        return own - own.mean()

    need = catalogue()["ego.severity_need"].value
    severity = (egos["base_severity"] - need * egos["need"]) / catalogue()["ego.severity_sd"].value
    return {
        "severity": np.where(egos["base_severity"] > 0, severity, np.nan),
        "sociability": egos["sociability"], "stigma": egos["stigma"],
        "capacity": np.log(egos["base_capacity"]), "frailty": np.log(egos["frailty"]),
        "wellbeing": egos["base_wellbeing"], "kin": own("set_kin", "kin"),
        "friend": own("set_friend", "friend"), "weak": own("set_weak", "weak"),
    }  # fmt: skip


LINES = [pair for pair in ASKED if {one.name.lower() for one in pair} <= {
    "severity", "sociability", "stigma", "capacity", "frailty", "wellbeing", "kin", "friend", "weak"
}]  # fmt: skip
FLAGS = {
    "male": lambda egos, _: egos["male"] == 1,
    "employed": lambda egos, _: egos["employed"] > 0,
    "settled": lambda egos, _: egos["settled"] > 0,
    "diagnosis": lambda egos, _: egos["diagnosis"] == Diagnosis.SCHIZOPHRENIA,
    "partner": lambda _, teams: np.concatenate(
        [(team.column("group") == Group.PARTNER).any(axis=1) for team in teams]
    ),
}


@pytest.mark.parametrize("pair", LINES, ids=str)
def test_traits_that_are_numbers_are_correlated_as_asked(pair, on):
    egos, _ = on
    one, other = (latent_of(egos)[latent.name.lower()] for latent in pair)
    kept = ~np.isnan(one + other)
    r, n = np.corrcoef(one[kept], other[kept])[0, 1], kept.sum()
    # severity is cut at 0, which a few per cent are; the correlation of what is left is a bit less
    assert r == pytest.approx(ASKED[pair], abs=0.02 + 4 * (1 - r * r) / sqrt(n))


@pytest.mark.parametrize(
    "pair", [p for p in ASKED if {one.name.lower() for one in p} & set(FLAGS)], ids=str
)
def test_flags_and_kinds_go_with_other_traits_as_the_normal_law_says(pair, on):
    """Of those with the flag, the other latent has the mean of the law; of two flags, both hold."""
    egos, teams = on
    names = [latent.name.lower() for latent in pair]
    asked, n = ASKED[pair], egos.size
    flags = {name: FLAGS[name](egos, teams) for name in names if name in FLAGS}
    if len(flags) == 2:
        (a, b), (p, q) = flags.values(), (flag.mean() for flag in flags.values())
        cut = [stats.norm.ppf(p), stats.norm.ppf(q)]
        both = stats.multivariate_normal([0, 0], [[1, asked], [asked, 1]]).cdf(cut)
        assert (a & b).mean() == pytest.approx(both, abs=4.5 * sqrt(both / n))
        return
    (name, flag), share = *flags.items(), None
    share = flag.mean()
    other = next(one for one in names if one != name)
    z = egos["age"] if other == "age" else latent_of(egos)[other]
    z = (z - np.nanmean(z)) / np.nanstd(z)
    expected = asked * stats.norm.pdf(stats.norm.ppf(share)) / share
    error = 1 / sqrt(flag.sum())
    assert np.nanmean(z[flag]) == pytest.approx(expected, abs=0.03 + 4.5 * error)


def test_what_is_said_of_one_trait_holds_whatever_the_correlations(on, off, first_edition):
    for (egos, teams), said in ((on, {}), (off, first_edition)):
        n = egos.size
        partner = FLAGS["partner"](egos, teams)
        for flag, path in (
            (egos["male"], "ego.male_share"), (egos["non_white"], "ego.non_white_share"),
            (egos["employed"], "ego.employed_share"), (egos["settled"], "ego.settled_share"),
            (egos["diagnosis"] == Diagnosis.BIPOLAR, "ego.bipolar_share"),
            (egos["diagnosis"] == Diagnosis.PSYCHOSIS, "ego.psychosis_share"),
            (partner, "tie.partner.latent_mean"),
        ):  # fmt: skip
            share = said.get(path, catalogue()[path].value)
            tail = stats.binom.cdf(int(flag.sum()), n, share)
            assert FALSE_ALARM < tail < 1 - FALSE_ALARM, path
        for name in ("stigma", "sociability", "need", "propensity"):
            assert abs(egos[name].mean(dtype=float)) < 4.5 / sqrt(n)
            assert egos[name].std(dtype=float) == pytest.approx(1, abs=4.5 / sqrt(2 * n))


def test_what_does_not_hang_together_is_not_correlated(off):
    egos, _ = off
    found = latent_of(egos)
    del found["severity"]  # does not differ by itself, as shipped
    r = np.corrcoef([found[name] for name in found]) - np.eye(len(found))
    assert np.abs(r).max() < 5 / sqrt(egos.size)


def test_a_correlation_moves_nobody_but_those_it_is_of(world_of, first_edition):
    plain, moved = (
        population(world_of(parameters=first_edition | over, egos_per_team=60), 1)[0]
        for over in ({}, {"correlation.severity_stigma": 0.5})
    )
    assert (plain["stigma"] != moved["stigma"]).mean() > 0.9
    for name in ("age", "male", "diagnosis", "sociability", "frailty", "employed", "household"):
        assert np.array_equal(plain[name], moved[name]), name


def test_illness_began_before_now_and_brought_admissions(on):
    egos, _ = on
    assert (egos["years_ill"] >= 0).all()
    assert (egos["years_ill"] <= egos["age"]).all()
    onset = egos["age"] - egos["years_ill"]
    older = egos["age"] >= 50
    bipolar = egos["bipolar"] > 0
    assert 24 < np.median(onset[older & ~bipolar]) < 27.5
    assert 25 < np.median(onset[older & bipolar]) < 31
    share = catalogue()["illness.admission_share"].value
    share = 1 - (1 - share) / (1 - share + share * egos["prone"])
    episodes = catalogue()["illness.past_episodes"].value * egos["years_ill"] * egos["frailty"]
    expected = np.minimum(episodes * share, 20)
    assert egos["past_admissions"].mean() == pytest.approx(expected.mean(), rel=0.08)
    assert egos["past_admissions"].sum() / egos["years_ill"].sum() == pytest.approx(0.115, rel=0.1)


def test_a_past_from_the_onset_begins_with_an_episode(world_of):
    egos, _ = population(world_of(parameters={"illness.from_onset": 1}), 2)
    assert (egos["episode"] >= 1).all()
    long_ago = egos["years_ill"] * 52 + 52
    assert (egos["weeks_since_onset"] <= long_ago).all()


def test_a_caseload_holds_those_who_were_ill_lately(world_of):
    shares = []
    for floor in (1, 0.3, 0.05):
        over = {"service.recent_floor": floor, "service.recent_acute": 1}
        egos, _ = population(world_of(parameters=over), 6)
        bipolar = egos["bipolar"] > 0
        shares.append([egos["acute"][who].mean() for who in (bipolar, ~bipolar)])
    for less, more in pairwise(shares):
        assert less[0] < more[0]
        assert less[1] < more[1]


def test_living_arrangements_are_those_of_the_shares(off):
    egos, teams = off
    partner, parent = (
        np.concatenate(
            [((t.column(name) == code) & (t.column("active") > 0)).any(axis=1) for t in teams]
        )
        for name, code in (("group", Group.PARTNER), ("kind", Kind.PARENT))
    )
    lives = {one: egos["household"] == one for one in Household}
    assert not (lives[Household.PARTNER] & ~partner).any()
    assert not (lives[Household.PARENTS] & ~parent).any()
    n, share = partner.sum(), catalogue()["household.partner"].value
    assert lives[Household.PARTNER][partner].mean() == pytest.approx(share, abs=4 / sqrt(n))
    free = parent & ~lives[Household.PARTNER]
    young, old = free & (egos["age"] < 35), free & (egos["age"] >= 58)
    assert lives[Household.PARENTS][young].mean() > 0.3
    assert not lives[Household.PARENTS][old].any()
    assert 0.21 < lives[Household.ALONE].mean() < 0.41


def test_who_lives_together_meets_nearly_every_week_withdrawn_or_not(world_of, first_edition):
    met = []
    for daily in (0, 0.95):
        over = first_edition | {"household.daily": daily, "illness.onset_multiplier": 5}
        scenario = world_of(parameters=over, egos_per_team=288, runin_weeks=26)
        team = run_in(scenario, HERE, key_of(2))
        at_home = (team.column("kind") == Kind.PARENT) & (team.column("active") > 0)
        at_home &= (team.egos["household"] == Household.PARENTS)[:, None]
        at_home &= (team.egos["acute"] > 0)[:, None] & (team.egos["ward_days"] == 0)[:, None]
        assert at_home.sum() > 10
        met.append(team.column("recent")[at_home].mean())
    assert met[0] < 0.6
    assert met[1] > 0.85


def test_work_and_unsettled_housing_show_in_weak_ties(on):
    egos, teams = on
    weak = np.concatenate([(team.column("group") == Group.WEAK).sum(axis=1) for team in teams])
    per_set_point = weak / egos["set_weak"]
    works, settled = egos["employed"] > 0, egos["settled"] > 0
    assert per_set_point[works].mean() > 1.3 * per_set_point[~works].mean()
    assert per_set_point[settled].mean() > 1.1 * per_set_point[~settled].mean()


def test_life_happens_at_its_rates_and_leaves_shares_as_they_were(world_of):
    over = {"life.switch": 1, "illness.death_rate": 0, "life.work_lost": 1, "life.home_lost": 0.3}
    scenario = world_of(parameters=over, egos_per_team=288, runin_weeks=0)
    years, seen, changed = 0, [], []
    for r in range(6):
        start = run_in(scenario, HERE, key_of(4, r))
        history = live(scenario, HERE, start, key_of(4, r), 104)
        years += 2 * start.egos.size
        seen.append(history.events["event"])
        now = history.team.egos
        changed += [now["employed"].mean() - start.egos["employed"].mean()]
        last = history.events[history.events["event"] == Event.WORK_LOST]
        assert last.size > 0
    events = np.concatenate(seen)
    share = catalogue()["ego.settled_share"].value
    rates = {
        Event.HOME_LOST: 0.3 * share, Event.HOME_FOUND: 0.3 * share,
        Event.MOVE: 0.12 * (share + 3 * (1 - share)),
        Event.BENEFITS_STOPPED: 0.05 * (1 - catalogue()["ego.employed_share"].value),
    }  # fmt: skip
    for event, rate in rates.items():
        n = (events == event).sum()
        assert n / years == pytest.approx(rate, abs=5 * sqrt(rate / years))
    assert abs(np.mean(changed)) < 0.02


def test_what_is_lost_hurts_and_brings_episodes(world_of):
    onsets, wellbeing = [], []
    for switch in (0, 1):
        over = {"life.switch": switch, "life.benefits": 0.3, "life.move": 0.5, "life.onset": 2.8}
        scenario = world_of(parameters=over, egos_per_team=288, runin_weeks=0)
        history = live(scenario, HERE, run_in(scenario, HERE, key_of(4)), key_of(4), 104)
        onsets.append((history.events["event"] == Event.EPISODE_START).sum())
        wellbeing.append(history.team.egos["wellbeing"].mean())
    assert onsets[1] > 1.2 * onsets[0]
    assert wellbeing[1] < wellbeing[0]
