"""What a command does before it simulates: a seed, threads, a word on what will take a while.

What is said of these waits until work has begun, so that bad input has its one message alone.
"""

import os

from egocohort.terminal.output import say_once_begun, say_what_waits

__all__ = ["announce_compiling", "processors", "seed_or_drawn"]


def seed_or_drawn(seed: int | None, there: int | None = None) -> int:
    """The seed given; else that of results there, or a drawn one, said once work has begun."""
    if seed is not None:
        return seed
    if there is not None:
        say_once_begun(f"seed {there}, that of the results there")
        return there
    from egocohort.simulation_run import draw_seed

    drawn = draw_seed()
    say_once_begun(f"seed {drawn}")
    return drawn


def announce_compiling() -> None:
    """Say on stderr that the kernel is compiled, if it is not yet, when that begins."""
    from egocohort.simulation_run import is_compiled
    from sim.world.machine_code import before_compiling

    if not is_compiled():
        say_once_begun("compiling the kernel, once, about 30 s")
        before_compiling(say_what_waits())


def processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
