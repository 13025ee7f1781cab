"""Progress on stderr is calm: bars that come when work takes long, lines now and then elsewhere."""

import click
import pytest

from egocohort.terminal import output, start
from sim.errors import InputError, RunError


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass only when told to."""

    class Clock:
        now = 0.0

        def monotonic(self):
            return self.now

    here = Clock()
    monkeypatch.setattr(output, "time", here)
    return here


def test_elsewhere_than_on_a_terminal_a_line_comes_every_ten_seconds_at_most(clock, capsys):
    with output.Stages() as stages:
        for second in range(1, 31):
            clock.now = second
            stages("teams" if second < 15 else "studies", second, 30)
    said = capsys.readouterr()
    assert said.err.splitlines() == ["teams: 11 of 30", "studies: 22 of 30"]
    assert said.out == ""


def test_a_bar_comes_when_a_stage_takes_long_and_goes_with_it(clock, monkeypatch):
    seen = []

    class Bar:
        task_ids = (0,)

        def __init__(self, stage):
            self.stage = stage

        def start(self):
            seen.append(("begins", self.stage))

        def update(self, task, completed, total):
            seen.append((self.stage, completed, total))

        def stop(self):
            seen.append(("ends", self.stage))

    monkeypatch.setattr(output, "_bar", Bar)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with output.Stages() as stages:
        for stage, now, done in (("quick", 0.1, 1), ("slow", 2.0, 1), ("slow", 4.0, 2)):
            clock.now = now
            stages(stage, done, 2)
        clock.now = 4.1
        stages("quick again", 1, 1)
    assert seen == [("begins", "slow"), ("slow", 1, 2), ("slow", 2, 2), ("ends", "slow")]


def works(stages):
    stages("teams", 1, 1)
    output.say("done")


def refused(stages):
    raise InputError("wrong")


def refused_late(stages):
    stages("teams", 1, 1)
    raise InputError("wrong")


def fails(stages):
    raise RunError("no room")


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (works, ["seed 5, that of the results there", "compiling", "done"]),
        (lambda stages: None, ["seed 5, that of the results there", "compiling"]),
        (refused_late, ["seed 5, that of the results there", "compiling"]),
        (fails, ["seed 5, that of the results there", "compiling"]),
        (refused, []),
    ],
)
def test_what_is_announced_waits_until_the_input_is_accepted(capsys, work, said):
    with click.Context(click.Command("work")):
        assert start.seed_or_drawn(None, 5) == 5
        output.say_once_begun("compiling")
        try:
            with output.Stages() as stages:
                work(stages)
        except (InputError, RunError):
            pass
    assert capsys.readouterr().err.splitlines() == said


def test_compiling_is_announced_when_it_begins_and_never_after_the_command(capsys, monkeypatch):
    told = []
    monkeypatch.setattr("egocohort.simulation_run.is_compiled", lambda: False)
    monkeypatch.setattr("sim.world.machine_code.before_compiling", told.append)
    for begins in (True, False):
        with click.Context(click.Command("work")):
            start.announce_compiling()
            assert capsys.readouterr().err == ""
            if begins:
                told[-1]()
                assert capsys.readouterr().err.startswith("compiling the kernel")
        told[-1]()
        assert capsys.readouterr().err == ""
