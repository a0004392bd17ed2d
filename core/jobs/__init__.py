"""Long work outside web requests: asked for in a unit of work, done in the worker, step by step, with progress."""
