"""Contests, their rounds, windows by unit, and entries: who may sit, and when."""
