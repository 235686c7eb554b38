"""The one exception whose message is meant for the person at the keyboard."""


class UserError(Exception):
    """A mistake that the user can mend.

    The message is one line that says what was expected, what came and what
    to do; `command_line.run` prints it without a traceback and exits with
    `exit_code`.
    """

    exit_code = 1
