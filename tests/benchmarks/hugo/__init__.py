"""Keur against Hugo: the same pages, from the same YAML, by both generators."""
