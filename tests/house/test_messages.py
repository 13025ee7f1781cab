"""What several rooms say is said by one function each: commands that are proposed, and hints."""

import ast
import re

import pytest

from egocohort.verbs import VERBS

COMMAND = re.compile(rf"egocohort (?:{'|'.join(VERBS)}) [^`]*\Z")


def by_hand(text):
    """Lines where a command is put together without `typed`, or a hint without `meant_or_known`."""
    return sorted(node.lineno for node in ast.walk(ast.parse(text)) if _proposes(node, text))


def _proposes(node, text):
    if isinstance(node, ast.JoinedStr):
        before = ""
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and COMMAND.search(before):
                return True
            before += part.value if isinstance(part, ast.Constant) else "{}"
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        first, other = node.values[0], ast.get_source_segment(text, node.values[1])
        called = isinstance(first, ast.Call) and getattr(first.func, "id", "")
        return called == "nearest" and ".join(" in other
    return False


def test_no_command_and_no_list_of_what_is_known_is_put_together_by_hand(room_sources):
    found = {path: by_hand(text) for path, text in room_sources.items()}
    allowed = {"sim/errors.py"}
    assert {path: lines for path, lines in found.items() if lines and path not in allowed} == {}


@pytest.mark.parametrize(
    "snippet",
    [
        "f'to see it: egocohort report {folder}'",
        "f'egocohort new a.toml ' f'--base {path}'",
        "hint = nearest(a, b) or '; known: ' + ', '.join(b)",
    ],
)
def test_such_are_found(snippet):
    assert by_hand(snippet) == [1]
