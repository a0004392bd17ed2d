"""A table of statements under one stem, each of which is true or false."""
