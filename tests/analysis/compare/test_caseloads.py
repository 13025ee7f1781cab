"""Caseloads over replicates: nothing from nothing, signs that turn, sites apart, whole sums."""

import numpy as np
import pytest

from analysis.compare import run
from analysis.compare.asked import asked_comparison
from analysis.compare.caseloads import Caseloads, run_caseloads
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.run import compared_caseloads
from analysis.compare.subgroups import DIMENSIONS
from analysis.compare.tables import difference_rows, subgroup_rows, substitution_rows
from analysis.runs.run import open_run
from sim.sources import closure

HEAD = """\
id = "{name}"
title = "{name}"
[world]
teams_per_site = [1, 1]
scale = 0.15
runin_weeks = 4
horizon_weeks = 12
"""
CUT = """
[[shock]]
acts_on = "service.coordinator.capacity"
how = "multiply"
value = {value}
from_week = 4
who = {who}
"""
NAMES = [one.name for one in LIFE_OUTCOMES]


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")

    def written(name, *shocks):
        file = folder / f"{name}.toml"
        file.write_text(HEAD.format(name=name) + "".join(shocks))
        return file

    return written


@pytest.fixture(scope="module")
def usual(write):
    return write("usual")


@pytest.fixture(scope="module")
def cut(write):
    return write("cut", CUT.format(value=0.62, who="{}"))


def lived(*scenarios, replicates=3, **asked):
    spec = asked_comparison(scenarios, every=4, seed=1, **asked)
    return compared_caseloads(spec, replicates)


def test_where_nothing_differs_every_difference_is_exactly_zero(usual, write):
    same = write("same", CUT.format(value=1.0, who="{}"))
    found = lived(usual, write("again"), same, by=["partner"])
    assert len(found.spec.scenarios[2].shocks) == 1  # and so it is lived apart from week 4 on
    for scenario in (1, 2):
        for group in range(4):
            one = found.difference(scenario, group)
            assert not one.value.any()
            assert not one.mcse.any()
            assert not one.clear.any()
    for row in [*difference_rows(found, NAMES), *subgroup_rows(found, NAMES)]:
        assert row["difference"] == row["difference_lo"] == row["difference_hi"] == 0


def test_the_other_way_round_every_sign_turns(usual, cut):
    there, back = lived(usual, cut, by=["need"]), lived(cut, usual, by=["need"])
    for group in range(5):
        one, other = there.difference(1, group), back.difference(1, group)
        assert (one.value == -other.value).all()
        assert one.mcse == pytest.approx(other.mcse, abs=1e-15)
    assert there.difference(1).value[-1, outcome_at("kept")] < 0


def test_a_shock_at_one_site_changes_nothing_at_another(usual, write):
    found = lived(usual, write("one-site", CUT.format(value=0.62, who="{ site = 2 }")), by=["team"])
    apart = found.sums[1] - found.sums[0]
    assert not apart[found.strata == 0].any()
    assert apart[found.strata == 1].any()
    assert not found.difference(1, 2).value.any()  # the subgroup of the team at site 1
    assert found.people[found.strata == 0, 1].tolist() == [43, 43, 43]  # and nobody there was cut


def test_shares_and_counts_add_up(usual, cut):
    dimensions = list(DIMENSIONS)
    found = lived(usual, cut, by=[*dimensions, "partner*need"])
    first = 2
    for by in [*dimensions, "partner*need"]:
        cells = [at for at, cell in enumerate(found.spec.cells, start=first) if cell.by == by]
        assert found.people[:, cells].sum(axis=1).tolist() == found.people[:, 0].tolist()
        assert found.sums[:, :, cells].sum(axis=2) == pytest.approx(found.sums[:, :, 0])
    visits = {name: found.mean(1).value[-1, outcome_at(name)] for name in NAMES}
    assert visits["unmet_visits"] == pytest.approx(visits["needed"] - visits["kept"], abs=1e-6)
    rows = substitution_rows(found)
    assert sum(row["gain"] for row in rows) == pytest.approx(-rows[0]["lost"])


