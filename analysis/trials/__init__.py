"""Planned studies of any size: where outcomes come from, absence, and how a study fares."""
