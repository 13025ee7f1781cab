"""docs/truth.md: each line that scores an analysis, against the arrays of the simulation itself."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.study.ids import participant_ids
from sim.study.pairs import member_pairs
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study, read_study
from sim.world.kinds import Group, Kind
from sim.world.scenario import read_scenario

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "truth.md").read_text(encoding="utf-8")
SETUP = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)[0]
PEER, PROFESSIONALS = Kind.PEER, range(Group.PSYCHIATRIST, Group.OUTSIDE + 1)
TRIAL = {
    "id": "cut", "title": "Teams cut back or not",
    "frame": {"teams_per_site": [2, 2], "scale": 0.2},
    "recruitment": {"n": 40, "interest": 1.0, "consent": 1.0},
    "arms": {
        "unit": "team", "share": {"usual": 1, "cut": 1}, "scenario": {"cut": "service-cutback"},
    },
    "waves": {"weeks": [0, 30]},
}  # fmt: skip


@pytest.fixture(scope="module")
def lines():
    """Lines by the words in bold before them."""
    parts = re.split(r"^\*\*([A-Z][^*]+)\*\*", TEXT.partition("## One line")[2], flags=re.M)
    return {
        name: re.search(r"```python\n(.*?)\n```", text, re.DOTALL)[1]
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_there_is_one_line_for_each_of_twelve_analyses(lines):
    assert len(lines) == 12
    kinds = [type(one) for text in lines.values() for one in ast.parse(text).body]
    assert kinds == [ast.Expr] * 12


@pytest.fixture(scope="module")
def founding(tmp_path_factory):
    """The founding study: its arrays, and what the setup of the page reads of its bundle."""
    import egocohort as ec

    folder = ec.simulate("founding-study", seed=5, out=tmp_path_factory.mktemp("b")).folder
    study = read_study("founding-study")
    return simulate_study(read_scenario(study.scenario), study, seed=5), read(folder), folder


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """A trial with a real difference between its arms, and other lives."""
    import egocohort as ec

    place = tmp_path_factory.mktemp("trial")
    (place / "cut.toml").write_text(parse_study(TRIAL).to_toml(), encoding="utf-8")
    made = ec.simulate(place / "cut.toml", seed=2, truth="counterfactual", out=place)
    return read(made.folder)


def read(folder):
    """The names that the page's setup gives, of one bundle."""
    known, setup = {}, SETUP
    if not (folder / "truth" / "counterfactual.csv").exists():
        setup = "\n".join(row for row in SETUP.splitlines() if "counterfactual.csv" not in row)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(setup, known)
    return known


def value(text, known):
    return eval(text, known)


def first_maps(study):
    """Person and slot of each member of the first error-free map, and the members."""
    i, s = np.nonzero(study.maps.ideal[:, 0])
    return i, s, study.sample.members[i, 0, s]


def alive(study, wave):
    return study.sample.egos["alive"][:, wave] > 0


def change(study):
    here = alive(study, 2)
    return (study.true_scores[here, 2, 0] - study.true_scores[here, 0, 0]).mean()


def slope(study):
    scores = np.where(study.sample.egos["alive"] > 0, study.true_scores[:, :, 0], np.nan)
    x, y = [], []
    for one in scores:
        known = np.flatnonzero(~np.isnan(one))
        x.extend(known - known.mean())
        y.extend(one[known] - one[known].mean())
    return np.polyfit(x, y, 1)[0]


def kept(study):
    """By identity, slot by slot, of friends."""
    there = stayed = 0
    for i in np.flatnonzero(alive(study, 2)):
        on = [study.sample.members[i, w][study.maps.ideal[i, w]] for w in (0, 2)]
        friends = {t["identity"] for t in on[0] if t["group"] in (Group.FRIEND, Group.WEAK)}
        there += len(friends)
        stayed += len(friends & set(on[1]["identity"]))
    return stayed / there


def turnover(study):
    found = []
    for i in np.flatnonzero(alive(study, 1)):
        before, after = (people_named(study, i, w) for w in (0, 1))
        both = len(before) + len(after)
        found += [len(before ^ after) / both] if both else []
    return np.mean(found)


def people_named(study, i, w):
    """Identities of the people on the error-free map of a person at a wave."""
    there = study.sample.members[i, w][study.maps.ideal[i, w]]
    return set(there["identity"][there["human"] > 0])


def composition(study):
    i, _, ties = first_maps(study)
    professional, people = np.isin(ties["group"], PROFESSIONALS), ties["human"] > 0
    return pd.Series(professional[people]).groupby(i[people]).mean().mean()


def density(study):
    found = []
    for i in range(study.n):
        at = np.argwhere(study.maps.ideal[i : i + 1, :1])
        human = study.sample.members[i, 0, at[:, 2]]["human"] > 0
        at, egos = at[human], study.sample.egos[i : i + 1]
        n = len(at)
        pairs = member_pairs(egos, study.sample.members[i : i + 1], at, study.params, study.key)
        found += [len(pairs) / (n * (n - 1) / 2)] if n > 1 else []
    return np.mean(found)


def disclosure(study):
    i, s, ties = first_maps(study)
    tie = study.ties.in_slot[i, 0, s]
    people = ties["human"] > 0
    return (study.alters["knows_from"][tie[people]] == 0).mean()


