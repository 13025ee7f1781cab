"""How large a study must be: power, precision, what drop-out and clusters cost, how sure that is.

One idea a file; `egocohort plan` is the front door.
"""
