"""The whole paper as a study: steps, their engine, and the ledger."""
