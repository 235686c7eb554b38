"""Run a script whose compiled functions fail as those on a GPU do.

    python tests/failing_device.py CALL MESSAGE SCRIPT.py OPTIONS ...

From call CALL on, over all functions that Theano compiles, each raises an
error with the message, at the place where Theano would.
"""

import importlib
import os
import sys
import types

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(
    __file__))))

import command_line  # noqa: E402
import environment  # noqa: E402


def fail_from(call, message):
    """Make Theano's functions fail; to be called when it is imported."""
    from theano.compile.function_module import Function
    sys.modules['pygpu'] = types.ModuleType('pygpu')
    compute, count = Function.__call__, [0]

    def failing(self, *args, **kwargs):
        count[0] += 1
        if count[0] >= call:
            raise RuntimeError(message)
        return compute(self, *args, **kwargs)

    Function.__call__ = failing


def main(call, message, script, *options):
    """Run the script with a prepared environment that fails."""
    prepare = environment.prepare

    def prepare_and_fail(*args, **kwargs):
        chosen = prepare(*args, **kwargs)
        fail_from(int(call), message)
        return chosen

    environment.prepare = prepare_and_fail
    sys.argv = [script] + list(options)
    module = importlib.import_module(os.path.splitext(script)[0])
    return command_line.run(module.main, module.parser(), options)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
