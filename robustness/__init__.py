"""The runs of attack_bang.py: FGS, HC1 and PASS on BANG's models.

`session` is a whole run, `computing` attacks one block of samples, `summary`
makes the rows of BANG's tables of all blocks, `paper` is what those print,
`table` and `drawing` show the results. Of `saliency` nothing here knows.
"""
