"""Training that can be stopped at any moment and resumed bit for bit."""
