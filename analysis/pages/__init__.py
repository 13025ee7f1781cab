"""Pages of HTML that need no other file: templates and what fills them."""
