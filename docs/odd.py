"""The parts of docs/odd.md that are made from the code: ``python docs/odd.py`` writes them anew.

What is made stands between ``<!-- made: name -->`` and ``<!-- end: name -->``: columns of the
state, code lists, the order of a week, streams, arithmetic, rules, parameters, sources. The rest of
the page is written by hand and left alone. A test fails when the page is not what this gives.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from analysis.patterns.catalogue import all_patterns
from sim.world import arithmetic, kinds, rules, state, streams, week
from sim.world.parameters import Entry, catalogue, sources

HERE = Path(__file__).resolve().parent
PAGE = HERE / "odd.md"
MODULES = (
    "people", "services", "life", "treatment", "early", "illness", "crisis", "work", "exchange",
    "feelings", "reliance", "wellbeing", "endings", "formation", "alters", "family", "lifetimes",
)  # fmt: skip
PRIMITIVES = (
    "clip", "unit", "flushed", "exponential", "survival", "logarithm", "chance", "normal",
    "probability", "soft_normal", "whole",
)  # fmt: skip
GROUPS = tuple(group.name.lower() for group in kinds.Group)
FIRST_STUDY_STREAM = 32

PARAMETER = re.compile(r"`((?:tie|service)\.\*\.\w+)`")
COLUMN = re.compile(r"`(egos|ties|posts|lines)\.(\w+)`")
INTERVAL = re.compile(r"\[(-?[\d.]+), (-?[\d.]+)\]")


class Argument(NamedTuple):
    """One argument of a rule, as its docstring has it.

    `kind` is uniform, flag, whole or real; `low` and `high` bound it; `through` says that a uniform
    enters through the normal quantile.
    """

    name: str
    meaning: str
    kind: str
    low: float
    high: float
    through: bool


class Rule(NamedTuple):
    """One rule: its function, the parts of its docstring, and the parameters it reads."""

    name: str
    module: str
    function: Callable
    summary: str
    blocks: tuple[tuple[str, str], ...]  # (formula | prose | arguments, text)
    arguments: tuple[Argument, ...]
    takes_rates: bool
    paths: tuple[str, ...]


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by name: modules in the order of a week, rules in the order of their file."""
    found = [info.name for info in pkgutil.iter_modules(rules.__path__)]
    names = [*MODULES, *(name for name in found if name not in MODULES)]
    modules = [importlib.import_module(f"sim.world.rules.{name}") for name in names]
    functions = {
        name: (module, one)
        for module in modules
        for name, one in vars(module).items()
        if inspect.isfunction(one) and one.__module__ == module.__name__
    }
    return {name: _rule(name, functions) for name in functions}


def _rule(name: str, functions: dict) -> Rule:
    module, function = functions[name]
    names = list(inspect.signature(function).parameters)
    summary, _, rest = (inspect.getdoc(function) or "").partition("\n")
    blocks = []
    for paragraph in re.split(r"\n\s*\n", rest.strip("\n")) if rest.strip() else ():
        words = re.match(r"(\w+) {2,}\S", paragraph)
        if paragraph.startswith("    "):
            blocks.append(("formula", textwrap.dedent(paragraph)))
        elif words and words[1] in names:
            blocks.append(("arguments", paragraph))
        else:
            blocks.append(("prose", paragraph))
    said = {one.name: one for kind, text in blocks if kind == "arguments" for one in _said(text)}
    wanted = [one for one in names if one != "rates"]
    if list(said) != wanted:
        raise ValueError(f"{name}: the docstring has arguments {list(said)}, the rule {wanted}")
    return Rule(
        name, module.__name__.rpartition(".")[2], function, summary, tuple(blocks),
        tuple(said.values()), "rates" in names, tuple(sorted(_paths(name, functions))),
    )  # fmt: skip


