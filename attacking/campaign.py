"""What a paper tells of an attack, so that one run serves all papers.

A way is how a model is attacked, a tuple of texts such as an arithmetic's
name; the empty one will do. A key is the model's name and its way, (name,
*way): it names a part of the results. A plan is a dict of the campaign's
arguments, with the `device` and the `threads` (int) that compute.
"""

from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple

import numpy as np

from environment.provenance import PACKAGES
from storage.attack_file import write_results


class Samples(NamedTuple):
    """Some of a test part, a row each."""

    images: np.ndarray    # (n, c, h, w) uint8
    labels: np.ndarray    # (n,) int
    index: np.ndarray     # (n,) int, places in the test part


class Work(NamedTuple):
    """What a worker calls: the WORK of a paper's module.

    Records are arrays (n, ...), a row a sample, as of one number for each
    of s strengths of an attack, (n, s).
    """

    #: Of the runs that are its models: see `storage.run_description`.
    form: Any
    #: storage.model_file.Model, plan -> functions of the model, of any kind.
    prepare: Callable
    #: functions, samples, way, plan -> records by name.
    attack: Callable
    #: plan -> samples a block: some seconds of work, all that a kill loses.
    #: Without it, all samples are one block.
    block_size: Optional[Callable] = None
    #: functions, samples, records, way, plan -> arrays by name, for pictures.
    illustrate: Optional[Callable] = None
    #: Functions by model, plan -> what is said beside the machine, a dict.
    notes: Optional[Callable] = None
    #: Functions by model, samples, plan -> rows (m,) of those attacked, where
    #: that depends on the models.
    choose: Optional[Callable] = None


class Run(NamedTuple):
    """A computed run, as its conclusion is told of it."""

    folder: str           # of the results
    title: str
    label: str            # of the data set
    arguments: Dict       # those of the identity
    device: str
    models: Dict          # storage.model_file.Model by name
    dataset: Any          # data.Dataset
    samples: Samples
    machines: Dict        # provenance by floatX
    records: Dict         # by key, in the order of computing
    shown: Dict           # what `Work.illustrate` made, by key


class Conclusion(NamedTuple):
    """What a run amounts to."""

    entries: Dict         # of the results' JSON file
    report: str = ''      # printed
    arrays: Dict = {}     # in the .npz file, before the records


class Campaign(NamedTuple):
    """What a paper tells of an attack."""

    #: What the user runs; error lines name it.
    script: str
    #: With a %s for the name of the data set.
    title: str
    #: Dotted name of the module with the WORK. Workers alone import it, and
    #: with it Theano.
    module: str
    #: args -> storage.model_file.Model by name.
    find: Callable
    #: args, given, labels -> test indices (n,), arguments that this settles.
    choose: Callable
    #: args, models -> what results depend on, a JSON-ready dict.
    arguments: Callable
    #: Arguments -> ways by floatX, each under one. Refuses what no worker
    #: can compute.
    ways: Callable
    #: Folder, identity, about -> a context in which the folder is held: what
    #: its JSON file says so far, 'status': 'finished' of a finished run.
    hold: Callable
    #: Run -> Conclusion.
    summarise: Callable
    #: Run, conclusion -> None: pictures, and files beside the two.
    draw: Callable
    #: Folder, entries, arrays -> None: the two files, JSON last.
    write: Callable = write_results
    #: Whose versions results depend on.
    packages: Tuple[str, ...] = PACKAGES
    #: args, name of the data set -> where results go without --out.
    folder: Optional[Callable] = None
