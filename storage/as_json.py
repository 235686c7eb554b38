"""Numbers and records as JSON has them."""

import math

import numpy as np


def json_ready(value):
    """A value as JSON has it; what is no finite number becomes null."""
    if hasattr(value, '_asdict'):
        return json_ready(value._asdict())
    if isinstance(value, dict):
        return {name: json_ready(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return json_ready(value.tolist())
    if isinstance(value, list):
        return [json_ready(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
