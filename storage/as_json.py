"""Numbers and records as JSON has them."""

import math

import numpy as np


def plain(value):
    """JSON-ready; what is no finite number becomes null."""
    if hasattr(value, '_asdict'):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
