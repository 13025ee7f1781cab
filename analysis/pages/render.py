"""Templates filled in: pages of HTML, and texts that are Markdown.

A template is named by its path in the room `analysis`. Those of texts read as prose: a blank line
ends a paragraph, and where lines end within one is of no consequence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Filters", "page", "paragraphs", "programs", "text"]

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
    return "\n\n".join(paragraphs(template, facts, filters))


def paragraphs(
    template: str, facts: Mapping[str, Any], filters: Filters | None = None
) -> list[str]:
    """The blocks of a text, none if nothing is to be said; see `text`."""
    environment = _environment(
        autoescape=False, lstrip_blocks=True, keep_trailing_newline=True, finalize=_on_one_line
    )
    environment.filters |= {**FILTERS, **(filters or {})}
    blocks = BLANK.split(environment.get_template(template).render(facts).strip())
    as_they_are = ("|", FENCE)
    return [one if one.startswith(as_they_are) else str(_on_one_line(one)) for one in blocks if one]


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
        loader=FunctionLoader(lambda name: (files("analysis") / name).read_text("utf-8")),
        **settings,
    )  # fmt: skip


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


FILTERS: dict[str, Callable[..., object]] = {
    "as_given": lambda number: f"{number:g}",
    "capital": _capital,
    "digits": lambda number, after_the_point: f"{number:.{after_the_point}f}",
    "percent": lambda share, significant=6: f"{100 * share:.{significant}g}",
    "row": _row,
    "rule": _rule,
    "verbatim": Verbatim,
    "significant": lambda number, digits: f"{number:.{digits}g}",
}
"""What every text may write after a bar."""
