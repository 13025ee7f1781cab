"""What to cite, and for what: the sources behind the numbers of a scenario, study or bundle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.questions.of_study import plan_in
from analysis.questions.scales import Scale, known_scales
from egocohort.results.result import Result
from egocohort.results.settings import find_recipe, parameters_of
from sim.data.credits import CITABLE, FOUNDING
from sim.data.provenance import MANIFEST, read_manifest, version
from sim.errors import InputError
from sim.study.spec import Study
from sim.world.parameters import Source, sources
from sim.world.scenario import read_scenario

if TYPE_CHECKING:
    import pandas as pd

    from egocohort.results.files import FileContent

__all__ = ["Citation", "Citations", "citations"]

STATUS_IN_WORDS = {
    "founding-paper": "the founding paper",
    "seen": "read in public text",
    "derived": "arithmetic from figures of other sources",
    "recalled": "from memory, never verified: no evidence, look it up before you cite it",
    "judgement": "a proposal without a source: a prior, not evidence",
}


class Citation(NamedTuple):
    """One source and what it stands behind here.

    `reasons` are groups of parameters, or what else rests on it; `ids` the ids of sources.toml that
    are this source (the founding paper has one for each of its figures).
    """

    key: str
    text: str
    status: str
    year: int | None
    doi: str
    url: str
    reasons: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Citations(Result):
    """What to cite for one thing.

    Attributes
    ----------
    of
        What was asked for.
    entries
        Sources, those to cite first.
    assumed, parameters
        How many parameters are assumed, of how many.
    """

    of: str
    entries: tuple[Citation, ...]
    assumed: int
    parameters: int

    @property
    def table(self) -> pd.DataFrame:
        """One row per source."""
        import pandas as pd

        return pd.DataFrame(self.entries)

    def summary(self) -> str:
        """The sources and reasons as text."""
        import textwrap

        said = [f"To cite for {self.of}", f"egocohort {version()}\n  for the simulator itself"]
        for one in self.entries:
            text = f"[{one.key}] {one.text}" + (f" doi:{one.doi}" if one.doi else "")
            text += f" {one.url}" if one.url else ""
            lines = textwrap.wrap(text, 96)
            mark = "" if one.status in CITABLE else f"\n  ({STATUS_IN_WORDS[one.status]})"
            why = textwrap.wrap("for " + "; ".join(one.reasons), 92)
            said.append("\n".join(lines) + mark + "\n  " + "\n  ".join(why))
        if self.parameters:
            said.append(
                f"{self.assumed} of {self.parameters} parameters are graded assumed: priors, "
                "whatever source is named beside\nthem. egocohort show --parameters lists their "
                "ranges."
            )
        return "\n\n".join(said)

    def bibtex(self) -> str:
        """BibTeX entries of the program and of the sources that can be cited."""
        entries = [
            "@software{egocohort,\n  title = {egocohort},\n  author = {{the egocohort authors}},\n"
            f"  version = {{{version()}}},\n}}"
        ]
        for one in self.entries:
            if one.status in CITABLE:
                fields = {"note": one.text, "year": one.year, "doi": one.doi, "url": one.url}
                lines = [
                    f"  {name} = {{{value if name in ('doi', 'url') else _tex(str(value))}}},"
                    for name, value in fields.items()
                    if value
                ]
                entries.append("\n".join([f"@misc{{{one.key},", *lines, "}"]))
        return "\n\n".join(entries)

    @property
    def title(self) -> str:
        """For what."""
        return f"To cite for {self.of}"

    @property
    def headline(self) -> str:
        """How many parameters rest on no source."""
        return f"{self.assumed} of {self.parameters} parameters are graded assumed"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`citations`: one row per source."""
        return {"citations": self.table}

    def as_data(self) -> dict[str, Any]:
        """The sources as plain data, with BibTeX."""
        return {
            "of": self.of,
            "citations": [one._asdict() for one in self.entries],
            "assumed": self.assumed,
            "parameters": self.parameters,
            "bibtex": self.bibtex(),
        }

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        bibliography = {"citations.bib": self.bibtex() + "\n"}
        return {**super()._contents(out), **bibliography}


