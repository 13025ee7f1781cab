"""Where a bundle comes from: versions, seed, recipes, parameters, and the sha256 of every file.

The manifest holds no clock time, host or folder: making a bundle again gives the same bytes.
"""

import hashlib
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple, Protocol

from sim.data.disk import parse_json, read_bytes
from sim.data.manifest_file import check_manifest
from sim.data.serialise import plain
from sim.errors import InputError
from sim.files.folder import mend
from sim.study.how_much_truth import LIVED

__all__ = [
    "MANIFEST",
    "Difference",
    "Parameter",
    "Provenance",
    "Recipe",
    "check",
    "clean_command",
    "collect",
    "compared",
    "manifest",
    "read_manifest",
    "version",
]

MANIFEST = "manifest.json"
"""Name of the manifest in a bundle."""

FORMAT = "egocohort-bundle/1"
"""Version of the bundle's layout; a change that older readers cannot follow counts it up."""

LARGEST = 20
"""MB of a manifest that is read; the longest we have written has not one."""

RNG = "Philox4x32-7"

_LIBRARIES = ("numpy", "numba", "pyarrow")


class Recipe(Protocol):
    """What the manifest needs of a scenario or a study."""

    @property
    def id(self) -> str:
        """Short name."""

    @property
    def hash(self) -> str:
        """Sha256 of the resolved values."""

    def resolved(self) -> Mapping[str, Any]:
        """All values as used, with everything inherited filled in."""


class Parameter(Protocol):
    """What the manifest needs of one entry of the catalogue of parameters."""

    @property
    def path(self) -> str:
        """Dotted name."""

    @property
    def value(self) -> float:
        """Value unless a scenario sets another."""

    @property
    def unit(self) -> str:
        """Unit of measurement."""

    @property
    def low(self) -> float:
        """Lower end of the plausible range."""

    @property
    def high(self) -> float:
        """Upper end of the plausible range."""

    @property
    def source(self) -> str:
        """Ids of the sources, or nothing."""

    @property
    def grade(self) -> str:
        """How good the evidence is."""


@dataclass(frozen=True)
class Provenance:
    """All that one run of the simulator has to tell about itself besides its two recipes."""

    seed: int
    replicate: int | None
    truth: str
    command: tuple[str, ...]
    versions: Mapping[str, str]
    git_commit: str | None
    parameters: tuple[Mapping[str, Any], ...]


class Difference(NamedTuple):
    """A file that is not as the manifest says: ``problem`` is ``"changed"`` or ``"missing"``."""

    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file} ({self.problem})"


def collect(
    *,
    seed: int,
    replicate: int | None = None,
    truth: str = LIVED,
    command: Sequence[str] = (),
    parameters: Iterable[Parameter] = (),
    overrides: Mapping[str, float] | None = None,
) -> Provenance:
    """Gather versions, commit and parameters for the manifest.

    Parameters
    ----------
    seed, replicate
        The key of the random draws; None when the bundle is no replicate of a series.
    truth
        How much truth the bundle holds: one of `sim.study.how_much_truth.TRUTHS`.
    command
        The command line as the user gave it (``sys.argv``); see `clean_command`.
    parameters
        Entries of the catalogue, in file order.
    overrides
        Values that the scenario sets, by dotted name.

    Returns
    -------
    Provenance
    """
    changed = overrides or {}
    rows = [
        {
            "path": entry.path,
            "value": changed.get(entry.path, entry.value),
            "unit": entry.unit,
            "low": entry.low,
            "high": entry.high,
            "source": entry.source,
            "grade": entry.grade,
            "set_by": "scenario" if entry.path in changed else "catalogue",
        }
        for entry in parameters
    ]
    return Provenance(
        seed, replicate, truth, clean_command(command), _versions(), git_commit(), tuple(rows)
    )


def clean_command(command: Sequence[str]) -> tuple[str, ...]:
    """Strip a command line of what belongs to one computer.

    The program becomes ``egocohort``, ``--out`` and its folder are dropped, and a path keeps its
    last part alone.
    """
    kept: list[str] = []
    skip = False
    for word in command[1:]:
        if skip or word == "--out":
            skip = not skip
        elif not word.startswith("--out="):
            kept.append(_last_part(word))
    return ("egocohort", *kept)


def version() -> str:
    """Version of the installed egocohort; ``uninstalled`` when run from a bare source folder."""
    try:
        return metadata.version("egocohort")
    except metadata.PackageNotFoundError:
        return "uninstalled"


@cache
def _versions() -> Mapping[str, str]:
    """Versions of what bytes depend on."""
    versions = {"egocohort": version(), "python": platform.python_version()}
    return versions | {library: metadata.version(library) for library in _LIBRARIES}


