"""Papers on A4: the paper itself, its answer sheet and its key sheets, as PDF and as Word files."""
