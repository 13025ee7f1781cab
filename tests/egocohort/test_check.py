"""``egocohort check``: one sentence first, and an exit code that scripts can act on."""

import json

import pytest

import egocohort as ec
from analysis.lives import check
from analysis.lives.rule import LifeRule, LookedAt


@pytest.fixture(scope="module")
def bundle(small_study, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    return ec.simulate(small_study, seed=5, out=out).folder


@pytest.fixture
def one_broken(monkeypatch):
    """One rule of two is broken, of two ties in four."""
    rules = (
        LifeRule("good", "all is well", lambda record: LookedAt(4, ())),
        LifeRule("bad", "nobody is there twice", lambda record: LookedAt(4, ("E1", "E2"))),
    )
    monkeypatch.setattr(check, "LIFE_RULES", rules)


def test_without_a_contradiction_it_says_so_first_and_exits_0(invoke, bundle):
    run = invoke("check", bundle)
    assert (run.returncode, run.stderr) == (0, "")
    first = run.stdout.splitlines()[0]
    assert first.startswith(
        f"No contradictions: all {len(check.LIFE_RULES)} rules hold for 4 people"
    )


@pytest.mark.usefixtures("one_broken")
def test_a_contradiction_is_told_first_with_examples_and_exits_1(invoke, bundle):
    run = invoke("check", bundle)
    assert run.returncode == 1
    lines = run.stdout.splitlines()
    assert lines[0].startswith("Contradictions: 1 of 2 rules do not hold for 4 people, ")
    assert "  nobody is there twice (bad): 2 of 4; such as E1, E2" in lines
    assert "all is well" not in run.stdout


@pytest.mark.usefixtures("one_broken")
def test_as_data_every_rule_is_there(invoke, bundle):
    run = invoke("check", bundle, "--json")
    assert run.returncode == 1
    said = json.loads(run.stdout)
    assert said["holds"] is False
    assert [(one["rule"], one["found"], one["holds"]) for one in said["rules"]] == [
        ("good", 0, True), ("bad", 2, False),
    ]  # fmt: skip


def test_in_memory_and_on_disk_the_verdicts_are_the_same(small_study, bundle):
    there = ec.check_lives(bundle)
    here = ec.check_lives(ec.simulate(small_study, seed=5))
    assert there.verdicts == here.verdicts
    assert len(there.tables["rules"]) == len(check.LIFE_RULES)


def test_a_changed_table_is_refused_in_one_message(invoke, small_study, tmp_path):
    folder = ec.simulate(small_study, seed=5, out=tmp_path / "given").folder
    file = folder / "truth" / "ties.csv"
    file.write_text(file.read_text().replace("female", "male"))
    run = invoke("check", folder)
    assert (run.returncode, run.stdout) == (2, "")
    assert "not as its manifest says: truth/ties.csv (changed)" in run.stderr
