"""Units: the tree of Party organisations, its levels, and its life in time."""
