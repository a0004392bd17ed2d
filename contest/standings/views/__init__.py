"""Pages of standings: for staff, and a contestant's own place."""
