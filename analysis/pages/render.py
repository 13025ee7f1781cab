"""Templates filled in: pages of HTML, texts that are Markdown, and lines for a terminal.

A template is named by its path in the room `analysis`. Those of texts and lines read as prose: a
blank line ends a paragraph or a line, and where lines end within one is of no consequence. A tag
that closes at the end of such a line is written `{% endif +%}`, or the line end goes with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import counted
from sim.world.compiled import code_hash
from sim.world.private_folder import private_folder

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

__all__ = ["Filters", "lines", "page", "programs", "text"]

Filters = Mapping[str, Callable[..., object]]
"""What a template may write after a bar, by name: how a number or a name is said."""

FENCE = "```"
FENCED = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
"""A program in a text, and its language; it has no blank lines."""
BLANK = re.compile(r"\n\s*\n")
BAR = "\\|"
WITHIN = re.compile(r"\s*\n\s*")


def page(template: str, content: Mapping[str, Any], filters: Filters | None = None) -> str:
    """Fill in a page of HTML; everything but pictures is escaped."""
    # Autoescaping is what keeps a name in a table from becoming markup.
    environment = _environment(autoescape=True)
    environment.filters |= filters or {}
    return environment.get_template(template).render(content)


def text(template: str, facts: Mapping[str, Any], filters: Filters | None = None) -> str:
    """Fill in a text.

    Parameters
    ----------
    template
        As in ``"pages/ethics.md.j2"``.
    facts
        What it speaks of.
    filters
        How its numbers and names are said, beside those of `FILTERS`.

    Returns
    -------
    str
        Markdown: paragraphs and tables with a blank line between them, each paragraph on one line.
    """
    blocks = BLANK.split(_of_words(filters).get_template(template).render(facts).strip())
    as_they_are = ("|", FENCE)
    return "\n\n".join(
        one if one.startswith(as_they_are) else str(_on_one_line(one)) for one in blocks if one
    )


def lines(
    template: str, part: str, facts: Mapping[str, Any], filters: Filters | None = None
) -> list[str]:
    """What one part of a template says, a line each; spaces that a line begins with stay.

    Parameters
    ----------
    template, facts, filters
        As of `text`.
    part
        Its macro, which takes nothing.
    """
    parts = _of_words(filters).get_template(template).make_module(dict(facts))
    said = BLANK.split(getattr(parts, part)())
    return [str(_on_one_line(one)).rstrip() for one in said if one.strip()]


def _of_words(filters: Filters | None) -> Environment:
    """What fills in templates that are no markup; without filters of its own it is made once."""
    if filters is None:
        return _shared()
    environment = _environment(
        autoescape=False, lstrip_blocks=True, keep_trailing_newline=True, finalize=_on_one_line
    )
    environment.filters |= {**FILTERS, **filters}
    environment.tests["finite"] = isfinite
    return environment


@cache
def _shared() -> Environment:
    return _of_words({})


def programs(template: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The language and the lines of each program in a template of programs.

    Parameters
    ----------
    template
        As in ``"estimators/analyses/mmrm.md.j2"``; its programs stand between fences.
    facts
        What they speak of.
    """
    environment = _environment(autoescape=False, lstrip_blocks=True)
    filled = environment.get_template(template).render(facts)
    return [(language, _dense(code)) for language, code in FENCED.findall(filled)]


def _dense(code: str) -> str:
    return "\n".join(line.rstrip() for line in code.split("\n") if line.strip())


def _environment(*, autoescape: bool, **settings: Any) -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        autoescape=autoescape,  # noqa: S701 - Markdown has nothing to escape
        undefined=StrictUndefined, trim_blocks=True,
        optimized=False,  # what is kept must not hold what a filter once said
        loader=FunctionLoader(lambda name: (files("analysis") / name).read_text("utf-8")),
        bytecode_cache=_kept(f"{autoescape:d}{len(settings)}"),
        **settings,
    )  # fmt: skip


@cache
def _kept(how: str) -> BytecodeCache | None:
    """Where templates made into code are kept, for to make them takes longer than to fill them in.

    A template that has changed is made anew; `how` tells environments apart that make other code
    of the same template.
    """
    import jinja2

    folder = private_folder(f"pages-{code_hash(Path(__file__), jinja2.__version__)}")
    if folder is None:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder), f"%s-{how}.cache")


class Verbatim(str):
    """Lines that stay as they are."""

    __slots__ = ()


def _on_one_line(value: object) -> object:
    """Words without their line ends, so that none starts a paragraph or breaks a table."""
    if isinstance(value, Verbatim):
        return value
    return WITHIN.sub(" ", value.strip("\n")) if isinstance(value, str) else value


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _row(cells: Sequence[str]) -> str:
    """A row of a table; bars in its cells do not end them."""
    return f"| {' | '.join(str(_on_one_line(one)).replace('|', BAR) for one in cells)} |"


def _rule(head: Sequence[str]) -> str:
    """The line below the head of a table."""
    return _row(["---"] * len(head))


def _columns(cells: Sequence[object], widths: Sequence[int], between: str = "  ") -> str:
    """Cells below each other, set to the right; to the left where a width is below zero."""
    pairs = zip(cells, widths, strict=True)
    return between.join(
        f"{_on_one_line(one)!s:{'<' if n < 0 else '>'}{abs(n)}}" for one, n in pairs
    )


def _figure(value: float | None) -> str:
    """Four digits after the point; nothing of what has no meaning."""
    return "" if value is None or not isfinite(value) else f"{value:.4f}"


FILTERS: dict[str, Callable[..., object]] = {
    "as_given": lambda number: f"{number:g}",
    "capital": _capital,
    "columns": _columns,
    "counted": counted,
    "digits": lambda number, after_the_point: f"{number:.{after_the_point}f}",
    "figure": _figure,
    "percent": lambda share, significant=6: f"{100 * share:.{significant}g}",
    "row": _row,
    "rule": _rule,
    "verbatim": Verbatim,
    "significant": lambda number, digits: f"{number:.{digits}g}",
    "tenths": lambda share: f"{100 * share:.1f}",
    "thousands": lambda number, after_the_point=0: f"{number:,.{after_the_point}f}",
    "whole": lambda share: f"{100 * share:.0f}",
}
"""What every text may write after a bar."""
