"""In a process that starts with this in PYTHONPATH, the GPU fails.

From call FAILING_CALL on, over all functions that Theano compiles, each
raises an error with FAILING_MESSAGE, where Theano would. Workers inherit it.
"""

import os
import sys
import types

import environment


def fail():
    """Make Theano's compiled functions fail; Theano has been imported."""
    from theano.compile.function_module import Function
    sys.modules['pygpu'] = types.ModuleType('pygpu')
    compute, count = Function.__call__, [0]

    def failing(self, *args, **kwargs):
        count[0] += 1
        if count[0] >= int(os.environ['FAILING_CALL']):
            raise RuntimeError(os.environ['FAILING_MESSAGE'])
        return compute(self, *args, **kwargs)

    Function.__call__ = failing


def prepare_and_fail(*args, prepare=environment.prepare, **kwargs):
    """environment.prepare, with a device that will fail."""
    chosen = prepare(*args, **kwargs)
    fail()
    return chosen


environment.prepare = prepare_and_fail
