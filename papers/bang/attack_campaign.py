"""attack_bang.py: the rows of the paper's Tables 1 and 2."""

import os
from functools import partial

from attacking.campaign import Campaign, Conclusion
from attacking.inputs import find_models, pick_samples
from attacking.tables import markdown
from environment.provenance import PACKAGES
from papers.bang.attack_names import FGS, FORMAT, HC1
from papers.bang.attack_pictures import draw_model
from papers.bang.attack_summary import (
    percent,
    summarise_model,
    what_the_rule_hides,
)
from papers.bang.printed import printed
from papers.bang.recipes import ATTACKED, RECIPES
from papers.bang.run_format import BANG
from storage.atomic import atomic_file, json_ready
from storage.attack_file import open_run

SCORERS = ('opencv-python-headless', 'scikit-image')
#: The paper's, by network: on others, its figures are no comparison.
DATASETS = {'lenet': 'mnist', 'cifar-quick': 'cifar10'}
TABLE = 'table.md'
HEAD = ('model', 'attack', 'rate %', 'Wilson 95 %', 'PASS', 'L-inf', 'blank',
        'unaligned')
#: Options that results depend on.
KEPT = ('last', 'pass_moves', 'channels', 'indices', 'seed', 'batch',
        'float64', 'ops', 'pictures')


def ways(arguments):
    """One way alone, in the float type asked for."""
    return {'float64' if arguments['float64'] else 'float32': [()]}


def in_paper(description, float64):
    """A model's network, and its row of the paper where that compares."""
    arguments = description['arguments']
    net = arguments['net']
    usual = RECIPES[net].iterations
    alike = ((arguments['iterations'] or usual) == usual   # None: imported
             and description['data']['name'] == DATASETS[net]
             and not float64)
    return net, arguments['model'] if alike else None


def summarise(run):
    """A summary of each model, and the table."""
    last = run.arguments['last']
    summaries = {name: summarise_model(run.records[name,], last)
                 for name in run.models}
    known = {name: in_paper(model.description, run.arguments['float64'])
             for name, model in run.models.items()}
    report = 'Attacks on %s, HC1 to a step of %d\n\n%s\n\n%s' % (
        run.label, last, table(summaries, known), '\n'.join(
            '- ' + what_the_rule_hides(*item) for item in summaries.items()))
    machine, = run.machines.values()
    return Conclusion(
        dict(machine, last=last, report=report, models=[
            dict(json_ready(summary), model=name)
            for name, summary in summaries.items()]), report)


def table(summaries, known):
    """All models' rows, each beside the paper's where it has one.

    Of every model its summary, and its network and its name in the paper, or
    None. Lines without a final newline: one of accuracy a model, then a
    Markdown table.
    """
    lines, rows = [], []
    for name, summary in summaries.items():
        paper = printed(*known[name])
        lines.append(accuracy_line(name, summary, paper))
        for attack, numbers in summary['attacks'].items():
            rows.append((name, attack) + cells(numbers))
            if paper and attack in (FGS[0], HC1):
                rows.append(('paper\'s ' + known[name][1], attack)
                            + paper_cells(paper.hc1 if attack == HC1
                                          else paper.fgs))
    return '\n'.join(lines + [''] + markdown(HEAD, rows))


def accuracy_line(name, summary, paper):
    """'- R0: accuracy 99.16 % (9916 of 10000); paper 99.16 %'."""
    accuracy = summary['accuracy']
    return '- %s: accuracy %.2f %% (%d of %d)%s' % (
        name, percent(accuracy), accuracy['count'], accuracy['total'],
        '; paper %.2f %%' % paper.accuracy if paper else '')


def cells(attacked):
    """The columns of one attack."""
    rate = attacked['rate']
    return ('%.2f' % percent(rate),
            '%.2f–%.2f' % (100 * rate['low'], 100 * rate['high']),
            plus_minus('%.4f', **attacked['passed']),
            plus_minus('%.2f', **attacked['l_infinity']),
            str(attacked['blank']), str(attacked['unaligned']))


def paper_cells(attack):
    """The same of the paper, which prints less."""
    return ('%.2f' % attack.rate, '', plus_minus('%.4f', *attack.passed),
            plus_minus('%.2f', *attack.l_infinity), '', '')


def plus_minus(form, mean, deviation):
    """'0.4072±0.1081', or a dash where there is no success."""
    return '–' if mean != mean else '%s±%s' % (form % mean, form % deviation)


def draw(run, conclusion):
    """Every model's pictures, and the table as a file."""
    for name in run.models:
        draw_model(run.folder, name, run.records[name,], run.shown[name,],
                   '%s on %s' % (name, run.label))
    with atomic_file(os.path.join(run.folder, TABLE), 'w') as stream:
        stream.write(conclusion.report + '\n')


CAMPAIGN = Campaign(
    'attack_bang.py', 'FGS, HC1 and PASS on %s', 'papers.bang.attack',
    lambda args: find_models(args.models, ATTACKED, BANG),
    pick_samples,
    lambda args, models: {name: getattr(args, name) for name in KEPT},
    ways, partial(open_run, form=FORMAT), summarise, draw,
    packages=PACKAGES + SCORERS)