def test_who_is_asked_of_is_told_from_the_shared_state(usual, cut):
    with_partner = lived(usual, cut, who="partner=yes")
    everybody = lived(usual, cut, by=["partner"])
    assert with_partner.people[:, 0].tolist() == everybody.people[:, 3].tolist()
    assert (with_partner.difference(1).value == everybody.difference(1, 3).value).all()


def test_a_difference_of_differences_is_that_and_its_error_is_of_the_same_teams(usual, cut):
    found = lived(usual, cut, by=["partner"], replicates=4)
    no, yes = (found.difference(1, group) for group in (2, 3))
    rows = {row["level"]: row for row in subgroup_rows(found, ["kept"])}
    column = outcome_at("kept")
    apart = no.less(yes).at(-1, column)
    assert rows["no"]["apart"] == pytest.approx(apart.value)
    assert rows["no"]["apart_mcse"] == pytest.approx(float(apart.mcse))
    assert rows["yes"]["apart"] == pytest.approx(-rows["no"]["apart"])


def test_what_pairing_saves_is_the_variance_of_unpaired_worlds_over_that_of_paired(usual, cut):
    found = lived(usual, cut, replicates=5)
    saved = found.saved_by_pairing(1)[-1, outcome_at("kin")]
    assert saved > 2
    *_, row = [one for one in difference_rows(found, ["kept"]) if one["who"] == "everybody"]
    alone = sum(found.mean(s).mcse[-1, outcome_at("kept")] ** 2 for s in (0, 1))
    assert row["pairing"] == pytest.approx(alone / row["difference_mcse"] ** 2)


def test_rows_are_the_same_bytes_for_any_threads_and_after_a_break(usual, cut, tmp_path):
    spec = asked_comparison([usual, cut], every=4, by=["partner"], seed=1)

    def written(name, *runs):
        kept = open_run(tmp_path / name, {"seed": 1})
        for replicates, threads in runs:
            compared_caseloads(spec, replicates, kept=kept, threads=threads)
        return {f.relative_to(kept.folder): f.read_bytes() for f in kept.folder.rglob("*.parquet")}

    once = written("once", (3, 1))
    assert once
    assert once == written("threads", (3, 2)) == written("broken", (1, 1), (3, 2))


def test_what_is_read_back_is_what_was_lived(usual, cut, tmp_path):
    spec = asked_comparison([usual, cut], every=4, seed=1)
    kept = open_run(tmp_path, {"seed": 1})
    first, again = (compared_caseloads(spec, 2, kept=kept) for _ in range(2))
    assert (first.sums == again.sums).all()
    one = run_caseloads(spec, 1)
    assert again.sums[1, 2:, 0, -1, 0].tolist() == [
        value for value, scenario, group, week
        in zip(one[NAMES[0]], one["scenario"], one["group"], one["week"], strict=True)
        if (scenario, group, week) == (1, 0, 11)
    ]  # fmt: skip


def test_rows_depend_on_all_that_makes_any_of_them(usual, cut, tmp_path, monkeypatch):
    sources = []
    monkeypatch.setattr(run, "job_run", lambda out, job, *made_by, **_: sources.extend(made_by))
    run.kept_place(tmp_path, asked_comparison([usual, cut], seed=1))
    names = {file.name for file in closure(*sources)}
    assert {"caseloads.py", "drawn.py", "band.py", "futures.py"} <= names


def test_precision_goes_on_until_the_interval_is_as_narrow(usual, cut):
    from analysis.compare.asked import precision_of

    spec = asked_comparison([usual, cut], seed=1)
    few = compared_caseloads(spec, 3)
    half = float(few.difference(1).reach[-1, outcome_at("kept")]) / 2
    more = compared_caseloads(spec, 3, precision=precision_of(f"kept={half}"))
    assert more.replicates > few.replicates
    assert more.difference(1).reach[-1, outcome_at("kept")] <= half


def test_one_replicate_tells_no_interval(usual, cut):
    one = lived(usual, cut, replicates=1).difference(1)
    assert np.isnan(one.reach).all()
    assert isinstance(lived(usual, cut, replicates=1), Caseloads)
