"""The contests: their rules, rounds, papers, sittings, marks and standings. Builds on questions and core."""
