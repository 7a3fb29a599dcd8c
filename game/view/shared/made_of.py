"""What a drawing was made of, so that it is made anew only when something of it has changed."""

from __future__ import annotations

import numpy as np


class MadeOf:
    """Remembers the parts of the last drawing: the objects themselves, never their ``id()``.

    An object that is gone may leave its ``id()`` to the next one; one that is held cannot.
    """

    def __init__(self) -> None:
        self._parts: tuple[object, ...] | None = None

    def forget(self) -> None:
        """Have the next parts count as changed."""
        self._parts = None

    def changed(self, *parts: object) -> bool:
        """Return whether a part differs from the one of the last call, and remember these."""
        before, self._parts = self._parts, parts
        if before is None or len(before) != len(parts):
            return True
        return not all(_same(old, new) for old, new in zip(before, parts, strict=True))


def _same(old: object, new: object) -> bool:
    """Return whether two parts are one object, or equal values; an array is only itself."""
    return old is new or (not (isinstance(old, np.ndarray) or isinstance(new, np.ndarray)) and old == new)
