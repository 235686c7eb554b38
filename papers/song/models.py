"""Models on disk: the runs of mnist_cnn.py and distill.py."""

from functools import partial

from papers.song.run_format import SONG
from storage import model_file

#: Path of a run folder, or of the weights in it -> storage.model_file.Model.
load_model = partial(model_file.load_model, form=SONG)
