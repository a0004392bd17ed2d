"""What a round's answers say about its questions and its paper.

`reading` takes a table of answers, `responses` is what it becomes; `classical` holds difficulty, discrimination,
options and reliability, `logistic` the two-parameter model (the one module that needs numpy), `flags` what a setter
should look at, `analysis` all of it together; `commands` prints it. `incomplete` is for papers of which each holds
some of the questions only. Methods and sources: docs/thong-ke.md. Nothing of this needs an application or a database.

`models`, `stored` and `wording` keep and tell what occasions (rounds) said of question versions; which those are, the
room above says.
"""
