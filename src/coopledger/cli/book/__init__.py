"""``coopledger book``: the commands that keep a book and ask it."""
