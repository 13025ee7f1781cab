"""The codebook is true of the data both ways: every value is declared, every declared one occurs.

Beside the shipped studies there is one in which much of a questionnaire is left out and maps have
no circles: what it shows can happen in a study of somebody's own.
"""

from collections import defaultdict
from functools import cache

import numpy as np
import pytest

import analysis  # noqa: F401  knows the tables that study files may have beside the simulator's
from sim.data import codebook, tables
from sim.data.errors.corrupt import corrupted
from sim.data.errors.sheets import FILES
from sim.study.conditions import as_held
from sim.study.error_settings import read_errors
from sim.study.missing import MISSING_CODES
from sim.study.other_lives import live_otherwise
from sim.study.simulate import simulate_study
from sim.study.spec import list_studies, parse_study, read_study
from sim.study.tables import study_tables
from sim.study.texts import Texts
from sim.study.truth import truth_tables
from sim.world.scenario import list_scenarios, parse_scenario, read_scenario

OWN_WORDS = {"arm", "before", "after"}  # whose values a study names, or are cells of any column
CODES = frozenset(map(str, MISSING_CODES))


def occurring(column, raw):
    """Categories and missing codes in an array, as text; of other columns missing codes alone."""
    if isinstance(raw, Texts):
        raw = np.asarray(raw.labels)[np.unique(raw.codes)].astype(str)
    if raw.dtype.kind == "f":
        raw = raw[np.isin(raw, MISSING_CODES)].astype(int)
    found = {str(one) for one in np.unique(raw).tolist()} - {"", str(tables.NA_INTEGER)}
    if column.values:
        return found
    below_zero = column.type in ("integer", "number") and column.minimum is None  # weeks, changes
    return set() if below_zero else found & CODES


def note(study, seen, other=None):
    columns = {**study_tables(study), **truth_tables(study, other)}
    if study.study.errors:
        clean = {name: tables.build(name, columns[name]) for name in FILES}
        spoiled = corrupted(clean, study.study.errors, study.key)
        columns["truth/corruption_log"] = spoiled.log
        for path in spoiled.files:  # which hold what they should not, in the columns of the others
            columns[path.removesuffix(".csv")] = {}
    for name in columns:
        seen[name, ""] |= set()
        for column in codebook.table(name).columns:
            if column.name in columns[name]:
                seen[name, column.name] |= occurring(column, columns[name][column.name])


def own_study(refused):
    """A fifth of all items left out for one reason, no circles on maps."""
    study = parse_study({
        "id": "own", "title": "Own", "frame": {"teams_per_site": [1]},
        "recruitment": {"n": 120}, "waves": {"weeks": [0, 4, 8, 12, 16], "window": 1},
        "participation": {"retention": [0.95] * 4}, "map": {"circles": False, "most_members": 4},
    })  # fmt: skip
    parameters = {"scale.items.missing": 0.2, "scale.items.refused": refused}
    return parse_scenario({"id": "w", "title": "W", "parameters": parameters}), study


def note_all_that_is_optional(study, seen, seed):
    """With every error and condition and a cap; and with an arm of each participant's own."""
    asked = read_study(study)
    world = read_scenario(asked.scenario)
    for errors in ("all=high", "all=typical,cap=3"):
        note(
            simulate_study(world, as_held(asked.with_errors(read_errors(errors))), seed=seed), seen
        )
    done = simulate_study(world, asked, seed=seed)
    for truth in ("counterfactual", "direct"):
        note(done, seen, live_otherwise(done, truth))


@cache
def seen_in(jobs, seeds, optional):
    seen = defaultdict(set)
    for study, scenario in jobs:
        asked = read_study(study)
        world = read_scenario(scenario or asked.scenario)
        for seed in range(1, seeds + 1):
            note(simulate_study(world, asked, seed=seed), seen)
    for seed in range(1, optional + 1):
        note_all_that_is_optional("founding-study", seen, seed)
    for refused in (0.0, 1.0):
        world, study = own_study(refused)
        note(simulate_study(world, study, seed=1), seen)
    return seen


def of_columns(seen):
    return (one for one in seen.items() if one[0][1])


def undeclared(seen):
    """Values that occur and the codebook does not know."""
    found = {}
    for (name, column_name), values in of_columns(seen):
        column = codebook.table(name).column(column_name)
        known = {str(value) for value in (*column.values, *column.missing)}
        if column_name not in OWN_WORDS and values - known:
            found[name, column_name] = sorted(values - known)
    return found


def never(seen):
    """What the codebook declares and does not occur."""
    found = {}
    for (name, column_name), values in of_columns(seen):
        column = codebook.table(name).column(column_name)
        known = {str(value) for value in (*column.values, *column.missing)}
        if column_name not in OWN_WORDS and known - values:
            found[name, column_name] = sorted(known - values)
    return found


FEW = (
    ("founding-study", None), ("founding-study", "acute-wave"),
    ("founding-study", "network-intervention"),
)  # fmt: skip
ALL = (
    *((study, None) for study in list_studies()),
    *(("founding-study", scenario) for scenario in list_scenarios()),
)


def test_every_value_of_some_studies_is_declared_and_every_missing_code_occurs():
    """But that a person has no professional to be asked about, which is too rare for a few."""
    seen = seen_in(FEW, 2, 1)
    assert undeclared(seen) == {}
    codes = {where: set(what) & CODES for where, what in never(seen).items()}
    assert {where: what for where, what in codes.items() if what - {"-7"}} == {}


def test_every_table_is_made_by_some_run():
    made = {name for name, _ in seen_in(FEW, 2, 1)}
    assert {*codebook.tables()} - made == set()


@pytest.mark.verify
def test_every_value_is_declared_and_every_declared_one_occurs():
    """In all shipped studies and scenarios, ten seeds: nothing here is rarer than one in many."""
    seen = seen_in(ALL, 10, 10)
    assert undeclared(seen) == {}
    assert never(seen) == {}
