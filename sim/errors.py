"""The ways in which a request can fail, and how messages word a number, a name and a command."""

import re
import shlex
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

__all__ = [
    "HeldError",
    "InputError",
    "ResumeError",
    "RunError",
    "counted",
    "meant_or_known",
    "nearest",
    "typed",
]

MANY = {"person": "people", "study": "studies"}


class InputError(ValueError):
    """What the user gave is wrong.

    The message has one or two lines: what is wrong, where (in which file), and what would be right.
    The command line prints it without a traceback and exits with 2.
    """


class ResumeError(InputError):
    """Results are there already, but of another run, so this one cannot go on from them.

    The command line exits with 3.
    """


class HeldError(ResumeError):
    """Another run is at work in the folder; the message says which, and since when.

    The command line exits with 3.
    """


class RunError(RuntimeError):
    """The input is fine but the run failed: a full disk, a folder that cannot be written.

    The command line prints it without a traceback and exits with 1.
    """


def counted(n: float, noun: str) -> str:
    """A number with what it counts: `1 person`, `2 people`, `0.5 points`.

    Parameters
    ----------
    n
        Written as it is if whole, else in six figures.
    noun
        Its singular.
    """
    number = str(n) if isinstance(n, int) else f"{n:g}"
    return f"{number} {noun if n == 1 else MANY.get(noun, noun + 's')}"


def nearest(word: str, words: Iterable[str]) -> str:
    """Suggest the known word that an unknown one was probably meant to be.

    Parameters
    ----------
    word
        What the user wrote.
    words
        What would have been right.

    Returns
    -------
    str
        ``'; did you mean "interval_weeks"?'``, ready to follow a message, or an empty string when
        nothing is close. Upper and lower case count as the same letter.

    Examples
    --------
    >>> nearest("frend", ["friend", "family"])
    '; did you mean "friend"?'
    >>> nearest("zebra", ["friend", "family"])
    ''
    """
    by_folded = {known.casefold(): known for known in words}
    close = get_close_matches(str(word).casefold(), by_folded, n=1)
    return f'; did you mean "{by_folded[close[0]]}"?' if close else ""


def meant_or_known(
    word: str, words: Iterable[str], lead: str = "known:", listed: Iterable[str] | None = None
) -> str:
    """Suggest the known word that was probably meant, or say what would have been right.

    Parameters
    ----------
    word
        What the user wrote.
    words
        What would have been right.
    lead
        What stands before the list.
    listed
        What is listed, where that is not `words`.

    Returns
    -------
    str
        As `nearest`; the list where nothing is close.

    Examples
    --------
    >>> meant_or_known("frend", ["friend", "family"])
    '; did you mean "friend"?'
    >>> meant_or_known("zebra", ["friend", "family"])
    '; known: friend, family'
    >>> meant_or_known("zebra", [], "it has")
    '; it has none'
    """
    words = list(words)
    right = words if listed is None else listed
    return nearest(word, words) or f"; {lead} {', '.join(right) or 'none'}"


def typed(*words: object) -> str:
    """A command as it is typed: a word that a shell would take apart is quoted.

    Parameters
    ----------
    words
        Of the command. A `Path` has forward slashes, and is never taken for an option.

    Examples
    --------
    >>> typed("egocohort", "plan", "my study.toml")
    'egocohort plan "my study.toml"'
    >>> typed("egocohort", "report", Path("-x"))
    'egocohort report ./-x'
    """
    return " ".join(_quoted(_word(one)) for one in words)


def _word(one: object) -> str:
    if not isinstance(one, Path):
        return str(one)
    path = one.as_posix()
    return f"./{path}" if path.startswith("-") else path


def _quoted(word: str) -> str:
    """Quotation marks that every shell knows where those will do."""
    quoted = shlex.quote(word)
    if quoted == word or re.search(r"[\"$`\\!]", word):
        return quoted
    return f'"{word}"'
