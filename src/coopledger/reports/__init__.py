"""Reports: what was computed, as tables that nobody has rendered yet."""
