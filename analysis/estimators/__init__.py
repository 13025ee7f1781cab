"""Analyses of simulated studies, one a file, each for a whole batch of replicates at once.

All take arrays and return `analysis.estimators.contract.Fits`.
"""
