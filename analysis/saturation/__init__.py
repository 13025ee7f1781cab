"""Saturation: what share of codes a qualitative study of n people has seen, and when rules stop.

It informs a judgement that stays the analysts' own; see `docs/saturation.md`.
"""
