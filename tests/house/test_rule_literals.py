"""In a rule every number is float32 by name, or the compiled rule and plain Python differ.

Plain Python computes `np.float32(x) * 0.1` in float32, numba in float64; the same holds for an
integer. `f4(0.1)` is float32 to both.
"""

import ast

import pytest

ARITHMETIC = ast.Add | ast.Sub | ast.Mult | ast.Div


def is_integer(node):
    if isinstance(node, ast.UnaryOp):
        return is_integer(node.operand)
    return isinstance(node, ast.Constant) and type(node.value) is int


def is_constant_arithmetic(node):
    """Whether an expression holds literals alone, as in f4(1 / 52) and f4(-0.5)."""
    allowed = ast.Constant | ast.UnaryOp | ast.BinOp | ast.operator | ast.unaryop
    return all(isinstance(part, allowed) for part in ast.walk(node))


def is_f4(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "f4"


def inside_f4(tree):
    """Return the ids of all nodes within f4(...) of literals."""
    return {
        id(part)
        for call in ast.walk(tree)
        if is_f4(call) and all(map(is_constant_arithmetic, call.args))
        for argument in call.args
        for part in ast.walk(argument)
    }


def untyped_numbers(text):
    """Yield a line for each float literal outside f4(), each power and each use of `math`."""
    tree = ast.parse(text)
    typed = inside_f4(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow):
            yield f"{node.lineno}: **"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [getattr(node, "module", None), *(alias.name for alias in node.names)]
            if "math" in modules:
                yield f"{node.lineno}: import of math"
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "math":
            yield f"{node.lineno}: {ast.unparse(node)}"
        elif id(node) in typed:
            continue
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{node.lineno}: literal {node.value} outside f4()"


def bare_integers(text):
    """Yield a line for each sum or product with an integer literal, which has no float32 type."""
    tree = ast.parse(text)
    typed = inside_f4(tree)
    for node in ast.walk(tree):
        if id(node) in typed or not isinstance(node, ast.BinOp | ast.AugAssign):
            continue
        sides = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.value]
        if isinstance(node.op, ARITHMETIC) and any(is_integer(side) for side in sides):
            yield f"{node.lineno}: integer in {ast.unparse(node)}; write f4(...), or i4(...)"


def test_every_number_in_a_rule_is_float32_by_name(room_sources):
    problems = []
    for path, text in room_sources.items():
        is_rule = path.startswith("sim/world/rules/")
        if is_rule or path == "sim/world/arithmetic.py":
            problems += [f"{path}:{problem}" for problem in untyped_numbers(text)]
        if is_rule:  # arithmetic.py also counts lanes, in integers
            problems += [f"{path}:{problem}" for problem in bare_integers(text)]
    assert problems == []


@pytest.mark.parametrize(
    "snippet",
    [
        "HALF = 0.5",
        "y = x * 0.5",
        "y = f4(0.5 * x)",
        "y = f4(x) + 1e-6",
        "y = max(x, 0.0)",
        "def rule(x, low=0.1):\n    return x",
        "y = x ** f4(2)",
        "x **= 2",
        "import math",
        "from math import sqrt",
        "y = math.sqrt(x)",
    ],
)
def test_a_number_without_a_type_is_seen(snippet):
    assert list(untyped_numbers(snippet))


@pytest.mark.parametrize("snippet", ["y = 1 - p", "y = -2 * x", "x += 1", "y = f4(x + 1)"])
def test_an_integer_without_a_type_is_seen(snippet):
    assert list(bare_integers(snippet))


@pytest.mark.parametrize(
    "snippet",
    [
        "WEEK = f4(1 / 52)",
        "y = f4(-0.5) * x + f4(0)",
        "y = ONE - x if x > ZERO else f4(1e-6)",
        "y = f4(2 * (1 - 0.25))",
        "first = row[0]",
        "flag = count > 3",
        "week = week + i4(1)",
        '"""A docstring with 0.5 in it."""',
    ],
)
def test_a_number_with_a_type_is_left_alone(snippet):
    assert list(untyped_numbers(snippet)) == []
    assert list(bare_integers(snippet)) == []
