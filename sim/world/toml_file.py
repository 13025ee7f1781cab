"""TOML files as users write them: where they are, where a key stands, what is wrong with it.

Every mistake in a file ends in an `InputError` of one or two lines that names the file, the line,
the key and what would be right. pydantic does the checking; its jargon stays in here.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

from pydantic import BaseModel, RootModel, ValidationError

from sim.errors import InputError, meant_or_known, nearest
from sim.world.toml_limits import MOST_BYTES, KeyPath, fault_of_text, faults_of_data, long_number

Model = TypeVar("Model", bound=BaseModel)

_WANTED = {
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text in quotes",
    "tuple_type": "must be a list, such as [1, 2]",
    "list_type": "must be a list, such as [1, 2]",
    "dict_type": "must be a table of keys and values",
    "model_type": "must be a table of keys and values",
    "model_attributes_type": "must be a table of keys and values",
}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def shipped() -> Traversable:
    """Folder of the data files that travel with the package."""
    return resources.files("scenarios")


@dataclass(frozen=True)
class TomlFile:
    """A parsed TOML file that can still say where each key stands.

    Making one raises an `InputError` about whatever no file may hold; see `toml_limits`.

    Attributes
    ----------
    name
        What messages call the file.
    text
        The file as written; "" for data that never was a file.
    data
        The parsed tables.
    """

    name: str
    text: str
    data: dict[str, Any]

    def __post_init__(self) -> None:
        for path, what in faults_of_data(self.data):
            self.fail(path, what)

    def where(self, path: KeyPath) -> str:
        """`usual.toml, line 7, shock 2 value`: the place of a key, for a message."""
        line = line_of(self.text, path)
        parts = [self.name, f"line {line}" if line else "", spoken(path)]
        return ", ".join(part for part in parts if part)

    def fail(self, path: KeyPath, what: str) -> NoReturn:
        """Raise an `InputError` that names the place of `path` and says `what`."""
        raise InputError(f"{self.where(path)}: {what}")

    def validate(self, model: type[Model]) -> Model:
        """The data as a model, or an `InputError` about the first thing wrong with it."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise self.explained(error, model) from None

    def explained(self, error: ValidationError, model: type[BaseModel] | None = None) -> InputError:
        """Turn pydantic's error into ours; `model` supplies the names to suggest from."""
        found = error.errors(include_url=False)
        first = min(found, key=lambda one: one["type"] != "extra_forbidden")
        path: KeyPath = first["loc"]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        if first["type"] == "extra_forbidden":
            known = _keys_at(model, path[:-1])
            hint = meant_or_known(str(path[-1]), known)
            return InputError(f'{self.where(path)}: unknown key "{path[-1]}"{hint}{more}')
        return InputError(f"{self.where(path)}: {_said(dict(first))}{more}")


def read_toml(path: Traversable, name: str | None = None) -> TomlFile:
    """Read one file.

    Raises
    ------
    InputError
        The file is missing, is too large, is no readable text, is not TOML (with the line that says
        so), or holds what no file may.
    """
    name = name or path.name
    text = _text_of(path, name)
    if fault := fault_of_text(text):
        raise InputError(f"{name}, {fault}")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: not valid TOML: {_short(error)}") from None
    except RecursionError:
        raise InputError(f"{name}: too many lists or tables inside one another") from None
    except ValueError:  # Python's own limit on the digits of a whole number
        raise InputError(f"{name}, {long_number(text)}") from None
    return TomlFile(name, text, data)


