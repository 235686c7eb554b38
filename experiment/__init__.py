"""The paper's experiment, as test1.py to test4.py share it.

`session` runs in the script's own process and never imports Theano, whose
floatX is process-wide: one `worker` process each computes in float32
(float32 and log-odds) and in float64, block of samples by block.
"""
