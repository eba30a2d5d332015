"""Keur builds the public register of a certification body: YAML exports in, a static site out."""
