"""The process in which a user's Python function runs: a program of its own.

It loads the user's file from its path under a private name, so it may be called anything, and calls
the function for one study after the other. Nothing of egocohort is imported. Arguments: the file,
the function, egocohort's folder, and the numbers of two pipes.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

__all__ = ["GivenStudy", "answer_of", "given_study", "parted"]

TABLES = ("persons", "egos", "alters", "aaties", "attrition")
GIVEN = "study.arrow"
"""A file of them, a stream for each, in this order."""
PRIVATE = "_analysis_under_test"
MOST_ROWS = 1000
LONGEST = 4000
CLEANED, ESTIMATES = "cleaned", "estimates"
NAME = re.compile(r"\w{1,40}")
OF_LATER = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
"""Warnings that speak of later versions of a package, and not of the study."""


class GivenStudy(SimpleNamespace):
    """A study as a function gets it; a table is made when it is first asked for.

    Whoever asks for all of it, by `vars`, a copy or pickling, gets all tables, made.

    Parameters
    ----------
    tables
        For each table by name, what makes a DataFrame of it.
    seed
        To draw with.
    """

    __slots__ = ("_tables",)

    def __init__(self, tables: Mapping[str, Callable[[], Any]], seed: int) -> None:
        self._tables = dict(tables)
        super().__init__(seed=seed)

    def __getattr__(self, name: str) -> Any:
        tables = self._tables
        if name not in tables:
            raise AttributeError(f"a study has no {name!r}; it has {', '.join(tables)} and seed")
        return _made(self).setdefault(name, tables[name]())  # the same for all threads

    def __delattr__(self, name: str) -> None:
        getattr(self, name)
        self._tables.pop(name, None)
        super().__delattr__(name)

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        """All tables, whether they were asked for or not, the seed, and what was put beside."""
        for name in self._tables:
            getattr(self, name)
        return _made(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(sorted(vars(self)))})"

    def __reduce__(self) -> tuple[Any, ...]:
        return SimpleNamespace, (), dict(vars(self))


def _made(study: GivenStudy) -> dict[str, Any]:
    """What a study has so far."""
    found: dict[str, Any] = vars(SimpleNamespace)["__dict__"].__get__(study)
    return found


def given_study(folder: str, seed: int) -> GivenStudy:
    """The study whose tables lie in a folder: a DataFrame for each, and a seed to draw with.

    They are small: threads would cost more than they save.
    """
    import pyarrow as pa

    how = {"date_as_object": False, "use_threads": False}
    with pa.OSFile(str(Path(folder, GIVEN))) as file:
        tables = {name: pa.ipc.open_stream(file).read_all() for name in TABLES}
    return GivenStudy({name: partial(one.to_pandas, **how) for name, one in tables.items()}, seed)


def answer_of(found: Any) -> list[dict[str, Any]]:
    """What a function returned, as rows: a table, a mapping of one row or of many, or a list.

    Raises
    ------
    TypeError
        If it is none of these.
    """
    if hasattr(found, "to_dict") and hasattr(found, "columns"):
        table = found if "term" in found.columns else found.rename_axis("term").reset_index()
        rows = table.to_dict("records")
    elif hasattr(found, "items"):
        rows = _of_mapping(dict(found))
    elif isinstance(found, list | tuple):
        rows = [dict(one) for one in found]
    else:
        raise TypeError(
            f"the function returned {type(found).__name__}; a mapping of term to estimate, se, lo, "
            "hi and p, or a table with these columns, is wanted"
        )
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows[:MOST_ROWS]]


def parted(found: Any) -> tuple[Any, dict[str, Any]]:
    """Estimates, and cleaned tables by name, if any came: ``{"cleaned": ..., "estimates": ...}``.

    Raises
    ------
    TypeError
        If cleaned tables are none, or there is something else beside them.
    """
    is_mapping = hasattr(found, "items") and not hasattr(found, "columns")
    cleaned = found.get(CLEANED) if is_mapping else None
    if cleaned is None or not _has_tables(cleaned):
        return found, {}
    if hasattr(cleaned, "columns") or not all(map(_is_table, cleaned.values())):
        raise TypeError('"cleaned" maps names of tables, such as "alters", to DataFrames')
    tables = {str(name): table for name, table in cleaned.items()}
    if odd := [name for name in tables if not NAME.fullmatch(name)]:
        raise TypeError(f'"cleaned" has a table called {odd[0][:80]!r}, which is no name of one')
    if odd := [name for name in found if name not in (CLEANED, ESTIMATES)]:
        raise TypeError(f'beside "cleaned" there is "estimates" and nothing else; not {odd[0]!r}')
    return found.get(ESTIMATES, {}), tables


def _has_tables(cleaned: Any) -> bool:
    """Whether it is a table or has one in it; a term may be called so as well."""
    return _is_table(cleaned) or (
        hasattr(cleaned, "values") and any(map(_is_table, cleaned.values()))
    )


def _is_table(one: Any) -> bool:
    return hasattr(one, "to_csv") and hasattr(one, "columns")


def _of_mapping(found: dict[Any, Any]) -> list[dict[str, Any]]:
    if not found:
        return []
    if all(hasattr(one, "items") for one in found.values()):
        return [{"term": term, **dict(one)} for term, one in found.items()]
    if any(isinstance(one, list | tuple) or getattr(one, "ndim", 0) for one in found.values()):
        columns = {key: list(one) for key, one in found.items()}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [found]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    if value is None or isinstance(value, bool):
        return value
    return float(value) if isinstance(value, int | float) else str(value)[:200]


def _loaded(file: str, function: str) -> Any:
    sys.path.insert(0, str(Path(file).resolve().parent))  # for modules beside the user's file
    spec = importlib.util.spec_from_file_location(PRIVATE, file)
    assert spec is not None  # noqa: S101
    assert spec.loader is not None  # noqa: S101
    module = sys.modules[PRIVATE] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, function)


def _told(error: BaseException) -> str:
    """The traceback, without the lines of this file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))[-LONGEST:]


def _job(fit: Any, asked: dict[str, Any]) -> dict[str, Any]:
    os.chdir(asked["folder"])
    random.seed(asked["seed"])
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(asked["seed"] % 2**32)
    os.environ["EGOCOHORT_SEED"] = str(asked["seed"])
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            estimates, cleaned = parted(fit(given_study(asked["folder"], asked["seed"])))
            rows = answer_of(estimates)
            for name, table in cleaned.items():
                file = Path(asked["folder"], f"cleaned-{name}.csv")
                table.to_csv(file, index=False, na_rep="NA")
        except BaseException as error:
            return {"error": _told(error)}
    said = [
        f"{one.category.__name__}: {one.message}"
        for one in heard
        if not issubclass(one.category, OF_LATER)
    ]
    return {"rows": rows, "warnings": said[:20]}


def _main(file: str, function: str, home: str, jobs: int, answers: int) -> None:
    sys.path.append(home)

    def answer(said: dict[str, Any]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        data = json.dumps(said).encode() + b"\n"
        while data:
            data = data[os.write(answers, data) :]

    import pandas  # noqa: F401  # once, before there is a limit of time
    import pyarrow  # noqa: F401

    try:
        fit = _loaded(file, function)
    except BaseException as error:
        answer({"error": _told(error)})
        return
    answer({})
    with os.fdopen(jobs, "rb", buffering=0) as asked:
        while line := asked.readline():
            answer(_job(fit, json.loads(line)))


if __name__ == "__main__":
    _main(*sys.argv[1:4], *map(int, sys.argv[4:6]))  # type: ignore[arg-type]
