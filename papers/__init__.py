"""The papers that are rerun here, a folder each: declarations of what theirs
is, told to the mechanisms, which know no paper.
"""
