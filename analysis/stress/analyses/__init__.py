"""Analyses that are shipped to be tested: right ones and, on purpose, wrong ones.

They are a user's code like any other: `egocohort stress wrong.py:ties_alone --estimates ...` runs
one. `matrix.toml` has them all, what each estimates, and where it is expected to hold and to fail;
`shared.py` runs them all on the same studies.
"""