def citations(what: str | Path | None = None) -> Citations:
    """Gather the sources; see `egocohort.api.cite`."""
    said: dict[str, list[str]] = {}
    if what is None:
        name = "the parameters as shipped"
        rows = [(one.path, one.source, one.grade) for one in parameters_of(None)]
    elif (Path(what) / MANIFEST).is_file() or Path(what).name == MANIFEST:
        manifest = read_manifest(what, any_version=True)
        name = f"{manifest['study']['id']} in {manifest['scenario']['id']}"
        rows = [(one["path"], one["source"], one["grade"]) for one in manifest["parameters"]]
        for kind in ("study", "scenario"):
            _add(said, manifest[kind]["resolved"].get("cite", ()), _of(kind, manifest[kind]["id"]))
    elif (key := _source_called(str(what))) is not None:
        return _of_source(key)
    elif Path(what).is_dir():
        raise InputError(
            f"{what}: no bundle, as it has no {MANIFEST}; give the folder of one, a study.toml "
            "(such as a plan leaves in its folder), a scenario, or the id of a source, such as B46"
        )
    else:
        one = find_recipe(what)
        name = one.id
        scenario = read_scenario(one.scenario) if isinstance(one, Study) else one
        rows = [(row.path, row.source, row.grade) for row in parameters_of(scenario)]
        _add(said, one.cite, _of("study" if isinstance(one, Study) else "scenario", one.id))
        if isinstance(one, Study):
            _add(said, scenario.cite, _of("scenario", scenario.id))
            _add_scale(said, one)
    for path, source, grade in rows:
        _add(said, source.split(), f"{_group(path)} ({grade})")
    assumed = sum(grade == "assumed" for _, _, grade in rows)
    return Citations(name, _ordered(said), assumed, len(rows))


def _source_called(word: str) -> str | None:
    """The id of a source, in whichever case it was written."""
    return {key.casefold(): key for key in sources()}.get(word.casefold())


def _of_source(key: str) -> Citations:
    """One source, and all that rests on it: parameters as shipped, and scales."""
    known = sources()
    whole = key == FOUNDING
    keys = {key, *(one for one in known if whole and known[one].status == "founding-paper")}
    rows = [one for one in parameters_of(None) if keys & {*one.source.split()}]
    said: dict[str, list[str]] = {key: []}
    if known[key].status == "founding-paper" and not whole:
        _add(said, [key], f"its figure {key}: {known[key].text}")
    for row in rows:
        _add(said, [key], f"{_group(row.path)} ({row.grade})")
    for scale in known_scales().values():
        if key in _behind(scale):
            _add(said, [key], f"the outcome: {scale.name}")
    if not said[key]:
        _add(said, [key], "nothing among the parameters and scales as shipped")
    assumed = sum(one.grade == "assumed" for one in rows)
    return Citations(key, _ordered(said), assumed, len(rows))


def _behind(scale: Scale) -> list[str]:
    """Ids of the sources of a scale: of its ends, differences, typical values and retest."""
    named = [scale.source, *(one.source for one in scale.important)]
    named += [one.source for one in (scale.typical, scale.retest) if one is not None]
    return [key for words in named for key in words.split() if key in sources()]


def _of(kind: str, name: str) -> str:
    return f"the {kind} {name}"


def _add(said: dict[str, list[str]], keys: Iterable[str], reason: str) -> None:
    for key in keys:
        if reason not in said.setdefault(key, []):
            said[key].append(reason)


def _add_scale(said: dict[str, list[str]], study: Study) -> None:
    """What stands behind the scale of a plan's outcome, where that is none of the world's."""
    plan = plan_in(study)
    if plan is None or plan.panel is None or plan.panel.scale is None:
        return
    scale = plan.panel.scale
    _add(said, _behind(scale), f"the outcome: {scale.name}")


def _group(path: str) -> str:
    """What a parameter is about: its section and last name, whichever group of ties it is for."""
    parts = path.split(".")
    return " ".join(dict.fromkeys((parts[0], parts[-1]))).replace("_", " ")


def _ordered(said: Mapping[str, list[str]]) -> tuple[Citation, ...]:
    """One citation for each source, the founding paper's figures taken together."""
    known = sources()
    gathered: dict[str, tuple[list[str], list[str]]] = {}
    for key, reasons in said.items():
        of_paper = key in known and known[key].status == "founding-paper"
        whole = FOUNDING if of_paper and FOUNDING in known else key
        all_reasons, ids = gathered.setdefault(whole, ([], []))
        all_reasons += [one for one in reasons if one not in all_reasons]
        ids.append(key)
    order = list(STATUS_IN_WORDS)
    found = [
        _citation(
            known.get(key) or Source(key, "not among the sources", "recalled", None, "", ""), *one
        )
        for key, one in gathered.items()
    ]
    return tuple(sorted(found, key=lambda one: (order.index(one.status), _natural(one.key))))


def _citation(source: Source, reasons: list[str], ids: list[str]) -> Citation:
    return Citation(
        source.id, source.text, source.status, source.year, source.doi, source.url,
        tuple(reasons), tuple(sorted(ids, key=_natural)),
    )  # fmt: skip


def _natural(key: str) -> tuple[str, int]:
    letters = key.rstrip("0123456789")
    return letters, int(key[len(letters) :] or 0)


def _tex(text: str) -> str:
    return re.sub(r"([%&#_$])", r"\\\1", text)
