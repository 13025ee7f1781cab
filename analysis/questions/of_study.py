"""What a study asks, where it asks at all."""

from analysis.questions.plan import Plan
from sim.errors import InputError
from sim.study.spec import Study

__all__ = ["plan_in", "plan_of", "with_plan"]


def plan_in(study: Study) -> Plan | None:
    """The study's `[plan]`; None if it has none."""
    found: Plan | None = study.asked.get("plan")
    return found


def plan_of(study: Study) -> Plan:
    """The study's `[plan]`; an `InputError` if it has none."""
    found = plan_in(study)
    if found is None:
        raise InputError(
            f'study "{study.id}" has no [plan]; '
            '"network-intervention-trial" shows what one looks like'
        )
    return found


def with_plan(study: Study, plan: Plan) -> Study:
    """The same study with another plan."""
    return study.model_copy(update={"asked": {**study.asked, "plan": plan}})
