"""Files in and out: plans, lists of holders, tables and data."""
