"""Pages of returns, one module a task."""
