"""A question from draft to approved and retired: who may do what, and what was said on the way."""
