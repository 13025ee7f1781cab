"""What an installed copy needs is what the wheel is told to carry."""

import re
import tomllib
from pathlib import PurePosixPath

ROOMS = ("sim", "analysis", "egocohort", "scenarios")


def left_out(data, packages, patterns):
    """Return the data files that no pattern of their package covers.

    `patterns` is setuptools' package-data: globs by package, relative to it; "*" is every package.
    """
    missing = []
    for path in data:
        package = next(folder for folder in path.parents if folder in packages)
        wanted = [*patterns.get("*", []), *patterns.get(".".join(package.parts), [])]
        if not any(path in matches(package, pattern, data) for pattern in wanted):
            missing.append(path.as_posix())
    return missing


def matches(package, pattern, data):
    """Return the data files of a package that a glob covers; `*` does not cross a slash."""
    inside = [path for path in data if package in path.parents]
    return [
        path
        for path in inside
        if len(path.relative_to(package).parts) == len(PurePosixPath(pattern).parts)
        and path.relative_to(package).match(pattern)
    ]


def test_every_data_file_of_a_room_is_package_data(our_files, repository):
    settings = tomllib.loads((repository / "pyproject.toml").read_text())
    patterns = settings["tool"]["setuptools"]["package-data"]
    ours = [PurePosixPath(path.as_posix()) for path in our_files if path.parts[0] in ROOMS]
    packages = {path.parent for path in ours if path.name == "__init__.py"}
    data = [path for path in ours if path.suffix != ".py"]
    assert left_out(data, packages, patterns) == []


def test_a_data_file_left_out_is_seen():
    packages = {PurePosixPath("scenarios"), PurePosixPath("sim/data")}
    data = [PurePosixPath(name) for name in ("scenarios/studies/a.toml", "sim/data/codebook.toml")]
    assert left_out(data, packages, {}) == ["scenarios/studies/a.toml", "sim/data/codebook.toml"]
    assert left_out(data, packages, {"*": ["*.toml"]}) == ["scenarios/studies/a.toml"]
    assert left_out(data, packages, {"*": ["*.toml"], "scenarios": ["studies/*.toml"]}) == []


def test_the_constraints_name_every_direct_dependency(repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = (repository / "constraints.txt").read_text().splitlines()
    pinned = {normal(line.partition("==")[0]) for line in lines if "==" in line}
    assert {normal(re.match(r"[\w.-]+", line).group()) for line in wanted} - pinned == set()


def test_the_version_is_the_same_in_every_file(repository):
    version = tomllib.loads((repository / "pyproject.toml").read_text())["project"]["version"]
    assert f"version: {version}\n" in (repository / "CITATION.cff").read_text()
    assert f"## {version} " in (repository / "CHANGELOG.md").read_text()


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_program_beside_the_texts_stands_in_the_way_of_a_room(repository):
    """Python looks first in the folder of the program that it runs."""
    assert not {file.stem for file in (repository / "docs").glob("*.py")} & set(ROOMS)
