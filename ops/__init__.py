"""Fast operations in C++, each with a twin in NumPy that says what it does.

`library` builds the C++ of `source/` with the machine's own compiler, once,
into the user's compile directory. `bias_relu`, `convolution`, `max_pool`,
`average_pool`, `elements` and `uniform` are Theano operations that call it;
their NumPy is in `twins` or their own. `fusion`, `block_fusion` and the last
four put them into graphs that know nothing of them, where `patterns` finds
Theano's own formulas and gradients. `environment.prepare` chooses; scripts
and layers never name any of this. `probing` answers probes by receptive field.
tests/sanitize.cpp and tests/sanitize_probing.cpp say how to run the C++ under
sanitizers.
"""
