"""Fast operations in C++, each with a twin in NumPy that says what it does.

`library` builds the C++ of `source/` with the machine's own compiler, once,
into the user's compile directory.
"""
