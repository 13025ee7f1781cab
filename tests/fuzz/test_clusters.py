"""What may be said of clusters in any combination makes a plan, or one clear message."""

from pathlib import Path

import numpy as np
import pytest

from analysis.planning.design.cost import expected_cost
from analysis.planning.formulas.beside import closed_form
from analysis.planning.whole_clusters import in_clusters
from analysis.questions.of_study import plan_of
from analysis.trials.flow import flow_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial
from analysis.trials.units import units_of
from sim.errors import InputError
from sim.study.spec import parse_study, read_study

TEAMS = Path(__file__).parents[1] / "analysis" / "planning" / "studies" / "teams.toml"
ANALYSES = (
    "t_test", "ancova", "mmrm", "cluster_t", "cluster_t_by_size", "cluster_t_by_precision",
    "cluster_ancova", "cluster_mixed", "cluster_mixed_ancova",
)  # fmt: skip


def clusters(rng):
    """Something that may be said of the clusters of an arm."""
    found = {
        "icc": float(rng.choice([0.0, 0.01, 0.1, 0.4, 0.9], p=[0.2, 0.3, 0.3, 0.1, 0.1])),
        "cac": float(rng.choice([0.0, 0.5, 1.0])),
        "size_cv": float(rng.choice([0.0, 0.3, 1.0, 2.0])),
        "sizes": str(rng.choice(["fixed", "drawn"])),
    }
    kind = str(rng.choice(["size", "number"]))
    if found["size_cv"] == 0 and rng.random() < 0.8:
        found["sizes"] = "fixed"
    return found | {kind: int(rng.choice([1, 2, 3, 7, 12, 25, 200]))}


def study_of(rng):
    """A study with clusters in one arm or both, alike or not."""
    said = read_study(TEAMS).resolved()
    unit = str(rng.choice(["ego", "ego", "team", "worker", "site"]))
    if unit in ("team", "site") and rng.random() < 0.3:
        said["arms"] = {"unit": unit, "count": {"usual": 11, "mapping": int(rng.choice([7, 11]))}}
    else:
        said["arms"] |= {
            "unit": unit,
            "share": {"usual": 1.0, "mapping": float(rng.choice([1, 3]))},
        }
    one = clusters(rng)
    other = one if rng.random() < 0.5 else clusters(rng)
    if rng.random() < 0.8:
        other |= {key: one[key] for key in ("icc", "cac")}
    said["plan"]["panel"]["clusters"] = {"usual": one, "mapping": other}
    if rng.random() < 0.2:
        said["plan"]["panel"]["clusters"].pop("usual")
    said["plan"]["people_at_most"] = int(rng.choice([30, 150, 400, 400]))
    said["plan"]["question"][0]["analysis"] = str(rng.choice(ANALYSES))
    said["participation"]["retention"] = {"all": [float(rng.choice([1.0, 0.6]))]}
    said["plan"]["costs"] = {"fixed": 10.0, "interview": 1.0, "cluster": 5.0}
    return parse_study(said, "study.toml")


def made(number):
    """A study, its process and units, after some were analysed."""
    study = study_of(np.random.default_rng(number))
    plan = plan_of(study)
    process = panel_process(study, plan, number)
    units = units_of(process, plan)
    Trial(process, plan).fits([units.people(units.low), units.people(units.high)], range(4))
    return study, process, units


def wrong_with(number):
    """What a message says is wrong; empty where a plan came of it."""
    try:
        made(number)
    except InputError as error:
        return str(error)
    return ""


def tried(number):
    """Whether a plan came of it; one message of two lines is the only other way out."""
    wrong = wrong_with(number)
    if wrong:
        assert len(wrong.splitlines()) <= 2
        assert len(wrong) < 400
        return False
    study, process, units = made(number)
    plan = plan_of(study)
    form = closed_form(study, process, Trial(process, plan).asked[0])
    for n in {units.people(units.low), units.people(units.high)}:
        assert form is None or not form.power(n) > 1 + 1e-9
        flow = flow_of(study, process, n)
        assert expected_cost(study, plan, process, n).people == n
        assert in_clusters(study, [n], number)[0].arms[0].people == flow.arms[0].people
        if units.whole:
            assert sum(one.people.mean for one in flow.arms) == pytest.approx(n, rel=0.25)
    return True


def test_clusters_make_a_plan_or_one_message():
    assert 5 < sum(tried(number) for number in range(30)) < 25


@pytest.mark.verify
@pytest.mark.parametrize("part", range(10))
def test_many_clusters_make_a_plan_or_one_message(part):
    assert any(tried(number) for number in range(100 * part, 100 * part + 100))
