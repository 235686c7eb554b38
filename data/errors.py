"""What can go wrong with the data, as lines for the user."""

from errors import UserError


class DataError(UserError):
    """A data file, folder or setting is not what it should be."""


class Unavailable(DataError):
    """MNIST is not on this machine and could not be downloaded either."""