def _said(text: str) -> Iterable[Argument]:
    """The arguments that a paragraph of a docstring describes."""
    for entry in re.split(r"\n(?=\S)", text):
        name, _, meaning = " ".join(entry.split()).partition(" ")
        interval, path = INTERVAL.search(meaning), PARAMETER.search(meaning)
        if meaning.startswith("uniform"):
            yield Argument(name, meaning, "uniform", 0.0, 1.0, "normal" in meaning)
        elif "{0, 1}" in meaning:
            yield Argument(name, meaning, "flag", 0.0, 1.0, False)
        elif interval:
            kind = "whole" if f"whole {interval[0]}" in meaning else "real"
            yield Argument(name, meaning, kind, float(interval[1]), float(interval[2]), False)
        elif path:
            every = members(path[1])
            low, high = min(one.low for one in every), max(one.high for one in every)
            yield Argument(name, meaning, "real", low, high, False)
        else:
            raise ValueError(f"argument {name} has no range: {meaning}")


def members(path: str) -> list[Entry]:
    """The entries of a path; `tie.*.upkeep` stands for one value for each group."""
    known = catalogue()
    every = {"tie": GROUPS, "service": kinds.LINES_OF_SERVICE}
    first = path.partition(".")[0]
    names = every[first] if "*" in path else ("",)
    return [known[path.replace("*", name)] for name in names]


def path_of(field: str) -> str:
    """The path of a field of a rule's `rates`; a share 1 / memory is that of its memory."""
    by_field = {one.field: path for path, one in catalogue().items()}
    return by_field.get(field) or by_field[f"{field.removesuffix('_share')}_memory"]


def _paths(name: str, functions: dict) -> set[str]:
    """Paths of the parameters a rule reads, through rules it calls too, or is given by group."""
    _, function = functions[name]
    found = set(PARAMETER.findall(inspect.getdoc(function) or ""))
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "rates":
            found.add(path_of(node.attr))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in functions:
            found |= _paths(ast.unparse(node.func), functions)
    return found


# ---------------------------------------------------------------- tables


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines])


def number(value: float) -> str:
    """A number as in the catalogue."""
    return f"{value:.6g}"


def span(low: float, high: float) -> str:
    """A range in words."""
    return f"{number(low)} to {number(high)}"


def made_patterns() -> str:
    """The patterns, each with the rules whose docstrings answer to it."""
    answering: dict[str, list[str]] = {}
    for rule in all_rules().values():
        for one in patterns_in(inspect.getdoc(rule.function) or ""):
            answering.setdefault(one, []).append(f"`{rule.name}`")
    return table(
        ("pattern", "claim", "evidence", "proof", "named by the rules"),
        ((one.id, one.claim, one.evidence, one.proof, ", ".join(answering.get(one.id, ["-"])))
         for one in all_patterns()),
    )  # fmt: skip


def patterns_in(text: str) -> list[str]:
    """Ids of patterns in a text, such as P24, once each, in order of their numbers."""
    return sorted(set(re.findall(r"\bP\d+\b", text)), key=lambda one: int(one[1:]))


def cited(text: str) -> list[str]:
    """Ids of sources in a text, once each, in the order of `sources.toml`."""
    words = set(re.findall(r"\w+", text))
    return [key for key in sources() if key in words]


def made_columns() -> str:
    """Every column of the state."""
    ego = [(f"`{name}`", kind.__name__, text) for name, kind, text in state.EGO_COLUMNS]
    line = [(f"`{name}`", kind.__name__, text) for name, kind, text in state.LINE_COLUMNS]
    post = [(f"`{name}`", kind.__name__, text) for name, kind, text in state.POST_COLUMNS]
    tie = [(f"`{name}`", "float32", text) for name, text in state.TIE_COLUMNS]
    tie += [(f"`{name}`", "int32", text) for name, text in state.MARK_COLUMNS]
    head = ("column", "type", "unit and meaning")
    lists = {
        "diary, for each post and week": state.DIARY_COLUMNS,
        "ledger, for each line, in visit units": state.LEDGER_COLUMNS,
        "weekly rows of watched egos": state.WEEKLY_COLUMNS,
        "event": state.EVENT.names or (),
    }
    parts = [
        f"**egos**: one row for each ego ({len(ego)} columns).", table(head, ego),
        "**lines**: three rows for each ego, one for each line of service.", table(head, line),
        "**posts**: one row for each staff post.", table(head, post),
        f"**ties**: the slots of each ego ({len(tie)} columns).", table(head, tie),
        "**Records.** Columns of what is counted or kept beside the state:",
        table(("record", "columns"),
              ((name, ", ".join(f"`{c}`" for c in columns)) for name, columns in lists.items())),
    ]  # fmt: skip
    return "\n\n".join(parts)


