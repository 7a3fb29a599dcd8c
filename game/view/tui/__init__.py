"""The terminal's app: the same screens as the window, in characters (Textual)."""
