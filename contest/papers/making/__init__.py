"""How a round's papers are made where they are not drawn: a fixed paper, or parallel forms; asking, checking, freezing them."""
