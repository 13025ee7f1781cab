"""There is one list of the analyses, their records; a second one is soon out of step."""

import ast

import pytest

from analysis.estimators.catalogue import nameable

RECORDS = "analysis/estimators/analyses/"
MAY_NAME_SOME = {
    "egocohort/study_files/text.py": "proposes the one that suits what was answered",
}


def named(text):
    """Return the analyses whose names stand in a file as strings of their own."""
    names = set(nameable())
    constants = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return {one.value for one in constants if isinstance(one.value, str) and one.value in names}


def test_no_other_file_lists_analyses(room_sources):
    lists = {
        path: found
        for path, text in room_sources.items()
        if not path.startswith(RECORDS) and len(found := named(text)) > 1
    }
    assert {path: found for path, found in lists.items() if path not in MAY_NAME_SOME} == {}
    assert lists.keys() == MAY_NAME_SOME.keys()


def test_a_record_names_no_other_analysis(room_sources):
    several = {p: named(text) for p, text in room_sources.items() if p.startswith(RECORDS)}
    assert set.union(*several.values()) == set(nameable())
    assert {path: found for path, found in several.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "snippet",
    [
        'ONE_WAVE = ("t_test", "ancova")',
        'sources = {"mmrm": "a", "gee": "b"}',
        'if one == "hazard":\n    f()\nelif one == "gee_logit":\n    g()',
    ],
)
def test_a_second_list_is_seen(snippet):
    assert len(named(snippet)) == 2


def test_a_name_within_a_sentence_is_no_list():
    assert named('"""t_test and ancova."""\n__all__ = ["t_test"]') == {"t_test"}