def contacts(study):
    from sim.study.tables import study_tables

    here = alive(study, 2) & study.visits.attended[:, 2]
    egos = study_tables(study)["egos"]
    at = egos["wave"] == 3
    return here, dict(
        zip(egos["egoID"][at] // 100 - 1, egos["service_contacts_6m"][at], strict=True)
    )


def retention(study):
    """Logistic of the dial's intercept, and of its slope times the last score in SDs."""
    from sim.study.reference import solved_absence

    dial, measure = solved_absence(study.study, study.lived)
    before = study.visits.attended
    last = np.where(before[:, 1], 1, 0)
    worse = -study.scores[np.arange(study.n), last, 0]
    z = np.nan_to_num((worse - measure[last, 0, 0]) / measure[last, 0, 1])
    arm = np.maximum(study.sample.arm, 0)
    missed = 1 / (1 + np.exp(-(dial.intercept[arm, 2] + dial.slope[arm] * z)))
    chance = (1 - missed) * np.where(last == 1, 1, dial.return_rate)
    return np.where(alive(study, 2), chance, 0).mean()


def saturation(study):
    i, _, ties = first_maps(study)
    return len(set(i[ties["kind"] == PEER])) / study.n


BY_HAND = {
    "Change in a scale": change, "Mixed model": slope, "Tie persistence": kept,
    "Turnover": turnover, "Composition": composition, "Density": density,
    "Disclosure": disclosure, "Retention": retention, "Saturation of a code": saturation,
}  # fmt: skip


def ids_of(study):
    """Ids of the participants, in their order."""
    return participant_ids(study.sample.address, study.key).astype(str)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_line_gives_what_the_simulation_holds(name, lines, founding):
    study, known, _ = founding
    assert study.study.participation.of("mechanism", "all") == "MAR"
    assert value(lines[name], known) == pytest.approx(float(BY_HAND[name](study)), abs=2e-4)


def test_lines_of_people_are_the_columns_that_measures_prints(lines, founding):
    """Of what was recorded, in those who came, a line gives the very number of the column."""
    import egocohort as ec

    _, known, folder = founding
    found = ec.measures(folder)
    change = found.change.query("members == 'people' and from_wave == 1 and to_wave == 2")
    members, waves = known["members"], known["waves"]
    recorded = members.assign(on_map=members.recorded)
    came = known | {"members": recorded, "waves": waves[waves.ego_pid.isin(change.ego_pid)]}
    assert value(lines["Turnover"], came) == pytest.approx(change.turnover.mean(), abs=1e-9)
    first = found.interviews.query("wave == 1").share_professional.mean()
    assert value(lines["Composition"], came) == pytest.approx(first, abs=1e-9)


def test_contacts_are_those_that_interviews_count(lines, founding):
    study, known, _ = founding
    here, counted = contacts(study)
    asked = set(ids_of(study)[here])
    known = dict(known) | {"waves": known["waves"][known["waves"].ego_pid.isin(asked)]}
    assert value(lines["Contact counts"], known) == pytest.approx(
        np.mean([counted[i] for i in np.flatnonzero(here)]), abs=1e-9
    )


@pytest.fixture(scope="module")
def whole_worlds():
    """True scores at the second wave with everybody in an arm, by world address, from two studies.

    They are of no arm and of one scenario each, so nothing of other lives is in them.
    """
    said = {key: table for key, table in TRIAL.items() if key != "arms"}
    found = []
    for scenario in ("usual-care", "service-cutback"):
        study = simulate_study(read_scenario(scenario), parse_study(said), seed=2)
        there = study.sample.address[alive(study, 1)].tolist()
        scores = study.true_scores[alive(study, 1), 1, 0]
        found.append(dict(zip(there, scores, strict=True)))
    return SimpleNamespace(usual=found[0], cut=found[1])


@pytest.fixture(scope="module")
def effects(trial, whole_worlds):
    """The effect on each participant whom both of these studies have, too."""
    lived = parse_study(TRIAL)
    study = simulate_study(read_scenario("usual-care"), lived, seed=2)
    both = {
        pid: whole_worlds.cut[one] - whole_worlds.usual[one]
        for pid, one in zip(ids_of(study), study.sample.address.tolist(), strict=True)
        if one in whole_worlds.cut and one in whole_worlds.usual
    }
    partner = trial["persons"].set_index("ego_pid").has_partner
    return pd.Series(both, name="effect"), partner


def of_these(trial, effects):
    """The names of the trial's bundle, of the people whose effect is known otherwise."""
    rows = trial["counterfactual"]
    return {**trial, "counterfactual": rows[rows.ego_pid.isin(effects.index)]}


def test_ancova_is_scored_by_the_worlds_of_the_two_scenarios(lines, trial, effects):
    by_hand, _ = effects
    assert len(by_hand) > 30
    assert by_hand.abs().max() > 0.01
    found = value(lines["ANCOVA"], of_these(trial, by_hand))
    assert found.index.tolist() == ["cut"]
    assert found["cut"] == pytest.approx(by_hand.mean(), abs=1e-5)


def test_moderation_is_scored_by_the_worlds_of_the_two_scenarios(lines, trial, effects):
    by_hand, partner = effects
    means = by_hand.groupby(partner.reindex(by_hand.index)).mean()
    found = value(lines["Moderation by partner"], of_these(trial, by_hand))
    assert found == pytest.approx(means[1] - means[0], abs=1e-5)
