"""The lesson: each page is one module, which turns live numbers into the values that a view draws."""
