"""From a blueprint to papers: the frozen pool of a round, and the paper drawn for each sitting."""
