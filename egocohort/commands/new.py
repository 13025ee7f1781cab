"""``egocohort new``: a study file to begin with."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from egocohort.terminal import options

if TYPE_CHECKING:
    from egocohort.study_files.cuts import NewScenario
    from egocohort.study_files.service import NewService

HELP = {
    "about": "What is asked.",
    "outcome": "Scale of the outcome, such as swemwbs, reqol10, phq9, gad7 or mansa.",
    "allocation": "What is allocated to arms.",
    "weeks": "Weeks of the interviews after baseline, such as 26,52.",
    "sd": "Standard deviation at baseline, in points.",
    "correlation": "Of two measurements of one person.",
    "difference": "Smallest important difference at the last interview, in points.",
    "members": "Members named at baseline, on average, with --about ties.",
    "kept_members": "Share of them named again at the last interview, in usual care.",
    "more_kept": "Smallest important difference of that share.",
    "tie_icc": "How alike members of one person are in that (intraclass correlation).",
    "half_width": "Half of the interval wanted of a mean, in points.",
    "icc": "Intracluster correlation, with --allocation team.",
    "cluster_size": "People of one team who take part.",
    "retention": "Share interviewed at the last interview.",
    "people": "People there are to enrol.",
    "power": "Wanted chance of success.",
    "budget": "In pounds, at prices that the file assumes; 0 is none.",
}
OF_CUTS = {
    "base": "What it is a change of: a shipped scenario such as usual-care, or a .toml file.",
    "cut": "What is cut: visits, support, staff, turnover, discharge or drop-ins.",
    "depth": "How deep: a share, or for turnover and discharge how much more.",
    "from_week": "From which week on.",
    "lasts": "For how many weeks; 0 is to the end.",
    "whom": "For whom, as in site=2 or diagnosis=bipolar; everybody by default.",
}
OF_SERVICES = {
    "psychiatrist": "Full-time equivalents in one team; and so on:",
    "cpn": "Community psychiatric nurses.",
    "care_coordinator": "Care co-ordinators.",
    "support_worker": "Support workers.",
    "caseload": "People on one team's caseload.",
    "vacancies": "% of staff time vacant.",
    "missed": "% of visits missed.",
    "visits": "Visits kept in a year, of one team.",
    "admissions": "Admissions in a year, of one team.",
    "bed_days": "Days in hospital in a year, of one team.",
}
OF_KINDS = {"scenario": OF_CUTS, "service": OF_SERVICES}
METAVARS = {
    "about": "difference|change|mean|ties", "allocation": "person|team", "outcome": "SCALE",
    "weeks": "WEEKS", "base": "SCENARIO", "cut": "WHAT", "whom": "WHOM",
}  # fmt: skip


def _option(name: str) -> str:
    return "--for" if name == "whom" else f"--{name.replace('_', '-')}"


def _asked(helps: dict[str, str]) -> Callable[[Any], Any]:
    """An option for each answer."""

    def with_options(command: Any) -> Any:
        for name, said in reversed(helps.items()):
            metavar = METAVARS.get(name, "X")
            command = click.option(_option(name), name, metavar=metavar, help=said)(command)
        return command

    return with_options


@click.command(
    "new",
    epilog="What is not given as an option is asked for. Every question proposes an answer, with "
    "its source and year; --yes takes all of them.",
)
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), default="study.toml")
@_asked(HELP)
@click.option("--scenario", is_flag=True, help="A scenario, not a study; then:")
@_asked(OF_CUTS)
@click.option("--service", is_flag=True, help="A baseline of local counts; then:")
@_asked(OF_SERVICES)
@click.option("--yes", is_flag=True, help="Ask nothing; take the proposals.")
@click.option(
    "--from-pilot", type=click.Path(path_type=Path), default=None, metavar="FOLDER",
    help="Propose what a pilot says: SD, correlation, waves, retention, ICC (see docs/pilots.md).",
)  # fmt: skip
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), default=None, metavar="FILE",
    help="What the pilot's columns and words are in ours (a .toml file).",
)  # fmt: skip
@options.force_flag
@options.json_flag
def command(
    path: Path,
    yes: bool,
    scenario: bool,
    service: bool,
    from_pilot: Path | None,
    map_file: Path | None,
    force: bool,
    as_json: bool,
    **given: str | None,
) -> None:
    """Write a study file to plan with, to PATH (study.toml by default).

    It is commented throughout and runs at once with `egocohort plan`. With --scenario it is a
    scenario, for `egocohort compare`, and with --service a baseline of your counts. A PATH that
    ends in .py or .R is an analysis to begin with, which runs at once with `egocohort stress`.
    """
    from egocohort.study_files.begin import write_study
    from egocohort.study_files.new_analysis import is_analysis, new_analysis
    from egocohort.terminal.output import print_json

    others = {**given, "from_pilot": from_pilot, "map": map_file}
    made: Any
    if is_analysis(path):
        _refuse_answers(path, {**others, "scenario": scenario or None, "service": service or None})
        made = new_analysis(path, force=force)
    elif scenario or service:
        _leave_the_other("scenario" if scenario else "service", others)
        if scenario and service:
            raise click.UsageError("give --scenario or --service, not both")
        make = _scenario if scenario else _service
        made = make(path, given, yes=yes, force=force)
    else:
        _leave_the_other("study", others)
        made = write_study(
            path, given, force=force, ask=None if yes else _ask, from_pilot=from_pilot,
            map_file=map_file,
        )  # fmt: skip
    if as_json:
        print_json(made.as_data())
    else:
        click.echo(made.summary())


def _leave_the_other(kind: str, given: Mapping[str, Any]) -> None:
    """Refuse what belongs to another kind of file."""
    for name, value in given.items():
        of = next((one for one, helps in OF_KINDS.items() if name in helps), "study")
        if value is not None and of != kind:
            right = f"leave it or --{kind} out" if kind != "study" else f"give --{of} too"
            raise click.UsageError(f"{_option(name)} is of a {of}; {right}")


def _service(
    path: Path, given: Mapping[str, str | None], *, yes: bool, force: bool
) -> "NewService":
    from egocohort.study_files.service import write_service
    from egocohort.terminal.output import Stages
    from egocohort.terminal.start import announce_compiling, processors

    announce_compiling()
    asked = {name: given[name] for name in OF_SERVICES}
    with Stages() as stages:
        return write_service(
            path, asked, force=force, ask=None if yes else _ask, threads=processors(),
            progress=stages,
        )  # fmt: skip


def _scenario(
    path: Path, given: Mapping[str, str | None], *, yes: bool, force: bool
) -> "NewScenario":
    from egocohort.study_files.cuts import write_scenario

    asked = {name: given[name] for name in OF_CUTS}
    return write_scenario(path, asked, force=force, ask=None if yes else _ask)


def _refuse_answers(path: Path, given: dict[str, Any]) -> None:
    """Answers are about a study file; an analysis has none."""
    from sim.errors import InputError

    for name, value in given.items():
        if value is not None:
            raise InputError(f"{_option(name)} is about a study file, and {path} is an analysis")


def _ask(question: Any, proposal: Any) -> Any:
    """Ask on stderr, and again until the answer will do."""
    import sys

    from sim.errors import InputError

    shown = None if proposal.value is None else _shown(proposal.value)
    note = f": {proposal.note}" if proposal.note else ""
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    click.echo(f"\n{question.words}{choices}", err=True)
    if question.kind is not str and question.name not in ("weeks", "budget"):
        offer = f"proposed: {shown}, {proposal.origin}{note}" if shown else proposal.note
        click.echo(f"  {offer}", err=True)
    while True:
        try:
            said = click.prompt(f"  {question.name}", default=shown, err=True)
        except click.Abort:
            if sys.stdin.isatty():
                raise
            else_ = ", or --yes to take every proposal" if shown else ""
            raise InputError(f"nobody answers here; give {question.option}{else_}") from None
        try:
            return question.checked(said)
        except InputError as error:
            click.echo(f"  {error}", err=True)


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else f"{value}"
