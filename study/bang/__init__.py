"""The study of BANG: its settings, its steps, its ledger."""
