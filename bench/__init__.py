"""Measuring the platform: ``make bench`` (paths against a Flask hello), ``make bench-city`` (a whole city)."""