def made_codes() -> str:
    """Code lists, and which kinds make a group."""

    def listed(codes: type[IntEnum]) -> str:
        return ", ".join(f"{one.value} {one.name.lower()}" for one in codes)

    of_group = [
        (f"{group.value} `{group.name.lower()}`",
         group.tie_class.name.lower(),
         ", ".join(kind.name.lower() for kind in kinds.Kind if kind.group == group))
        for group in kinds.Group
    ]  # fmt: skip
    of_role = [
        (role.name.lower(), role.line.name.lower(), role.kind.name.lower()) for role in kinds.Role
    ]  # fmt: skip
    lists = (
        kinds.Kind, kinds.Line, kinds.Channel, kinds.Cause, kinds.Event, kinds.Diagnosis,
        kinds.Household,
    )  # fmt: skip
    return "\n\n".join((
        table(("group of ties (shares parameters)", "class", "kinds"), of_group),
        table(("role of a post", "line it serves", "kind of tie"), of_role),
        table(("code list", "codes"), ((f"`{one.__name__}`", listed(one)) for one in lists)),
    ))  # fmt: skip


def made_week() -> str:
    """The order of a week, from the list at the head of the kernel."""
    said = (week.__doc__ or "").partition("Once, before")[0]
    rows = []
    for entry in re.split(r"\n +(?=\d+\. )", said)[1:]:
        words, _, drawn = " ".join(entry.split()).partition("[")
        step, name, what = words.split(maxsplit=2)
        rows.append((f"{step} {name}", what.strip(), drawn.strip(" ]") or "none"))
    return table(("step", "what happens", "streams"), rows)


def made_streams() -> str:
    """Every stream, and the modules that draw from it."""
    texts = {
        path.relative_to(HERE.parent).with_suffix("").as_posix().replace("/", "."): path.read_text()
        for folder in ("sim/world/phases", "sim/world", "sim/study")
        for path in sorted((HERE.parent / folder).glob("*.py"))
    }
    return table(
        ("stream", "name", "of", "drawn from in"),
        ((one.value, one.name, "the study" if one >= FIRST_STUDY_STREAM else "the world",
          ", ".join(f"`{name}`" for name, text in texts.items()
                    if re.search(rf"\bStream\.{one.name}\b", text)))
         for one in streams.Stream),
    )  # fmt: skip


def made_arithmetic() -> str:
    """The functions that formulas use."""
    rows = []
    for name in PRIMITIVES:
        function = getattr(arithmetic, name)
        rows.append((f"`{name}{inspect.signature(function)}`",
                     " ".join((inspect.getdoc(function) or "").split())))  # fmt: skip
    return table(("function", "meaning"), rows)


def made_rules() -> str:
    """Every rule, module by module."""
    parts = []
    for module in dict.fromkeys(rule.module for rule in all_rules().values()):
        said = importlib.import_module(f"sim.world.rules.{module}").__doc__ or ""
        parts.append(f"### Rules: {module}\n\n{' '.join(said.split())}")
        parts += [_shown(rule) for rule in all_rules().values() if rule.module == module]
    return "\n\n".join(parts)


def _shown(rule: Rule) -> str:
    names = [one.name for one in rule.arguments] + (["rates"] if rule.takes_rates else [])
    parts = [f"#### `{rule.name}`", rule.summary, f"`{rule.name}({', '.join(names)})`"]
    for kind, text in rule.blocks:
        if kind == "formula":
            parts.append(f"```text\n{text}\n```")
        elif kind == "prose":
            parts.append(" ".join(text.split()))
        else:
            parts.append(table(("argument", "meaning", "range"), map(_argument, rule.arguments)))
    if rule.paths:
        head = ("parameter", "value", "unit", "range", "grade", "source")
        parts.append(table(head, map(_parameter, rule.paths)))
    said = inspect.getdoc(rule.function) or ""
    behind = " ".join(one.source for path in rule.paths for one in members(path))
    named, figures = patterns_in(said), cited(f"{said} {behind}")
    parts.append(
        f"Patterns: {', '.join(named) or 'none by itself'}. "
        f"Evidence: {', '.join(figures) or 'none'}."
    )
    return "\n\n".join(parts)


