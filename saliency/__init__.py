"""Song's Algorithms 1-4: maps, crafting, records, tables and pictures.

Everything here sees a classifier as `callables.Callables`, NumPy in and
out, and knows nothing of networks or of Theano.
"""