@cache
def git_commit() -> str | None:
    """Commit of the source that tracks this module (``-dirty`` if edited), None without git."""
    here = Path(__file__)
    tracked = _git(here.parent, "ls-files", "--error-unmatch", here.name)
    if tracked is None:
        return None  # a folder inside somebody else's repository
    return _git(here.parent, "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*")


def manifest(
    provenance: Provenance,
    *,
    scenario: Recipe,
    study: Recipe,
    contents: Mapping[str, bytes],
    digests: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Content of manifest.json.

    Parameters
    ----------
    provenance
        From `collect`.
    scenario, study
        The two recipes.
    contents
        Bytes of every other file of the bundle by its path.
    digests
        Per table its number of rows and its digest (see `sim.data.tables.digest`).
    """
    return {
        "format": FORMAT,
        "synthetic": True,
        "note": "SYNTHETIC: simulated people, not real ones",
        "versions": dict(provenance.versions),
        "git_commit": provenance.git_commit,
        "command": list(provenance.command),
        "seed": provenance.seed,
        "replicate": provenance.replicate,
        "truth": provenance.truth,
        "rng": RNG,
        "scenario": _recipe(scenario),
        "study": _recipe(study),
        "parameters": list(provenance.parameters),
        "tables": {name: dict(digests[name]) for name in sorted(digests)},
        "files": {path: hashlib.sha256(contents[path]).hexdigest() for path in sorted(contents)},
    }


def read_manifest(path: str | Path, *, any_version: bool = False) -> dict[str, Any]:
    """Read a manifest, or the manifest of a bundle's folder.

    Parameters
    ----------
    path
        A manifest.json or the folder it lies in.
    any_version
        Accept a manifest of another version of egocohort: enough to read, not to remake, a bundle.

    Returns
    -------
    dict
        The keys of `manifest`.

    Raises
    ------
    sim.errors.InputError
        If the file is missing, not JSON, not a manifest, of another version, or any of its keys is
        absent or wrong.
    """
    file = Path(path)
    for place in (file, file.parent):
        mend(place)
    file = file / MANIFEST if _is_folder(file) else file
    found = parse_json(
        read_bytes(file, most=LARGEST, absent=f"no such file; a bundle has a {MANIFEST}"), str(file)
    )
    kind, _, number = (str(found.get("format")) if isinstance(found, dict) else "").partition("/")
    ours, _, our_number = FORMAT.partition("/")
    if kind != ours or not re.fullmatch("[0-9]{1,9}", number):
        raise InputError(f"{file}: not a manifest of egocohort; give the {MANIFEST} of a bundle")
    if number != our_number:
        raise InputError(
            f"{file}: written in bundle format {number}; "
            f"this is egocohort {version()}, which reads format {our_number}"
        )
    check_manifest(found, str(file))
    written_by = found["versions"]["egocohort"]
    if written_by != version() and not any_version:
        raise InputError(
            f"{file}: written by egocohort {written_by}, this is {version()}\n"
            f"the same bytes need the same version: pip install egocohort=={written_by}"
        )
    return dict(found)


def check(folder: str | Path) -> list[Difference]:
    """Compare the files of a bundle with its manifest.

    Returns
    -------
    list of Difference
        Files that were changed or are missing, by path; empty when all is as it was written.
        Files that the manifest does not know, such as a user's results, are ignored.

    Raises
    ------
    sim.errors.InputError
        If the folder has no readable manifest.
    """
    listed = read_manifest(folder, any_version=True)["files"]
    found = (compared(Path(folder), path, listed[path]) for path in listed)
    return [one for one in found if one is not None]


def compared(folder: Path, path: str, expected: str) -> Difference | None:
    """How one file of a bundle differs from its checksum; None if it does not."""
    if not (folder / path).is_file():
        return Difference(path, "missing")
    return None if _sha256(folder / path) == expected else Difference(path, "changed")


def _is_folder(file: Path) -> bool:
    with suppress(OSError):  # a name that is too long
        return file.is_dir()
    return False


def _sha256(file: Path) -> str:
    """Checksum of a file of any size."""
    try:
        with file.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None


def _recipe(recipe: Recipe) -> dict[str, Any]:
    return {"id": recipe.id, "hash": recipe.hash, "resolved": plain(recipe.resolved())}


def _last_part(word: str) -> str:
    """Keep the last part of an absolute path, also behind ``--option=``."""
    option, equals, value = word.rpartition("=") if word.startswith("--") else ("", "", word)
    if PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute():
        value = PureWindowsPath(value).name
    return f"{option}{equals}{value}"


def _git(folder: Path, *arguments: str) -> str | None:
    command = ("git", "-C", str(folder), *arguments)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
