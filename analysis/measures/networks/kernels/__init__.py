"""The compiled halves of the measures: loops over interviews that numba types itself.

Members of interview i are ``begin[i]:begin[i + 1]`` of arrays over all members, ties between them
``tie_begin[i]:tie_begin[i + 1]`` of `source` and `target`, which count from the interview's first
member. A pair stands once, and nobody is tied to themselves; `layout.Networks` sees to that.
"""
