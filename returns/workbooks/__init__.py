"""Returns in and out of workbooks: the template, what comes back in it, and what becomes of each figure."""
