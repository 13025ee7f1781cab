"""The lives of the shipped studies: nothing impossible, and what is rare at its rate."""

import pytest

import egocohort as ec
from analysis.lives.check import LIFE_RULES
from analysis.lives.record import StudyRecord
from analysis.lives.rule import judged_rule

STUDIES = ("founding-study", "equip-like")
QUICK, SEEDS = 2, 30

SELDOM = {"died-who-died", "step-parents-older"}
"""Rules of what a study of 29 people need not have."""


def verdicts(study, scenario, seeds):
    """Of all rules, on several seeds of a study together."""
    records = []
    for seed in range(seeds):
        made = ec.simulate(study, scenario=scenario, seed=seed)
        records.append(StudyRecord(made.tables, made.manifest))
    rate = {rule.id: records[0].rate(rule.rate) if rule.rate else 0 for rule in LIFE_RULES}
    return {
        rule.id: judged_rule(rule, [rule.look(one) for one in records], rate[rule.id])
        for rule in LIFE_RULES
    }


def broken(found):
    return {name: f"{one.found} of {one.n}: {one.examples}" for name, one in found.items()
            if not one.holds}  # fmt: skip


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("seeds", [QUICK, pytest.param(SEEDS, marks=pytest.mark.verify)])
def test_nothing_is_found_in_shipped_studies(study, seeds):
    found = verdicts(study, "usual-care", seeds)
    assert broken(found) == {}
    unseen = {name for name, one in found.items() if one.n == 0}
    assert unseen <= (SELDOM if study == "founding-study" else set())


@pytest.mark.parametrize("scenario", ["service-cutback", "staff-turnover", "network-intervention"])
def test_nor_in_other_worlds(scenario):
    assert broken(verdicts("founding-study", scenario, 1)) == {}
