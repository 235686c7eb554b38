"""One attack run, resumed block by block, whichever paper's attack it is.

`session` runs in the script's own process and never imports Theano, whose
floatX is process-wide: one `worker` process each computes in float32 and in
float64, block of samples by block.
"""
