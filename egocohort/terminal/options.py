"""Options that mean the same in every command that has them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = [
    "LARGEST_SEED", "VERIFICATION", "chosen_outcomes", "chosen_people", "force_flag", "json_flag",
    "names_given", "out", "seed", "threads", "weeks_lived", "whole_teams",
]  # fmt: skip

LARGEST_SEED = 2**64 - 1
VERIFICATION = Path("results") / "verification"
"""Where the evidence and the patterns of the shipped world are kept."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

json_flag: Decorator = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on stdout and nothing else."
)
seed: Decorator = click.option(
    "--seed",
    type=click.IntRange(0, LARGEST_SEED),
    metavar="N",
    help="Seed of all random draws; drawn and printed if absent.",
)
force_flag: Decorator = click.option("--force", is_flag=True, help="Replace what is already there.")
threads: Decorator = click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Teams to run side by side; as many as there are processors by default. "
    "The results do not depend on it.",
)
weeks_lived: Decorator = click.option(
    "--weeks", type=click.IntRange(1), metavar="N", help="From week 0 on; as A says by default."
)
whole_teams: Decorator = click.option(
    "--teams",
    type=click.IntRange(1),
    metavar="N",
    help="Whole teams of a replicate, one of each site first; 5 by default.",
)
chosen_people: Decorator = click.option("--who", metavar="WHAT=LEVEL", help="Only these people.")


def names_given(
    context: click.Context, option: click.Parameter, words: str | None
) -> tuple[str, ...]:
    """What is named with commas between, as a callback of an option; nothing if it is absent."""
    del context, option
    return () if words is None else tuple(word.strip() for word in words.split(","))


chosen_outcomes: Decorator = click.option(
    "--outcomes",
    metavar="NAMES",
    callback=names_given,
    help="Only these, with commas; all by default.",
)


def out(said: str, default: Path | None = None) -> Decorator:
    """``--out``: a folder for results; `said` is what it is for."""
    return click.option(
        "--out", type=click.Path(path_type=Path, file_okay=False), default=default, metavar="DIR",
        show_default=default is not None, help=said,
    )  # fmt: skip
