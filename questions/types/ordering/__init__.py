"""Ordering: put steps into their order."""
