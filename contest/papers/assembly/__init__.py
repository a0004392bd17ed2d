"""Parallel forms of a paper: N forms of one blueprint, as equal in difficulty as the bank allows."""
