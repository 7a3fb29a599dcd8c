"""Drawing with pygame: boards, arrows, curves, equations, text."""
