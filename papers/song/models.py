"""Models on disk: the runs of mnist_cnn.py and distill.py."""

from papers.song.run_format import SONG
from storage import model_file


def load_model(path):
    """Read a model from a run folder, or from the weights.npz in it.

    Returns
    -------
    storage.model_file.Model

    Raises
    ------
    UserError
        If it is no run, not finished, damaged, or of another architecture.
    """
    return model_file.load_model(path, SONG)
