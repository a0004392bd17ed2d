"""Questions, their immutable versions, topics and sources."""
