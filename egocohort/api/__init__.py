"""The verbs of the command line as functions, for scripts and notebooks.

``import egocohort as ec`` offers them as ``ec.simulate`` and so on; `egocohort.verbs` lists them.
"""
