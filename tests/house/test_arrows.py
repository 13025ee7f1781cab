"""Imports run one way, between rooms and between files; late ones and those for types too."""

import ast
import sys
import textwrap

import pytest

ROOMS = (  # from the ground up; a module may import from its own room and from those below
    ("scenarios", "sim", "sim.errors", "sim.files", "sim.side_by_side", "sim.sources"),
    ("sim.world",),
    ("sim.study",),
    ("sim.data",),
    ("analysis", "analysis.estimators"),
    ("analysis.measures",),
    ("analysis.lives",),
    ("analysis.figures",),
    ("analysis.pages",),
    ("analysis.runs",),
    ("analysis.questions",),
    ("analysis.trials",),
    ("analysis.worlds",),
    ("analysis.compare",),
    ("analysis.pilots",),
    ("analysis.planning",),
    ("analysis.attrition",),
    ("analysis.saturation",),
    ("analysis.feasibility",),
    ("analysis.stress",),
    ("analysis.evidence",),
    ("analysis.patterns",),
    ("analysis.calibration",),
    ("analysis.sensitivity",),
    ("egocohort",),
)
FLOORS = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
JOBS = (
    "analysis.planning", "analysis.attrition", "analysis.saturation", "analysis.feasibility",
    "analysis.stress",
)  # fmt: skip
CHECKS = ("analysis.evidence", "analysis.patterns", "analysis.calibration", "analysis.sensitivity")

# The simulator draws no pictures, keeps no generator, and takes no numbers from libraries whose
# last bits depend on the machine.
NOT_IN_SIM = {
    "cmath",
    "matplotlib",
    "plotly",
    "random",
    "scipy",
    "seaborn",
    "shiny",
    "statistics",
    "statsmodels",
}


def module_of(path):
    parts = path.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(module):
    """The floor of the innermost room that holds a module; None for one that is not ours."""
    while module:
        if module in FLOORS:
            return FLOORS[module]
        module = module.rpartition(".")[0]
    return None


def imported_names(path, text):
    """Yield (line, dotted name) of everything a file imports, in functions too."""
    package = module_of(path).split(".")
    if not path.endswith("__init__.py"):
        package.pop()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            prefix = ".".join(base + ([node.module] if node.module else []))
            yield from ((node.lineno, f"{prefix}.{alias.name}") for alias in node.names)
        elif is_dynamic_import(node):
            yield node.lineno, node.args[0].value


def is_dynamic_import(node):
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"import_module", "__import__"}
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )


def arrows_that_run_back(path, text):
    here = floor_of(module_of(path))
    return [
        f"{path}:{line} imports {name}"
        for line, name in imported_names(path, text)
        if (there := floor_of(name)) is not None and there > here
    ]


def libraries_not_for_sim(path, text):
    return [
        f"{path}:{line} imports {name}"
        for line, name in imported_names(path, text)
        if name.partition(".")[0] in NOT_IN_SIM
    ]


def test_no_import_runs_back(room_sources):
    problems = [p for path, text in room_sources.items() for p in arrows_that_run_back(path, text)]
    assert problems == []


def test_the_simulator_imports_no_pictures_and_no_foreign_numbers(room_sources):
    problems = [
        problem
        for path, text in room_sources.items()
        if path.startswith("sim/")
        for problem in libraries_not_for_sim(path, text)
    ]
    assert problems == []


def test_the_room_of_files_needs_nothing_but_python(room_sources):
    names = [
        name
        for path, text in room_sources.items()
        if path.startswith("sim/files/")
        for _, name in imported_names(path, text)
    ]
    assert names
    others = [name for name in names if not name.startswith(("sim.errors.", "sim.files."))]
    assert {name.partition(".")[0] for name in others} <= sys.stdlib_module_names


def test_every_folder_of_code_is_a_package(room_sources, repository):
    # setuptools leaves a folder without __init__.py out of the wheel, and says nothing.
    folders = {path.rpartition("/")[0] for path in room_sources}
    assert [f for f in sorted(folders) if not (repository / f / "__init__.py").exists()] == []


def test_scenarios_hold_data_only(room_sources):
    code = [path for path in room_sources if path.startswith("scenarios/")]
    assert code == ["scenarios/__init__.py"]
    assert list(imported_names(code[0], room_sources[code[0]])) == []


@pytest.mark.parametrize(
    ("path", "snippet"),
    [
        ("sim/world/week.py", "import sim.study.spec"),
        ("sim/world/week.py", "from sim import study"),
        ("sim/world/week.py", "from ..study import spec"),
        ("sim/world/__init__.py", "from .. import data"),
        ("sim/study/spec.py", "from sim.data.tables import write"),
        ("sim/data/bundle.py", "def f():\n    from analysis import measures"),
        ("sim/data/bundle.py", "import importlib\nimportlib.import_module('analysis.pages.study')"),
        ("sim/errors.py", "import sim.world.parameters"),
        ("sim/files/whole.py", "from sim.world.toml_file import read"),
        ("analysis/report.py", "import egocohort"),
        ("scenarios/__init__.py", "import sim.world"),
    ],
)
def test_an_arrow_that_runs_back_is_seen(path, snippet):
    assert len(arrows_that_run_back(path, snippet)) == 1


def test_arrows_in_the_right_direction_are_left_alone():
    snippet = textwrap.dedent("""
        import json
        from sim.world import week
        from sim.errors import InputError
        from . import codebook
        from ..study.spec import read_study
    """)
    assert arrows_that_run_back("sim/data/bundle.py", snippet) == []


@pytest.mark.parametrize(
    "snippet",
    ["import seaborn as sns", "def f():\n    import matplotlib.pyplot", "from scipy import stats"],
)
def test_a_foreign_library_in_the_simulator_is_seen(snippet):
    assert len(libraries_not_for_sim("sim/world/week.py", snippet)) == 1
