"""What an attack has found, as text."""


def markdown(head, rows):
    """Lines of a Markdown table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(head, *rows)]
    rule = ['-' * width for width in widths]
    return ['| %s |' % ' | '.join(cell.ljust(width) for cell, width
                                  in zip(line, widths))
            for line in [head, rule] + rows]
