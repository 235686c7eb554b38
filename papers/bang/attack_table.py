"""The results as a table: Markdown that also reads well on a screen."""

from papers.bang.attack_names import FGS, HC1
from papers.bang.attack_summary import percent
from papers.bang.printed import printed

HEAD = ('model', 'attack', 'rate %', 'Wilson 95 %', 'PASS', 'L-inf', 'blank',
        'unaligned')


def table(summaries, known):
    """All models' rows, each beside the paper's where it has one.

    Parameters
    ----------
    summaries : dict of str to papers.bang.attack_summary.Summary
    known : dict of str to (str, str)
        Of each model, its network and its name in the paper, or None.

    Returns
    -------
    str
        Lines without a final newline: a line of accuracy a model, then a
        Markdown table.
    """
    lines, rows = [], []
    for name, summary in summaries.items():
        paper = printed(*known[name])
        lines.append(accuracy_line(name, summary, paper))
        for attack, numbers in summary.attacks.items():
            rows.append((name, attack) + cells(numbers))
            if paper and attack in (FGS[0], HC1):
                rows.append(('paper\'s ' + known[name][1], attack)
                            + paper_cells(paper.hc1 if attack == HC1
                                          else paper.fgs))
    return '\n'.join(lines + [''] + markdown(HEAD, rows))


def accuracy_line(name, summary, paper):
    """'- R0: accuracy 99.16 % (9916 of 10000); paper 99.16 %'."""
    accuracy = summary.accuracy
    return '- %s: accuracy %.2f %% (%d of %d)%s' % (
        name, percent(accuracy), accuracy.count, accuracy.total,
        '; paper %.2f %%' % paper.accuracy if paper else '')


def cells(attacked):
    """The columns of one attack."""
    rate = attacked.rate
    return ('%.2f' % percent(rate),
            '%.2f–%.2f' % (100 * rate.low, 100 * rate.high),
            plus_minus('%.4f', *attacked.passed),
            plus_minus('%.2f', *attacked.l_infinity), str(attacked.blank),
            str(attacked.unaligned))


def paper_cells(attack):
    """The same of the paper, which prints less."""
    return ('%.2f' % attack.rate, '', plus_minus('%.4f', *attack.passed),
            plus_minus('%.2f', *attack.l_infinity), '', '')


def plus_minus(form, mean, deviation):
    """'0.4072±0.1081', or a dash where there is no success."""
    return '–' if mean != mean else '%s±%s' % (form % mean, form % deviation)


def markdown(head, rows):
    """Lines of a Markdown table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(head, *rows)]
    rule = ['-' * width for width in widths]
    return ['| %s |' % ' | '.join(cell.ljust(width) for cell, width
                                  in zip(line, widths))
            for line in [head, rule] + rows]
