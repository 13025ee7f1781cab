"""The codebook keeps the rules that readers of the files depend on."""

import re

import pytest

from sim.data import codebook
from sim.study.members import OF_OFFERS
from sim.study.missing import MISSING_CODES
from sim.world import kinds

OF_A_TEAM = kinds.Event.WORKER_LEFT  # of nobody's life: ties end by turnover
ALL = list(codebook.tables().values())
TRUE = "ties events weekly waves items members pairs missing estimands ladder".split()
MAIN = ["persons", "egos", "items", "alters", "aaties", "attrition", "flow"]


def test_every_table_of_the_bundle_is_declared():
    required = [one.name for one in ALL if not one.optional]
    assert required == [*MAIN, *(f"truth/{name}" for name in TRUE)]
    assert all(codebook.table(name).formats == ("csv", "parquet") for name in MAIN)
    assert codebook.table("truth/weekly").paths == ("truth/weekly.parquet",)


def test_columns_that_egor_looks_for():
    names = {one.name: [column.name for column in one.columns] for one in ALL}
    assert names["egos"][0] == "egoID"
    assert names["alters"][:2] == ["egoID", "alterID"]
    assert names["aaties"][:3] == ["egoID", "Source", "Target"]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_names_that_every_reader_bears(one):
    names = [column.name for column in one.columns]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,25}", name)
        assert name not in {"name", "id", "from", "to", "type"}
    assert one.name != "alters" or "weight" not in names


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_no_search_for_one_variable_finds_another(one):
    """Users grep "sex_" for the options of sex: "alter_sex_female" must not be among the finds."""
    for column in one.columns:
        others = [other for other in one.columns if other is not column]
        spelled = [other.name for other in others]
        spelled += [f"{o.name}_{v}" for o in others if o.type == "string" for v in o.values]
        assert [found for found in spelled if f"{column.name}_" in found] == []


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_keys_exist_and_are_never_missing(one):
    for name in one.key:
        assert not one.column(name).may_be_null
    for key in one.foreign:
        other = codebook.table(key.table)
        assert [one.column(c).type for c in key.columns] == [
            other.column(c).type for c in key.refers
        ]
        assert not other.is_truth or one.is_truth, "an analyst's table must not need the truth"


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_every_table_says_synthetic_last(one):
    assert (one.columns[-1].name, one.columns[-1].type) == ("synthetic", "boolean")


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_number_in_csv_has_fixed_decimals_and_every_column_a_label(one):
    for column in one.columns:
        assert column.label
        if column.type == "number" and "csv" in one.formats:
            assert column.decimals is not None


def test_values_never_look_like_missing_codes():
    for one in ALL:
        for column in one.columns:
            assert not set(map(str, column.values)) & set(map(str, MISSING_CODES))


def test_a_column_taken_from_another_keeps_its_codes_under_its_own_name():
    ego_sex = codebook.table("egos").column("ego_sex")
    sex = codebook.table("persons").column("sex")
    assert ego_sex.values == sex.values
    assert (ego_sex.name, ego_sex.derived_from) == ("ego_sex", "persons.sex")


def test_the_words_of_the_world_are_the_words_of_the_files():
    listed = [
        ("truth/ties", "tie_kind", kinds.Kind),
        ("truth/ties", "tie_class", kinds.TieClass),
        ("truth/ties", "end_cause", [cause for cause in kinds.Cause if cause]),
        ("truth/events", "event", [e for e in kinds.Event if e not in (*OF_OFFERS, OF_A_TEAM)]),
        ("persons", "diagnosis", kinds.Diagnosis),
        ("persons", "household", kinds.Household),
    ]
    for name, column, codes in listed:
        words = {code.name.lower() for code in codes}
        assert words <= set(codebook.table(name).column(column).values), column


def test_list_of_missing_codes_has_the_key_of_its_table():
    miss = codebook.table("alters_miss")
    names = ["egoID", "alterID", "variable", "code", "synthetic"]
    assert [column.name for column in miss.columns] == names
    assert set(miss.column("code").values) == set(MISSING_CODES) == set(codebook.missing_labels())


@pytest.mark.parametrize("name", ["alter", "flow_miss", "truth/weekly_miss", "aaties_miss_miss"])
def test_unknown_tables_are_refused(name):
    with pytest.raises(codebook.CodebookError, match="no table"):
        codebook.table(name)


def test_unknown_column_names_the_nearest():
    with pytest.raises(codebook.CodebookError, match='did you mean "circle"'):
        codebook.table("alters").column("circel")


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (["weight", "ties"], "takes this name"),
        (["type"], "takes this name"),
        (["x" * 27], "longer than 26"),
        (["map.x"], "not snake_case"),
        (["sex", "alter_sex_band"], 'a search for "sex_"'),
    ],
)
def test_rules_about_names_are_enforced(names, problem):
    columns = tuple(codebook.Column(name, "integer", "a label") for name in names)
    one = codebook.Table("alters", "title", "row", ("csv",), columns)
    with pytest.raises(codebook.CodebookError, match=problem):
        codebook._check_names(one)


def test_a_missing_code_must_not_be_a_possible_value():
    column = codebook.Column("score", "number", "a label", missing=(-9,), minimum=-20)
    with pytest.raises(codebook.CodebookError, match="minimum above -5"):
        codebook._check_column("egos", column)
