"""What a data package owes to whom: version, licence, authors, citation and sources."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.data.provenance import Provenance
from sim.world.parameters import Source, sources

__all__ = ["CITABLE", "FOUNDING", "credits_of"]

AUTHORS = "the egocohort authors"
MIT = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}
"""The licence of the program, and of what it writes."""

FOUNDING = "brooks2020"
"""The source that is the founding paper; its figures are sources of their own."""

CITABLE = ("founding-paper", "seen")
"""Sources that were read; the others are no evidence, and `egocohort cite` says what they are."""


def credits_of(provenance: Provenance, cited: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Properties of a data package: version, licenses, contributors, citation, sources.

    Parameters
    ----------
    provenance
        Its version and the sources of its parameters.
    cited
        Ids of sources that the study and the scenario cite.
    """
    version = provenance.versions["egocohort"]
    named = [key for keys in cited for key in keys]
    named += [key for row in provenance.parameters for key in row["source"].split()]
    return {
        "version": version,
        "licenses": [MIT],
        "contributors": [{"title": AUTHORS, "role": "author"}],
        "citation": f"{AUTHORS}: egocohort, version {version}. Synthetic data, made by simulation.",
        "sources": _listed(named, sources()),
    }


def _listed(named: Iterable[str], known: Mapping[str, Source]) -> list[dict[str, str]]:
    """Sources that can be cited, once each; figures of the founding paper are that paper."""
    found = []
    for key in dict.fromkeys(_whole(key, known) for key in named if key in known):
        one = known[key]
        if one.status in CITABLE:
            where = f"https://doi.org/{one.doi}" if one.doi else one.url
            found.append({"title": one.text, **({"path": where} if where else {})})
    return found


def _whole(key: str, known: Mapping[str, Source]) -> str:
    return FOUNDING if known[key].status == "founding-paper" else key
