"""The JSON that the API sends: compact, and without numbers that JSON doesn't have."""

from __future__ import annotations

import json

encode_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
