"""Changing the text of a level file: comments, order and everything else that is not changed stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """Return a level file's text with other values of its first keys, such as ``slip``, ``step_reward``, ``discount``.

    A key that is not there yet stands before the first table.  ``text`` must be a level that was read.
    """
    import tomlkit  # takes a while, and is only needed where a level is changed

    document = tomlkit.parse(text)
    for key, value in values.items():
        document[key] = value
    return tomlkit.dumps(document)
