"""What a study asks, where it asks at all."""

from sim.errors import InputError
from sim.study.planning import Plan
from sim.study.spec import Study

__all__ = ["plan_of"]


def plan_of(study: Study) -> Plan:
    """The study's plan; an `InputError` if it has none."""
    if study.plan is None:
        raise InputError(
            f'study "{study.id}" has no [plan]; '
            '"network-intervention-trial" shows what one looks like'
        )
    return study.plan
