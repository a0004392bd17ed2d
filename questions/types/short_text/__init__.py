"""A few words, typed: right when they are among the accepted answers."""
