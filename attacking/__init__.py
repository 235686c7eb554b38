"""One attack run, resumed block by block, whichever paper's attack it is.

A paper describes its attack by a `campaign.Campaign`. `session` runs it in
the script's own process and never imports Theano, whose floatX is
process-wide: for each float type a `worker` process computes, block of
samples by block.
"""
