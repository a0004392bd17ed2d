"""A number, typed: right within a tolerance."""
