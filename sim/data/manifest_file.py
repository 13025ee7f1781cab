"""What manifest.json must hold, checked as a whole before anything of it is used.

A manifest may come from anybody. Its paths stay inside the bundle, and its texts are short and
printable, because they end in messages, pages and proposals to type a command.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sim.study.how_much_truth import HowMuchTruth
from sim.world.toml_file import TomlFile

__all__ = ["check_manifest"]

LARGEST_KEY = 2**64 - 1


def _like(pattern: str, wanted: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(f"{wanted}, not {text[:40]!r}")
        return text

    return check


def _inside(files: dict[str, str]) -> dict[str, str]:
    """Refuse a path that could lead out of the bundle: absolute, with `..`, or of another sort."""
    for path in files:
        if len(path) > 200 or not re.fullmatch(r"[A-Za-z0-9_][\w.-]*(/\w[\w.-]*)*", path, re.ASCII):
            raise ValueError(f"{path[:40]!r} is no file of a bundle; such are 'truth/ties.csv'")
    return files


Digest = Annotated[str, AfterValidator(_like("[0-9a-f]{64}", "must be 64 hex digits"))]
Line = Annotated[str, AfterValidator(_like(r"[^\x00-\x1f\x7f]{0,500}", "must be one line of text"))]
Name = Annotated[str, AfterValidator(_like(r"[\w.+ -]{1,200}", "must be a name"))]
Version = Annotated[str, AfterValidator(_like(r"(?a:[\w.+!-]{1,40})", "must be a version"))]
Key = Annotated[int, Field(ge=0, le=LARGEST_KEY)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _Resolved(_Part):
    """What is read of a recipe without parsing it."""

    title: str = ""
    cite: list[Line] = []


class _Recipe(_Part):
    id: Name
    hash: Digest
    resolved: _Resolved


class _Parameter(_Part):
    path: Name
    value: float
    unit: Line
    low: float
    high: float
    source: Line
    grade: Name
    set_by: Name


class _Digested(_Part):
    rows: Annotated[int, Field(ge=0)]
    digest: Digest


class _Versions(_Part):
    __pydantic_extra__: dict[str, Version]

    egocohort: Version


class _Manifest(_Part):
    """The keys of `sim.data.provenance.manifest`; others are read over."""

    versions: _Versions
    git_commit: Name | None
    command: list[str]
    seed: Key
    replicate: Key | None
    truth: HowMuchTruth
    rng: Name
    scenario: _Recipe
    study: _Recipe
    parameters: list[_Parameter]
    tables: dict[str, _Digested]
    files: Annotated[dict[str, Digest], AfterValidator(_inside)]


def check_manifest(data: dict[str, Any], name: str) -> None:
    """Check types, ranges and paths.

    Parameters
    ----------
    data
        Content of the manifest.
    name
        What messages call it.

    Raises
    ------
    sim.errors.InputError
        Naming the first key that is wrong, and what would be right.
    """
    TomlFile(name, "", data).validate(_Manifest)