def _argument(one: Argument) -> tuple[str, str, str]:
    words = {"uniform": "(0, 1)", "flag": "0 or 1"}
    within = span(one.low, one.high) + (", whole" if one.kind == "whole" else "")
    meaning = re.sub(rf",? ?(?:whole )?(?:{INTERVAL.pattern}|\{{0, 1\}})", "", one.meaning)
    return f"`{one.name}`", meaning, words.get(one.kind, within)


def _parameter(path: str) -> tuple[str, ...]:
    every = members(path)
    value = number(every[0].value) if len(every) == 1 else "by group, below"
    one = every[0]
    if path.startswith("service.*"):
        value = " / ".join(number(each.value) for each in every)
    low, high = min(each.low for each in every), max(each.high for each in every)
    source = " ".join(cited(" ".join(each.source for each in every)))
    grades = "/".join(dict.fromkeys(each.grade for each in every))
    return f"`{path}`", value, one.unit, span(low, high), grades, source or "-"


def made_parameters() -> str:
    """The catalogue: what ties of each group have, then section by section."""
    known = catalogue()
    parts = []
    for first, title in (("tie", "Ties, by group"), ("importance", "Importance on maps, by group")):
        quantities = dict.fromkeys(
            path.rpartition(".")[2]
            for path in known
            if re.match(rf"{first}\.({'|'.join(GROUPS)})\.", path)
        )
        rows = []
        for quantity in quantities:
            every = [known[f"{first}.{group}.{quantity}"] for group in GROUPS]
            one = every[0]
            said = (one.unit, span(one.low, one.high), one.grade, one.source or "-", one.note)
            rows.append((f"`{first}.*.{quantity}`", *(number(each.value) for each in every), *said))
        head = ("parameter", *GROUPS, "unit", "range", "grade", "source", "note")
        parts += [f"**{title}**", table(head, rows)]
    grouped = re.compile(rf"(tie|importance)\.({'|'.join(GROUPS)})\.")
    rest = [one for path, one in known.items() if not grouped.match(path)]
    for section in dict.fromkeys(one.path.rpartition(".")[0] for one in rest):
        inside = [one for one in rest if one.path.rpartition(".")[0] == section]
        rows = [
            (f"`{one.path}`", number(one.value), one.unit, span(one.low, one.high), one.grade,
             one.source or "-", one.note + (" (of posts)" if one.level == "post" else ""))
            for one in inside
        ]  # fmt: skip
        head = ("parameter", "value", "unit", "range", "grade", "source", "note")
        parts += [f"**{section}**", table(head, rows)]
    return "\n\n".join(parts)


def made_sources() -> str:
    """The sources that parameters and rules name."""
    said = " ".join(one.source for one in catalogue().values())
    said += " ".join(inspect.getdoc(rule.function) or "" for rule in all_rules().values())
    named = cited(said)
    return table(
        ("source", "status", "what it says"),
        ((name, one.status, one.text + (f" doi {one.doi}" if one.doi else ""))
         for name in named if (one := sources()[name])),
    )  # fmt: skip


MADE: dict[str, Callable[[], str]] = {
    name.removeprefix("made_"): one
    for name, one in list(globals().items())
    if name.startswith("made_")
}


def page(text: str) -> str:
    """The page with its made parts made anew.

    Raises
    ------
    ValueError
        A part has no place on the page, or a place no part.
    """
    places = re.findall(r"<!-- made: (\w+) -->", text)
    if sorted(places) != sorted(MADE):
        raise ValueError(f"places {sorted(places)}, parts {sorted(MADE)}")
    for name in places:
        between = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        text, n = between.subn(lambda m, made=MADE[name]: f"{m[1]}\n{made()}\n\n{m[2]}", text)
        if n != 1:
            raise ValueError(f"{name} must begin and end once")
    return text


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
