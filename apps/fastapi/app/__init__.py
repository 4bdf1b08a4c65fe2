"""Inventory: what a lab has, how many of it and where it lies."""
