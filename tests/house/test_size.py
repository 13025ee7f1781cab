"""Files and functions short enough to read, and a docstring on everything public."""

import ast

LONGEST_FILE = 400
LONGEST_FUNCTION = 40

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def too_long(path, text):
    lines = len(text.splitlines())
    if lines > LONGEST_FILE:
        yield f"{path}: {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FUNCTIONS):
            lines = node.end_lineno - node.lineno + 1 - lines_of_docstring(node)
            if lines > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno} {node.name}: {lines} lines"


def lines_of_docstring(node):
    if ast.get_docstring(node) is None:
        return 0
    return node.body[0].end_lineno - node.body[0].lineno + 1


def without_docstring(path, text):
    tree = ast.parse(text)
    if ast.get_docstring(tree) is None:
        yield f"{path}: the module"
    yield from undocumented_members(path, tree)


def undocumented_members(path, parent):
    """Public functions and classes of a module, and methods of its public classes."""
    for node in parent.body:
        if not isinstance(node, ast.ClassDef | FUNCTIONS) or node.name.startswith("_"):
            continue
        if ast.get_docstring(node) is None and not is_overload_or_setter(node):
            yield f"{path}:{node.lineno} {node.name}"
        if isinstance(node, ast.ClassDef):
            yield from undocumented_members(path, node)


def is_overload_or_setter(node):
    """Whether a definition only adds to another of the same name, which has the docstring."""
    last_words = {ast.unparse(d).rpartition(".")[2] for d in node.decorator_list}
    return bool(last_words & {"overload", "override", "setter", "deleter"})


def test_files_and_functions_are_short_enough_to_read(room_sources):
    problems = [p for path, text in room_sources.items() for p in too_long(path, text)]
    assert problems == []


def test_everything_public_has_a_docstring(room_sources):
    problems = [p for path, text in room_sources.items() for p in without_docstring(path, text)]
    assert problems == []


def test_a_long_file_and_a_long_function_are_seen():
    assert list(too_long("a.py", "x = 1\n" * 401)) == ["a.py: 401 lines"]
    body = '    """F.\n\n    More."""\n' + "    x = 1\n" * 40
    assert list(too_long("a.py", f"class A:\n  def f():\n{body}")) == ["a.py:2 f: 41 lines"]
    assert list(too_long("a.py", "x = 1\n" * 400)) == []


def test_a_missing_docstring_is_seen():
    bare = "def f(): ...\nclass A:\n    def g(self): ...\n    def _h(self): ..."
    assert list(without_docstring("a.py", bare)) == [
        "a.py: the module",
        "a.py:1 f",
        "a.py:2 A",
        "a.py:3 g",
    ]


def test_private_names_and_inner_functions_need_none():
    inner = '"""M."""\ndef _f():\n    pass\ndef g():\n    """G."""\n    def h():\n        pass\n'
    assert list(without_docstring("a.py", inner)) == []
