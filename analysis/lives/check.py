"""All rules of lives, and what one study shows of them."""

from __future__ import annotations

from analysis.lives.of_people import PEOPLE_RULES
from analysis.lives.of_reports import REPORT_RULES
from analysis.lives.of_ties import TIE_RULES
from analysis.lives.record import StudyRecord
from analysis.lives.rule import LifeRule, RuleVerdict, judged_rule

__all__ = ["LIFE_RULES", "check_record"]

LIFE_RULES: tuple[LifeRule, ...] = (*TIE_RULES, *PEOPLE_RULES, *REPORT_RULES)
"""Every rule there is."""


def check_record(record: StudyRecord) -> list[RuleVerdict]:
    """Judge one study by every rule, in the order of `LIFE_RULES`."""
    return [
        judged_rule(rule, [rule.look(record)], record.rate(rule.rate) if rule.rate else 0.0)
        for rule in LIFE_RULES
    ]
