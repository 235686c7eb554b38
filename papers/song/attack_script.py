"""What test1.py to test4.py are made of: their options, and what they do."""

import command_line
from attacking.options import add_output, add_samples
from papers.song.attack_options import add_attack, add_machine

RESULTS = """
It goes on until the model's answer changes or --limit pixels are
overwritten. The results go into one folder: attack.json (arguments, test
indices, every sample, tables, verdict), attack.npz (what was overwritten,
in order) and pictures. A run that was stopped continues when the same
command is given again.
"""


def script(description, name, algorithm, samples=1000, variant_help=''):
    """What an attack script is made of: its parser's function, and its main.

    Parameters
    ----------
    description : str
        The script's docstring, which RESULTS follow.
    name : str
        The script's, without .py.
    algorithm : 1, 2, 3 or 4
        The paper's numbering.
    samples : int
        How many are attacked by default.
    variant_help : str
        What --variant means to this algorithm beside the last pixel.
    """
    def parser():
        options = command_line.script_parser(description + RESULTS)
        add_attack(options, variant_help)
        add_samples(options, samples)
        add_output(options, None, ' (default: runs/ and the name of the '
                   'script)', 3, 'a model and arithmetic')
        add_machine(options)
        return options

    def main(args, given):
        from attacking.session import run
        from papers.song.attack_campaign import campaign
        return run(campaign(name, algorithm), args, given)

    return parser, main
