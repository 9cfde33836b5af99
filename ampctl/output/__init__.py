"""Output: the formats of ``-f``, one module each, and the cells that rows are made of."""
