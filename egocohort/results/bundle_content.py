"""Where a simulated study's tables come from: made in memory when asked for, or read from disk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.errors import InputError, nearest

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.data.provenance import Recipe

__all__ = ["BundleContent", "StudyTables"]


class StudyTables(Protocol):
    """The tables of one study: `BundleContent` in memory, or a bundle on disk."""

    def arrow(self, name: str) -> pa.Table:
        """Return one table by its name in the codebook."""


class BundleContent(NamedTuple):
    """All that a bundle holds, before it is written; made when it is first asked for.

    Attributes
    ----------
    tables, truth : Mapping
        Tables by name.
    rest : Mapping
        ``estimands`` and ``provenance``; ``as_collected`` where errors were asked for.
    study, scenario
        What was simulated.
    seed, replicate
        The key of the random draws.
    """

    tables: Mapping[str, pa.Table]
    truth: Mapping[str, pa.Table]
    rest: Mapping[str, Any]
    study: Recipe
    scenario: Recipe
    seed: int
    replicate: int | None

    def manifest(self) -> dict[str, Any]:
        """What was simulated and with what, as manifest.json has it."""
        source = self.rest["provenance"]
        said: dict[str, Any] = {
            "versions": dict(source.versions),
            "git_commit": source.git_commit,
            "command": list(source.command),
            "seed": self.seed,
            "replicate": self.replicate,
        }
        for kind, one in (("scenario", self.scenario), ("study", self.study)):
            said[kind] = {"id": one.id, "hash": one.hash, "resolved": one.resolved()}
        return said

    @property
    def names(self) -> list[str]:
        """Names of all tables in the codebook, those of the study first."""
        return [*self.tables, *(f"truth/{one}" for one in self.truth)]

    def arrow(self, name: str) -> pa.Table:
        """Return one table by its name in the codebook.

        Raises
        ------
        sim.errors.InputError
            If the study has no such table.
        """
        place, _, last = name.rpartition("/")
        found = {"": self.tables, "truth": self.truth}.get(place, {})
        if last not in found:
            raise InputError(f'this study has no table "{name}"{nearest(name, self.names)}')
        return found[last]
