"""How figures of the report look, and all of them."""
