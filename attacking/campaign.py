"""What a paper tells of an attack, so that one run serves all papers.

A way is how a model is attacked, a tuple of texts: it names a part of the
results, as the arithmetic does. The empty one will do. The key of a part is
the model's name and its way: (name, *way).
"""

from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple

import numpy as np

from environment.provenance import PACKAGES
from storage.attack_file import write_results


class Samples(NamedTuple):
    """Test samples: images (n, c, h, w) uint8, labels and index (n,) int.

    `index` are their places in the test part.
    """

    images: np.ndarray
    labels: np.ndarray
    index: np.ndarray


class Work(NamedTuple):
    """What a worker calls: the WORK of a paper's module.

    A plan is a dict of the campaign's arguments, with `threads` (int) and
    `device`. Functions are whatever `prepare` makes.

    Attributes
    ----------
    system : storage.run_description.System
        Whose models are attacked.
    prepare : callable
        (storage.model_file.Model, plan) -> functions of the model.
    attack : callable
        (functions, samples, way, plan) -> dict of arrays (n, ...), a row a
        sample, as of one number for each of several strengths, (n, s).
    block_size : callable or None
        (plan) -> samples a block, int: some seconds of work, which is what
        a kill loses. None for all samples at once.
    illustrate : callable, optional
        (functions, samples, records, way, plan) -> dict of arrays: what
        pictures need of the model.
    notes : callable, optional
        (functions by model, plan) -> dict, JSON-ready: what is said of the
        machine besides.
    choose : callable, optional
        (functions by model, samples, plan) -> rows (m,) int of the samples
        that are attacked, where that depends on the models.
    """

    system: Any
    prepare: Callable
    attack: Callable
    block_size: Optional[Callable] = None
    illustrate: Optional[Callable] = None
    notes: Optional[Callable] = None
    choose: Optional[Callable] = None


class Run(NamedTuple):
    """A computed run, as its conclusion is told of it.

    Attributes
    ----------
    folder, title, label : str
        Of the results; of the run; of its data set.
    arguments : dict
        Those of its identity.
    device : str
    models : dict of str to storage.model_file.Model
    dataset : data.dataset.Dataset
    samples : Samples
    machines : dict of str to dict
        Provenance by floatX.
    records, shown : dict of tuple to dict
        What `Work.attack` and `Work.illustrate` gave, by key, in the order
        of computing.
    """

    folder: str
    title: str
    label: str
    arguments: Dict
    device: str
    models: Dict
    dataset: Any
    samples: Samples
    machines: Dict
    records: Dict
    shown: Dict


class Conclusion(NamedTuple):
    """What a run amounts to.

    `entries` go into the JSON file of the results, `report` is printed, and
    `arrays` stand before the records in the .npz file.
    """

    entries: Dict
    report: str = ''
    arrays: Dict = {}


class Campaign(NamedTuple):
    """What a paper tells of an attack.

    Attributes
    ----------
    script : str
        What the user runs; error lines name it.
    title : str
        With one %s, for the data set's name.
    module : str
        Dotted name of the module with the WORK; workers alone import it,
        and with it Theano.
    find : callable
        (args) -> dict of str to storage.model_file.Model.
    choose : callable
        (args, given, labels) -> test indices (n,) int, and a dict of the
        arguments that this settled.
    arguments : callable
        (args, models) -> dict, JSON-ready: what results depend on.
    ways : callable
        (arguments) -> dict of floatX to its ways, each of one floatX.
        Refuses what cannot be computed so.
    hold : callable
        (folder, identity, about) -> context manager that holds the folder
        and gives what its JSON file says so far; status is 'finished' of a
        finished run.
    summarise : callable
        (run) -> Conclusion.
    draw : callable
        (run, conclusion) -> None: write pictures and other files.
    write : callable
        (folder, results, arrays) -> None: write the files, JSON last.
    packages : tuple of str
        Whose versions results depend on.
    folder : callable, optional
        (args, name of the data set) -> where results go without --out.
    """

    script: str
    title: str
    module: str
    find: Callable
    choose: Callable
    arguments: Callable
    ways: Callable
    hold: Callable
    summarise: Callable
    draw: Callable
    write: Callable = write_results
    packages: Tuple[str, ...] = PACKAGES
    folder: Optional[Callable] = None
