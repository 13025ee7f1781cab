"""Conditions of a study: each changes its own figure by as much as was asked, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import InputError
from sim.study.alter_tables import aaties, alters
from sim.study.columns import broken_off, minutes
from sim.study.conditions import as_held, interviewers_of, terms_of
from sim.study.error_kinds import error_kinds
from sim.study.forgetting import AS_BEFORE
from sim.study.interview import AFRESH, REVISITED, draw_maps
from sim.study.missing import NOT_ASKED, NOT_REACHED
from sim.study.participate import attend, solve_dial, yardstick
from sim.study.pull import close_ties_lost, pull_of
from sim.study.recruit import unequal_sizes
from sim.study.reference import solved_absence
from sim.study.settings import Participation
from sim.study.simulate import interview, simulate_study
from sim.study.spec import parse_study, read_study
from sim.study.tables import study_tables
from sim.world.kinds import Group, Kind
from sim.world.scenario import read_scenario
from sim.world.streams import key_of

SE = 4  # a false alarm in 16,000
TABLE = pytest.mark.parametrize(
    ("rate", "anew", "shown"),
    [(0.05, 0.095, 0.058), (0.10, 0.183, 0.108), (0.20, 0.333, 0.200), (0.30, 0.461, 0.278)],
)
"""Turnover without any change, in 20,000 people with nine members each: a simulation of others."""

SAID = {
    "id": "large", "title": "Large", "frame": {"teams_per_site": [1, 1, 1]},
    "recruitment": {"n": 700, "interest": 1.0, "consent": 1.0, "severity_ceiling": 1.0},
    "waves": {"weeks": [0, 26, 52]},
}  # fmt: skip


def study_with(errors, **changes):
    return as_held(parse_study({**SAID, **changes, "errors": errors}))


@pytest.fixture(scope="module")
def large():
    """Seven hundred people at three waves, without conditions."""
    return simulate_study(read_scenario("usual-care"), parse_study(SAID), seed=5)


@pytest.fixture(scope="module")
def under(large):
    """The same people interviewed under conditions."""

    def interviewed(errors, key=None, sample=None, **changes):
        study, key = study_with(errors, **changes), large.key if key is None else key
        sample = large.sample if sample is None else sample
        dial, measure = solved_absence(study, large.lived)
        seen = interview(study, sample, large.params, key, dial, measure)
        return replace(
            large, study=study, sample=sample, key=key, telephone=seen.telephone,
            visits=seen.visits, maps=seen.maps, dial=dial,
        )  # fmt: skip

    return interviewed


def share_is(found, expected):
    n = np.asarray(found).size
    return abs(np.mean(found) - expected) <= SE * np.sqrt(expected * (1 - expected) / n)


def turnover(maps):
    first, second = maps.named[:, 0], maps.named[:, 1]
    either = first | second
    return (either & ~(first & second))[either]


def maps_of(people, ties, record, terms, how):
    n = 1500
    egos, members = people(n, 2), ties(n, 2, 16, int(Group.KIN))
    there = np.ones((n, 2), bool)
    return draw_maps(egos, members, there, ~there[:, 0], record(), key_of(3), how, terms=terms)


def made_terms(errors, n, waves=2):
    there = np.ones((n, waves), bool)
    site, weeks = np.ones(n, int), np.zeros((n, waves), int)
    return terms_of(study_with(errors), site, weeks, there, ~there[:, 0], key_of(3))


@TABLE
def test_forgetting_alone_turns_maps_over_as_in_the_table(people, ties, record, rate, anew, shown):
    """With the same chance in all circles, as the table has it, to its third figure."""
    same = np.full(3, rate, np.float32)
    for more, how, expected in (
        ({}, AFRESH, anew),
        ({"dependent_interviewing": 0.8}, REVISITED, shown),
    ):
        terms = made_terms({"forgotten": rate, **more}, 1500)._replace(chance=same)
        found = turnover(maps_of(people, ties, record, terms, how))
        slack = 0.002  # of a table that is itself simulated
        error = np.sqrt(expected * (1 - expected) / found.size)
        assert abs(found.mean() - expected) < SE * error + slack


def test_outer_circles_are_forgotten_at_the_stated_odds(people, ties, record):
    terms = made_terms({"forgotten": 0.2}, 1500)
    odds = terms.chance / (1 - terms.chance)
    np.testing.assert_allclose(odds, 0.25 * np.array([1, 1.5, 2.5]), rtol=1e-5)
    never = terms._replace(chance=np.zeros(3, np.float32))
    would = maps_of(people, ties, record, never, AFRESH)
    seen = maps_of(people, ties, record, terms, AFRESH)
    np.testing.assert_array_equal(would.named, would.ideal)
    for circle in (1, 2, 3):
        theirs = would.circle == circle
        assert share_is(seen.forgotten[theirs], float(terms.chance[circle - 1]))
    np.testing.assert_array_equal(seen.named, would.named & ~seen.forgotten)


def test_forgetting_takes_the_place_of_that_of_interviews(people, ties, record):
    terms = made_terms({"forgotten": 0.0, "dependent_interviewing": 0.8}, 1500)
    maps = maps_of(people, ties, record, terms, REVISITED)
    assert not maps.forgotten.any()
    np.testing.assert_array_equal(maps.named, maps.ideal)


def test_showing_the_map_cuts_what_maps_that_are_gone_through_forget(people, ties, record):
    n = 1500
    egos, members = people(n, 2), ties(n, 2, 16, int(Group.KIN))
    there, params = np.ones((n, 2), bool), record(naming__forgetting=0.2)
    terms = made_terms({"dependent_interviewing": 0.8}, n)
    maps = draw_maps(egos, members, there, ~there[:, 0], params, key_of(3), terms=terms)
    assert share_is(maps.forgotten[:, 1][maps.named[:, 0]], 0.04)


def test_those_who_learned_name_fewer(large, under):
    seen = under({"panel_learning": 0.12})
    for wave, share in enumerate((1, 0.88, 0.88**2)):
        before = large.maps.named[:, wave]
        assert share_is(seen.maps.named[:, wave][before], share)
    assert not (seen.maps.named & ~large.maps.named).any()


def test_the_telephone_brings_fewer_members_and_no_places(large, under):
    seen = under({"mode": 1.0})
    assert seen.telephone.all()
    objects = large.sample.members["group"] == Group.OBJECT
    objects &= large.sample.members["kind"] != Kind.PET
    for what, factor in ((objects, 0.7), (~objects, 0.9)):
        before, now = (maps.named[what].sum() for maps in (large.maps, seen.maps))
        error = np.sqrt(before * factor * (1 - factor))
        assert abs(now - factor * before) < SE * error
    columns = alters(seen)
    assert (columns["map_x"] == NOT_ASKED).all()
    assert set(np.unique(columns["circle"])) == {1, 2, 3}


def test_some_by_telephone_leaves_the_others_as_they_were(large, under):
    seen = under({"mode": 0.14})
    assert share_is(seen.telephone, 0.14)
    np.testing.assert_array_equal(
        seen.maps.named[~seen.telephone], large.maps.named[~seen.telephone]
    )
    columns = alters(seen)
    by_phone = seen.telephone[np.nonzero(seen.maps.recorded)[0]]
    assert (columns["map_x"] == NOT_ASKED).sum() == by_phone.sum()


def test_a_cap_is_kept_and_those_over_it_are_counted(under):
    seen = under({"cap": 5}, map={"most_members": 12})
    egos = study_tables(seen)["egos"]
    assert egos["n_alters"].max() == 5
    assert (egos["n_named_total"] > 5).any()
    assert under({"cap": 0}, map={"most_members": 2}).maps.recorded.sum(axis=2).max() > 12


def test_waves_are_missed_as_often_as_asked(under):
    kept = (0.75, 0.6)
    seen = under({"missed_waves": "high"}, participation={"retention": [0.99, 0.98]})
    np.testing.assert_allclose(seen.dial.expected[0], (1, *kept), atol=1e-4)
    for wave, share in enumerate(kept, start=1):
        assert share_is(seen.visits.attended[:, wave], share)
    gone = ~seen.visits.attended[:, 1]
    assert 0 < seen.visits.attended[gone, 2].mean() < 0.15 + SE * np.sqrt(0.1275 / gone.sum())


def slopes(missed, *columns):
    """Maximum likelihood log odds and their standard errors."""
    x = np.column_stack([np.ones(missed.size), *columns])
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ beta))
        information = (x * (p * (1 - p))[:, None]).T @ x
        beta += np.linalg.solve(information, x.T @ (missed - p))
    return beta[1:], np.sqrt(np.diag(np.linalg.inv(information)))[1:]


def test_absence_hangs_on_crises_and_lost_ties_at_the_retention_asked_for(people, record):
    rng, n = np.random.default_rng(3), 6000
    egos, scores = people(n, 2), np.zeros((n, 2, 5), np.float32)
    egos["acute"] = rng.uniform(size=(n, 2)) < 0.3
    lost = rng.poisson(1.0, (n, 2))
    study = study_with({"mnar_attrition": 1.0, "missed_waves": 0.2})
    rules = Participation(retention=[0.8])
    pull, measure = pull_of(study, egos, lost), yardstick(scores, egos, "swemwbs")
    nobody = np.zeros(n, int)
    dial = solve_dial(rules, ("",), nobody, scores, egos, "swemwbs", measure, pull)
    seen = attend(dial, nobody, scores, egos, "swemwbs", measure, record(), key_of(0), pull)
    assert dial.expected[0, 1] == pytest.approx(0.8, abs=1e-4)
    assert share_is(seen.attended[:, 1], 0.8)
    found, error = slopes(~seen.attended[:, 1], egos["acute"][:, 1], lost[:, 1])
    assert (abs(found - (1.0, 0.3)) < SE * error).all()


def test_ties_lost_are_those_to_people_one_is_close_to(ties):
    members = ties(1, 3, 6, int(Group.FRIEND))
    members["group"][0, :, 4:] = Group.WEAK
    members["active"][0, 1, [0, 4]] = 0
    members["identity"][0, 2, 1] = 99
    members["active"][0, 2, 0] = 1
    np.testing.assert_array_equal(close_ties_lost(members), [[0, 1, 1]])


def test_nobody_can_be_drawn_away_from_a_study_that_keeps_everybody():
    with pytest.raises(InputError, match="mnar_attrition: nobody stays away"):
        study_with({"mnar_attrition": "high"})


def test_interviews_break_off_as_often_as_asked_the_long_ones_more_often(under):
    seen = under({"break_off": 0.15})
    broken, there = broken_off(seen), seen.visits.attended
    long = np.stack([minutes(seen, wave) for wave in range(3)], axis=1)
    expected = 0.15 * long[there] / 60
    error = np.sqrt((expected * (1 - expected)).sum())
    assert abs(broken[there].sum() - expected.sum()) < SE * error
    assert abs(broken[there].mean() - 0.15) < 0.15 * 0.1 + SE * error / there.sum()
    assert long[broken].mean() > long[~broken].mean()


def test_what_broke_off_has_markers_and_no_answers(under):
    seen = under({"break_off": 0.15})
    egos, members, pairs = study_tables(seen)["egos"], alters(seen), aaties(seen)
    broken = broken_off(seen)[seen.visits.attended]
    np.testing.assert_array_equal(egos["aaties_asked"], ~broken)
    np.testing.assert_array_equal(egos["interview_status"].codes == 1, broken)
    cut = np.isin(members["egoID"], egos["egoID"][broken])
    half = dict(zip(egos["egoID"].tolist(), (egos["n_alters"] // 2).tolist(), strict=True))
    late = members["alterID"] > [half[one] for one in members["egoID"].tolist()]
    for name in ("closeness", "supp_emotional", "burden", "years_known"):
        np.testing.assert_array_equal(members[name] == NOT_REACHED, cut & late)
    assert not np.isin(pairs["egoID"], egos["egoID"][broken]).any()


def correlation(y, group):
    """Intraclass correlation by analysis of variance."""
    _, at, size = np.unique(group, return_inverse=True, return_counts=True)
    mean, n, groups = np.bincount(at, y) / size, y.size, size.size
    between = (size * (mean - y.mean()) ** 2).sum() / (groups - 1)
    within = ((y - mean[at]) ** 2).sum() / (n - groups)
    usual = (n - (size**2).sum() / n) / (groups - 1)
    return (between - within) / (between + (usual - 1) * within)


@pytest.mark.parametrize("kind", ["interviewers", "sites"])
@pytest.mark.parametrize("level", ["low", "typical", "high"])
def test_the_number_named_correlates_within_interviewers_and_sites_as_asked(
    large, under, kind, level
):
    """Twelve draws of effects on the same 700 people; forty sites, for the sake of the test."""
    sample = replace(large.sample, site=np.arange(large.n, dtype=np.int32) % 40 + 1)
    found = []
    for draw in range(12):
        seen, plain = (under(asked, key_of(9, draw), sample) for asked in ({kind: level}, {}))
        theirs = interviewers_of(seen.study, sample.site) if kind == "interviewers" else sample.site
        with_it, without = (
            correlation(one.maps.named[:, 0].sum(axis=1).astype(float), theirs)
            for one in (seen, plain)
        )
        found.append(with_it - without)  # these 700 people correlate by chance too
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    rate = getattr(error_kinds()[kind], level)
    assert abs(np.mean(found) - rate) < SE * error + 0.1 * rate


def test_an_interviewer_has_people_of_one_site_and_keeps_them_when_more_join():
    study = study_with({"interviewers": "typical"})
    site = np.random.default_rng(2).integers(1, 4, 400)
    number = interviewers_of(study, site)
    _, each = np.unique(number, return_counts=True)
    assert each.max() == 15
    assert (np.unique(np.column_stack([site, number]), axis=0)[:, 1].size) == each.size
    np.testing.assert_array_equal(interviewers_of(study, site[:150]), number[:150])


def test_people_who_join_change_nobody_elses_interviews(large, under):
    whole = large.sample
    names = ("address", "site", "team", "ego", "arm", "weeks", "egos", "members", "home", "row")
    first = replace(whole, **{name: getattr(whole, name)[:300] for name in names})
    kinds = ("forgotten", "interviewers", "sites", "mode", "cap", "panel_learning")
    asked = dict.fromkeys(kinds, "typical")
    more, fewer = under(asked), under(asked, sample=first)
    for one, other in zip((*more.maps, *more.visits), (*fewer.maps, *fewer.visits), strict=True):
        np.testing.assert_array_equal(one[:300], other)


def test_interviewers_bring_out_fewer_as_months_go_by():
    study = study_with({"interviewers": "typical"})
    weeks = np.array([[0, 26, 52]])
    there = np.ones((1, 3), bool)
    terms = terms_of(study, np.ones(1, int), weeks, there, there[:, 0], key_of(1))
    np.testing.assert_allclose(terms.share, 0.98 ** (weeks * 12 / 52), rtol=1e-4)


@pytest.mark.parametrize("sites", [2, 5, 20])
def test_sites_differ_in_size_as_those_of_the_founding_study(sites):
    sizes = np.array(unequal_sizes(sites))
    assert (np.diff(sizes) < 0).all()
    assert np.std(sizes, ddof=1) / sizes.mean() == pytest.approx(0.68, abs=1e-6)


def test_a_study_as_held_says_what_was_used():
    asked = {"cap": 6, "mode": 0.2, "missed_waves": 0.1, "mnar_attrition": 0.5}
    held = as_held(read_study("founding-study").with_errors(asked))
    assert (held.map.most_members, held.map.telephone_share) == (6, 0.2)
    assert held.participation.retention == {"all": (0.9, 0.828)}
    assert held.participation.mechanism == {"all": "MNAR-state"}
    assert held.participation.return_rate == 0.15
    assert as_held(held) == held == parse_study(held.resolved())
    shown = as_held(held.with_errors({"forgotten": 0.1, "dependent_interviewing": 0.8}))
    assert (shown.map.how, as_held(held.with_errors({"forgotten": 0.1})).map.how) == (
        "revisited", "afresh",
    )  # fmt: skip


def test_a_study_without_conditions_is_held_as_it_is(large):
    study = read_study("founding-study")
    assert as_held(study) is study
    files = study.with_errors({"aliases": 0.1})
    assert as_held(files) is files
    there = large.visits.attended
    found = terms_of(files, large.sample.site, large.sample.weeks, there, there[:, 0], large.key)
    assert found is AS_BEFORE


@pytest.mark.parametrize("kind", ["interviewers", "panel_learning", "sites", "mode"])
def test_what_never_occurs_changes_no_map(large, under, kind):
    seen = under({kind: 0})
    for one, other in zip(seen.maps, large.maps, strict=True):
        np.testing.assert_array_equal(one, other)


def test_maps_without_error_stay_so_where_nothing_is_left_out(under):
    seen = under({"panel_learning": 0}, map={"error_free": True, "telephone_share": 0.5})
    there = seen.visits.attended
    np.testing.assert_array_equal(seen.maps.named[there], seen.maps.ideal[there])


def test_a_retention_for_many_waves_stays_within_bounds():
    waves = {"weeks": list(range(0, 99 * 4, 4))}
    study = study_with({"missed_waves": 0.9}, waves=waves)
    retention = study.participation.retention["all"]
    assert len(retention) == 98
    assert retention[-1] == 1e-6
    assert parse_study(study.resolved()).hash == study.hash
