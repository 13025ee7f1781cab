"""What the kernels of mixed models return of each replicate, and the choices they are given."""

ESTIMATE, VARIANCE, DF, CONVERGED, SINGULAR, COMPONENTS = range(6)
"""Columns of a row of results: VARIANCE is that of the estimate; the last are the parameters."""

SATTERTHWAITE, KENWARD_ROGER, KENWARD_ROGER_MAR = 0, 1, 2
"""Degrees of freedom; the last with errors from the observed information."""
