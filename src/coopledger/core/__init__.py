"""The pure core: schedules, splits, plans, projections. No input or output, no clock, no chance."""
