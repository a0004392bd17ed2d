"""Sample data: a tree of units, invented people and a question bank, so that a new installation can be tried at once."""
