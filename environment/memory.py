"""Telling a lack of memory by what libraries say that cannot be loaded."""

#: The dynamic loader's words.
LOADER = ('failed to map segment', 'cannot allocate memory')


def ran_out(error):
    """Whether an error, of whatever class, means that memory was lacking."""
    return isinstance(error, MemoryError) or any(
        words in str(error).lower() for words in LOADER)