def _text_of(path: Traversable, name: str) -> str:
    """The file's text, without the byte order mark that some editors put first."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError:  # a NUL character in the name
        raise InputError(f"{str(path)!r}: no file has such a name") from None
    if len(raw) > MOST_BYTES:
        raise InputError(f"{name}: larger than {MOST_BYTES / 1e6:g} MB, the most that is read")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: not a TOML file: it is not UTF-8 text") from None


def _short(error: Exception) -> str:
    """What the parser says, on one line and without all of a key that goes on and on."""
    said = " ".join(str(error).split())
    return said if len(said) <= 200 else f"{said[:120]} ... {said[-60:]}"


def shipped_names(folder: str) -> list[str]:
    """Names of the shipped files of a folder."""
    names = [one.name for one in (shipped() / folder).iterdir() if one.name.endswith(".toml")]
    return sorted(name.removesuffix(".toml") for name in names)


def read_named(wanted: str | Path, folder: str, absent: str) -> TomlFile:
    """A shipped file of a folder by its name, or anybody's `.toml` file by its path.

    Parameters
    ----------
    wanted
        The name or the path.
    folder
        Where the shipped ones lie.
    absent
        How a message begins if there is none of that name: "there is no study".

    Raises
    ------
    InputError
        If there is no such file, or it is not TOML.
    """
    path = as_path(wanted)
    if path is not None:
        return read_toml(path)
    file = shipped() / folder / f"{wanted}.toml"
    if not file.is_file():
        raise InputError(unknown_file(absent, wanted, shipped_names(folder)))
    return read_toml(file)


def unknown_file(absent: str, wanted: str | Path, names: Sequence[str]) -> str:
    """That there is no shipped file of a name, which may have been meant, and what else there is.

    Parameters
    ----------
    absent
        Such as ``there is no study``.
    wanted
        What the user wrote.
    names
        Of those there are.
    """
    meant = nearest(str(wanted), names)
    hint = f"{meant} Or" if meant else f"; known: {', '.join(names) or 'none'}; or"
    return f'{absent} "{wanted}"{hint} give the path of a .toml file'


def spoken(path: KeyPath) -> str:
    """A key path in words: ("shock", 1, "who", "site") is `shock 2 who.site`."""
    said = ""
    for part in path:
        said += f" {part + 1} " if isinstance(part, int) else f".{part}"
    return said.replace(" .", " ").replace("  ", " ").strip(" .")


def line_of(text: str, path: KeyPath) -> int | None:
    """Line on which the key stands, or on which its table opens; None if it is not found.

    A search of the text, not a parse: it knows `[table]`, `[[table]]` and `key = ...`, which is
    how these files are written, and gives the line of the table for a key inside braces.
    """
    names = [name for part in path if isinstance(part, str) for name in part.split(".")]
    counts = [part for part in path if isinstance(part, int)]
    wanted = counts[0] if counts else 0
    here: list[str] = []
    seen: dict[str, int] = {}
    best, depth = None, 0
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*(\[\[?)([^\]]+)\]", line)
        key = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if header:
            here = found = _split(header[2])
            if header[1] == "[[":
                table = ".".join(here)
                seen[table] = seen.get(table, -1) + 1
        elif key:
            found = here + _split(key[1])
        else:
            continue
        above = [".".join(here[:end]) for end in range(len(here), 0, -1)]
        turn = next((seen[table] for table in above if table in seen), wanted)
        in_turn = not counts or turn == wanted
        if in_turn and found == names[: len(found)] and len(found) > depth:
            best, depth = number, len(found)
    return best


def _split(dotted: str) -> list[str]:
    """Parts of a dotted TOML key, whether or not it stands in quotes."""
    return re.findall(r"[\w-]+", dotted)


def _said(one: dict[str, Any]) -> str:
    """What is wrong with one value, in words."""
    kind, context, value = one["type"], one.get("ctx", {}), one["input"]
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return f"{value} is out of range: must be {words} {context[bound]:g}"
    if kind == "missing":
        return "missing; this key is needed"
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        return f"{_shown(value)} is not one of {', '.join(known)}{nearest(str(value), known)}"
    if kind == "value_error":
        return str(context["error"])
    if kind in ("too_short", "string_too_short"):
        return "must not be empty"
    if kind == "too_long":
        return f"has more than {context['max_length']} entries"
    if kind in _WANTED:
        return f"{_WANTED[kind]}, not {_shown(value)}"
    return f"{one['msg'][0].lower()}{one['msg'][1:]}, not {_shown(value)}"


def _shown(value: object) -> str:
    """A value as its TOML would look, cut short."""
    if isinstance(value, bool):
        return str(value).lower()
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return shown if len(shown) <= 40 else shown[:37] + "..."


def _keys_at(model: type[BaseModel] | None, path: Sequence[str | int]) -> list[str]:
    """Names of the keys a table may have, by walking the model down to it."""
    for part in path:
        if model is None:
            return []
        if isinstance(part, str):
            name = "root" if issubclass(model, RootModel) else part
            field = model.model_fields.get(name)
            model = _model_in(field.annotation) if field else None
    return list(model.model_fields) if model else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Shock, ...]` or `Who | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)


def toml_text(data: Mapping[str, Any]) -> str:
    """Write plain data as TOML: values first, then `[table]`s, then `[[tables]]`.

    Reading the text back gives the same data, floats to the last bit.
    """
    lines: list[str] = []
    _write(data, (), lines)
    return "\n".join(lines).strip() + "\n"


def _write(table: Mapping[str, Any], above: tuple[str, ...], lines: list[str]) -> None:
    tables = {key: one for key, one in table.items() if isinstance(one, Mapping)}
    rows = {key: one for key, one in table.items() if _is_rows(one)}
    for key, one in table.items():
        if key not in tables and key not in rows:
            lines.append(f"{_key(key)} = {_written(one)}")
    for key, one in tables.items():
        path = (*above, key)
        if one:
            lines += ["", f"[{'.'.join(map(_key, path))}]"]
            _write(one, path, lines)
    for key, found in rows.items():
        path = (*above, key)
        for one in found:
            lines += ["", f"[[{'.'.join(map(_key, path))}]]"]
            lines += [f"{_key(name)} = {_written(value)}" for name, value in one.items()]


def _is_rows(value: object) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and isinstance(value[0], Mapping)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key, re.ASCII) else _written(key)


def _written(value: object) -> str:
    """One value as TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_written(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value).lower() if isinstance(value, bool) else repr(value)


def as_path(name_or_path: str | Path) -> Path | None:
    """The path a user means, or None when it is the name of something shipped."""
    text = str(name_or_path)
    is_path = isinstance(name_or_path, Path) or text.endswith(".toml") or "/" in text
    return at_home(Path(text)) if is_path or "\\" in text else None


def at_home(path: Path) -> Path:
    """The path with `~` spelled out; as it stands if that is nobody's home."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path
