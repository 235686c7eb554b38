"""Attacks that more than one system runs: callables in, NumPy out.

Images are (n, channels, height, width), floats; labels y are (n,) integers; z
are logits, (n, classes). Pixels are of any unit where strength is a ratio
(`strength`, `sign_steps`, `projected`), else grey levels, whole numbers from
0 to 255.
"""
