"""Speed, measured; nothing here is needed to use the project."""
