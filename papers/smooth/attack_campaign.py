"""attack_smooth.py: all models under all attacks, on the same images."""

import os
from functools import partial

from attacking.campaign import Campaign, Conclusion
from attacking.inputs import find_models, pick_samples
from attacking.tables import markdown
from errors import UserError
from metrics.proportions import share
from papers.smooth.architecture import parse
from papers.smooth.attack_names import (
    ATTACKS,
    FORMAT,
    IN_FLOAT64,
    PGD,
    REPORTED,
    USUAL,
)
from papers.smooth.attack_pictures import draw_model
from papers.smooth.attack_summary import summarise_model, verdict
from papers.smooth.run_format import SMOOTH
from storage.atomic import atomic_file, json_ready
from storage.attack_file import open_run

TABLE = 'table.md'
VANILLA = 'Vanilla'
#: Options that results depend on, beside those that `settle` settles.
KEPT = ('norm_of', 'cut', 'restarts', 'indices', 'seed', 'batch', 'pictures')


def settle(args, models):
    """What results depend on, checked: a JSON-ready dict."""
    ratios = in_order('--snr', args.snr)
    source = source_of(args, models)
    asked = [word for word in ATTACKS
             if word in (ATTACKS if args.attacks is None else args.attacks)]
    if source is None and 'transfer' in asked:
        if args.attacks:
            raise UserError('--attacks transfer: expected a model of the row '
                            'Vanilla among --models, or --source, found none')
        print('no model is Vanilla\'s and --source names none: without '
              'transfer', flush=True)
        asked.remove('transfer')
    iterated = any(ATTACKS[word] in PGD for word in asked)
    return dict(
        {name: getattr(args, name) for name in KEPT}, snr=ratios,
        pgd_snr=pgd_ratios(args, ratios) if iterated else [],
        attacks=asked, source=source, float64_attacks=in_float64(args, asked))


def in_float64(args, asked):
    """Those of the attacks that are run in float64, too."""
    wanted = args.float64_attacks
    if wanted is None:
        wanted = [word for word in IN_FLOAT64 if word in asked]
    for word in wanted:
        if word not in asked:
            raise UserError('--float64-attacks: expected some of the attacks '
                            'that are run, got %s besides' % word)
    return [word for word in asked if word in wanted]


def pgd_ratios(args, ratios):
    """Those of PGD: as asked for, or the report's that are among all."""
    if args.pgd_snr is None:
        found = [ratio for ratio in ratios if ratio in REPORTED]
        if not found:
            raise UserError('--pgd-snr: expected some of --snr for PGD, as '
                            'none of the report\'s is there: name them, or '
                            'leave PGD out of --attacks')
        return found
    found = in_order('--pgd-snr', args.pgd_snr)
    for ratio in found:
        if ratio not in ratios:
            raise UserError('--pgd-snr: expected some of --snr, got %g '
                            'besides' % ratio)
    return found


def in_order(option, ratios):
    """Signal-to-noise ratios, the weakest attack first."""
    for ratio in ratios:
        if ratios.count(ratio) > 1:
            raise UserError('%s: expected every ratio once, got %g again'
                            % (option, ratio))
    return sorted(ratios, reverse=True)


def source_of(args, models):
    """The name of the model that transfers its directions, or None."""
    if args.source is None:
        return next((name for name, model in models.items()
                     if model.description['model'] == VANILLA), None)
    wanted = os.path.abspath(args.source)
    for name, model in models.items():
        if os.path.abspath(model.folder) == wanted or name == args.source:
            return name
    raise UserError('--source: expected one of --models, got %s'
                    % args.source)


def ways(arguments):
    """Both arithmetics; float64 where an attack is run in it."""
    found = {'float32': [('float32',)]}
    if arguments['float64_attacks']:
        found['float64'] = [('float64',)]
    return found


def summarise(run):
    """A summary of each model, the table and the verdicts."""
    summaries = {}
    for name, model in run.models.items():
        parts = {key[1]: records for key, records in run.records.items()
                 if key[0] == name}
        summaries[name] = dict(about(model), **summarise_model(
            parts, run.arguments))
    report = '\n\n'.join([
        'Accuracy in %% under attack on %s, by signal-to-noise ratio in dB'
        % run.label, *(table(name, summary, run.arguments)
                       for name, summary in summaries.items())])
    return Conclusion(
        {'machines': run.machines, 'report': report, 'models': [
            dict(json_ready(summary), model=name, verdict=verdict(
                summary, run.arguments), snr=run.arguments['snr'])
            for name, summary in summaries.items()]}, report)


def about(model):
    """What a model is, as attack.json says it."""
    description = model.description
    shape = parse(description['architecture'])
    return {'row': description['model'], 'width': shape.width,
            'blocks': shape.blocks,
            'seed': description['arguments']['seed'],
            'epochs': description['arguments']['epochs']}


def table(name, summary, arguments):
    """One model's accuracies, a row an attack, and its verdict."""
    rows = []
    for arithmetic, part in summary['arithmetics'].items():
        for attack, found in part['attacks'].items():
            rows.append(['%s, %s' % (attack, arithmetic)] + [
                '–' if one is None else '%.2f' % (100 * share(one))
                for one in found['accuracy']])
        rows.append(['all of them, %s' % arithmetic] + [
            '%.2f' % (100 * share(one))
            for one in summary['worst'][arithmetic]])
    clean = summary['arithmetics']['float32']['clean']
    return '\n'.join(
        ['%s (%s, width %d): %.2f without an attack' % (
            name, summary['row'], summary['width'], 100 * share(clean)), '']
        + markdown([''] + ['%g' % ratio for ratio in arguments['snr']], rows)
        + ['', '%s: %s' % (name, verdict(summary, arguments))])


def draw(run, conclusion):
    """Every model's curves and pictures, and the tables as a file."""
    for entry in conclusion.entries['models']:
        name = entry['model']
        draw_model(run.folder, name, entry, run.shown[name, 'float32'],
                   '%s (%s, width %d) on %s' % (
                       name, entry['row'], entry['width'], run.label))
    with atomic_file(os.path.join(run.folder, TABLE), 'w') as stream:
        stream.write(conclusion.report + '\n')


CAMPAIGN = Campaign(
    'attack_smooth.py', 'Attacks of many strengths on %s',
    'papers.smooth.attack',
    lambda args: find_models(args.models, USUAL, SMOOTH), pick_samples,
    settle, ways, partial(open_run, form=FORMAT), summarise, draw)
