"""Nothing in sim/ computes with functions whose last bits depend on the processor or library.

Sums, products, quotients and square roots are exact to the last bit everywhere (IEEE 754);
exponentials, logarithms and the sums inside BLAS are not.
"""

import ast

import pytest

TRANSCENDENTAL = """
    exp exp2 expm1 log log2 log10 log1p logaddexp logaddexp2 power pow float_power cbrt hypot
    sin cos tan arcsin arccos arctan arctan2 asin acos atan atan2 sinh cosh tanh arcsinh arccosh
    arctanh asinh acosh atanh sinc i0 logspace geomspace angle
""".split()
BLAS = """
    dot vdot vecdot inner matmul matvec vecmat tensordot einsum einsum_path linalg convolve
    correlate cov corrcoef polyfit polynomial roots
""".split()
OTHER_NUMPY = ["fft", "random"]
NOT_OF_NUMPY = {*TRANSCENDENTAL, *BLAS, *OTHER_NUMPY}
MATH_ALLOWED = {"floor", "ceil", "isfinite", "isqrt"}


def bound_names(tree):
    """What each imported name stands for: {"np": "numpy", "e": "numpy.exp"}."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def is_forbidden(dotted):
    """Whether a fully written name is a function that numbers may not come from."""
    library, *rest = dotted.split(".")
    if library == "numpy":
        return bool(NOT_OF_NUMPY & set(rest))
    return library == "math" and bool(rest) and rest[0] not in MATH_ALLOWED


def is_risky_power(base, exponent):
    """Whether a power is more than a square, a power of an integer, or 2.0**-23."""
    if isinstance(exponent, ast.UnaryOp):
        exponent = exponent.operand
    power_type = type(getattr(exponent, "value", 0))
    if isinstance(base, ast.Constant) and power_type is int:
        is_known = isinstance(exponent, ast.Constant)
        return not (type(base.value) is int or (is_known and base.value == 2))
    return not (isinstance(exponent, ast.Constant) and exponent.value == 2)


def forbidden_numbers(text):
    """Yield a line for each use of a forbidden function or operator in a source text."""
    tree = ast.parse(text)
    names = bound_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in {"math", "numpy"}:
            for alias in node.names:
                if is_forbidden(f"{node.module}.{alias.name}"):
                    yield f"{node.lineno}: from {node.module} import {alias.name}"
        elif isinstance(node, ast.Attribute):
            first, *rest = ast.unparse(node).split(".")
            if is_forbidden(".".join([names.get(first, first), *rest])):
                yield f"{node.lineno}: {ast.unparse(node)}"
            elif node.attr in {"dot", "corr", "cov"}:
                yield f"{node.lineno}: .{node.attr}"
        elif isinstance(node, ast.BinOp | ast.AugAssign):
            if isinstance(node.op, ast.MatMult):
                yield f"{node.lineno}: @"
            elif isinstance(node.op, ast.Pow) and is_risky_power(*operands(node)):
                yield f"{node.lineno}: **"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if is_forbidden(names.get(node.func.id, "")):
                yield f"{node.lineno}: {node.func.id}()"
            elif node.func.id == "pow" and len(node.args) == 2:
                yield f"{node.lineno}: pow()"


def operands(node):
    return (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)


def test_the_simulator_uses_no_number_that_depends_on_the_machine(room_sources):
    problems = [
        f"{path}:{problem}"
        for path, text in room_sources.items()
        if path.startswith("sim/")
        for problem in forbidden_numbers(text)
    ]
    assert problems == []


@pytest.mark.parametrize(
    "snippet",
    [
        "import numpy as np\nnp.exp(x)",
        "import numpy\ny = numpy.log1p(x)",
        "import numpy as np\ntable = map(np.sin, x)",
        "import numpy as np\nnp.power(x, y)",
        "import numpy as np\nnp.dot(x, y)",
        "import numpy as np\nnp.linalg.solve(a, b)",
        "import numpy as np\nnp.random.default_rng(1)",
        "import numpy.linalg as la\nla.norm(x)",
        "from numpy import exp",
        "import math\nmath.exp(1)",
        "import math\nmath.pow(2, 3)",
        "from math import log",
        "import math as m\nm.sin(1)",
        "a @ b",
        "a @= b",
        "a.dot(b)",
        "x ** 0.5",
        "x ** 3",
        "2 ** 0.5",
        "2.0 ** x",
        "3.7 ** 5",
        "x ** -3",
        "x **= y",
        "pow(x, y)",
    ],
)
def test_a_forbidden_number_is_seen(snippet):
    assert list(forbidden_numbers(snippet))


@pytest.mark.parametrize(
    "snippet",
    [
        "import math\nmath.floor(x) + math.ceil(x) + math.isqrt(9)\nmath.isfinite(x)",
        "import numpy as np\nnp.sqrt(x) + np.floor(x)\nnp.sum(x)",
        "from sim.world.arithmetic import exp\nexp(x)",
        "2 ** 32 + 1 << 3",
        "2 ** bits",
        "2.0**-23",
        "x ** 2",
        "pow(base, exponent, modulus)",
        "@register_jitable\ndef rule(x):\n    return x * x",
        "logger.log(1)",
    ],
)
def test_what_is_exact_is_left_alone(snippet):
    assert list(forbidden_numbers(snippet)) == []
