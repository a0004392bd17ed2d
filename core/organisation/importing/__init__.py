"""Which unit a list means: names and paths as people write them, matched against the tree. Pure."""
