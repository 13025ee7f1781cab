"""The command line: ``egocohort VERB ...``. Each verb is a module of `egocohort.commands`.

Exit codes: 0 done, 1 the run failed, 2 the input is wrong, 3 the results there are of another run
or another run is at work on them, 130 interrupted. 4 is kept for "done, with a negative verdict".
"""

import errno
import importlib
import io
import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

import click

from egocohort.verbs import VERBS
from sim.errors import InputError, ResumeError, RunError, meant_or_known

__all__ = ["Verbs", "main", "program"]

LONGEST_WORD = 1000
DONE, FAILED, WRONG_INPUT, OTHER_RUN, INTERRUPTED = 0, 1, 2, 3, 130


class Verbs(click.Group):
    """The verbs, each imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the verbs, in the order of a day's work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb; None if there is none of that name."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"egocohort.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb of a command line, or name the nearest."""
        if args and not args[0].startswith("-") and args[0] not in VERBS:
            hint = meant_or_known(args[0], VERBS)
            raise click.UsageError(f'there is no command "{args[0]}"{hint}', ctx)
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            _refuse_repeats(click.Context(command, ctx, name), rest)
        return name, command, rest


def _refuse_repeats(ctx: click.Context, words: list[str]) -> None:
    """Raise if an option that has one value is given more than one: click would take the last."""
    try:
        *_, given = ctx.command.make_parser(ctx).parse_args(list(words))
    except click.UsageError:  # words that make no sense: the command itself says so
        return
    for option, times in Counter(given).items():
        if times == 1 or not isinstance(option, click.Option):
            continue
        if not (option.multiple or option.is_flag or option.count):
            name = max(option.opts, key=len)
            raise click.UsageError(f"{name} is given {times} times; give it once", ctx)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        import egocohort

        click.echo(f"egocohort {egocohort.__version__}")
        ctx.exit()


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
    help="Print the version and stop.",
)  # fmt: skip
def program() -> None:
    """Simulate personal support networks of people living with severe mental illness, and studies.

    The people are simulated: nothing this program writes is evidence about patients.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code.

    Parameters
    ----------
    arguments
        Words after the program's name; those of this process by default.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # of a terminal that lacks a letter
    code, message = _run(words)
    if message:
        with suppress(OSError):  # nobody listens any more
            click.echo(f"Error: {message}", err=True)
            if "--json" in words:
                from egocohort.terminal.output import print_json

                print_json({"error": message, "exit_code": code})
    try:
        sys.stdout.flush()
    except OSError:  # the interpreter would try once more at its end, complain, and exit with 120
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run(words: list[str]) -> tuple[int, str]:
    """Exit code and, if something went wrong, one or two lines about it."""
    colour = False if os.environ.get("NO_COLOR") else None
    try:
        _check(words)
        code = program.main(words, prog_name="egocohort", standalone_mode=False, color=colour)
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED, "interrupted"
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message(), err=True)
        return WRONG_INPUT, ""
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "egocohort"
        return WRONG_INPUT, f"{error.format_message()}\nTry '{path} --help'."
    except click.ClickException as error:
        return WRONG_INPUT, error.format_message()
    except ResumeError as error:
        return OTHER_RUN, str(error)
    except InputError as error:
        return WRONG_INPUT, str(error)
    except RunError as error:
        return FAILED, str(error)
    except OSError as error:
        return FAILED, _said_of(error)
    except SystemExit:
        raise
    except BaseException as error:  # the one place that catches what nobody foresaw
        from egocohort.mishap import told

        return FAILED, told(error, words)
    return code if isinstance(code, int) else DONE, ""


def _check(words: list[str]) -> None:
    """Refuse words that no option, name or path can be."""
    for word in words:
        if word == "" or (word.startswith("--") and word.endswith("=")):
            raise click.UsageError(f"{word or 'a word'} is empty; give a value, or leave it out")
        if len(word) > LONGEST_WORD:
            raise click.UsageError(f"{word[:20]}... has {len(word)} characters; nothing is so long")
        if any(letter < " " or "\ud800" <= letter <= "\udfff" for letter in word):
            raise click.UsageError(f"{word!a} is not plain text; rename it")


def _said_of(error: OSError) -> str:
    """What an error of the system means; nothing for a reader that has gone away (`| head`)."""
    if error.errno == errno.EPIPE:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # until exit
        return ""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"
