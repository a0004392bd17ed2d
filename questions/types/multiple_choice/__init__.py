"""Several choices: all right options, and no other, must be chosen."""
