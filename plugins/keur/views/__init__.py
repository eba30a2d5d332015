"""Typed contexts of every page: what a template prints, made from the register. No file, no clock, no setting."""
