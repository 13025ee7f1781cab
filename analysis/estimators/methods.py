"""Degrees of freedom that mixed models offer, by name."""

from sim.errors import InputError, nearest

__all__ = ["method_number"]

METHODS = ("satterthwaite", "kenward-roger")
"""In the order by which the kernels number them."""


def method_number(name: str) -> int:
    """The kernels' number of a method.

    Raises
    ------
    sim.errors.InputError
        If there is none of that name.
    """
    if name not in METHODS:
        known = nearest(name, METHODS) or f"; known: {', '.join(METHODS)}"
        raise InputError(f'there are no degrees of freedom called "{name}"{known}')
    return METHODS.index(name)
