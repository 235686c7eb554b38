"""Trainings in phases: another learning rate, and the optimiser begun anew."""

from typing import NamedTuple

import numpy as np


class Phase(NamedTuple):
    """A learning rate, from an epoch on, which is counted from 0."""

    first: int
    rate: float


def enter(phases, step, progress):
    """Before an epoch, or the rest of one: give the step its phase's rate.

    At the start of a phase, all that the optimiser keeps is 0 again. Without
    phases, nothing is done.
    """
    begun = [phase for phase in phases if phase.first <= progress.epoch]
    if not begun:
        return
    step.rate.set_value(np.asarray(begun[-1].rate, step.rate.dtype))
    if (progress.epoch, progress.batch) == (begun[-1].first, 0):
        for shared in step.velocities:
            shared.set_value(np.zeros_like(shared.get_value(borrow=True)))
