"""What a round tells afterwards: statistics of its questions and papers, made in the job worker once it has settled."""
