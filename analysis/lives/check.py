"""All rules of lives, and what one study shows of them."""

from __future__ import annotations

from analysis.lives.of_people import OF_PEOPLE
from analysis.lives.of_reports import OF_REPORTS
from analysis.lives.of_ties import OF_TIES
from analysis.lives.record import StudyRecord
from analysis.lives.rule import LifeRule, RuleVerdict, judged

__all__ = ["LIFE_RULES", "check_record"]

LIFE_RULES: tuple[LifeRule, ...] = (*OF_TIES, *OF_PEOPLE, *OF_REPORTS)
"""Every rule there is."""


def check_record(record: StudyRecord) -> list[RuleVerdict]:
    """Judge one study by every rule, in the order of `LIFE_RULES`."""
    return [
        judged(rule, [rule.look(record)], record.rate(rule.rate) if rule.rate else 0.0)
        for rule in LIFE_RULES
    ]
