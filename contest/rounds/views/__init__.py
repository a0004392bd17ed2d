"""Pages of contests, windows and entries; those that need the bank or sittings stand in the rooms above."""
