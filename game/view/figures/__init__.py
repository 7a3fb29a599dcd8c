"""Figures drawn with matplotlib, and the tables beside them."""
