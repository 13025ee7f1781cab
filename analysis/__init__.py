"""What can be said from simulated studies: measures, estimands, estimators, figures.

Imports ``sim``; is imported by ``egocohort`` alone. A study file's tables ``[plan]``,
``[feasibility]``, ``[saturation]`` and ``[stress]`` belong to rooms in here.
"""

from sim.study import owners

owners.own("plan", "analysis.questions.settled:OWNER")
owners.own("feasibility", "analysis.feasibility.settings:OWNER")
owners.own("saturation", "analysis.saturation.settings:OWNER")
owners.own("stress", "analysis.stress.settings:OWNER")
