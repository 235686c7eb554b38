"""Attacks that more than one system runs: callables in, NumPy out.

Images are (n, channels, height, width) in grey levels, whole numbers from 0
to 255 as floats; labels y are (n,) integers; z are logits, (n, classes).
"""
