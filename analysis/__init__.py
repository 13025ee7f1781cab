"""What can be said from simulated studies: measures, estimands, estimators, figures.

Imports ``sim``; is imported by ``egocohort`` alone.
"""
