"""A paper's claims as a study: its steps, their engine, and the ledger."""
