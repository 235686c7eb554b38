"""Files: written whole or not at all, checked when read, held by one process.

What runs, models, attacks and ledgers are on disk; no paper, no Theano.
"""
