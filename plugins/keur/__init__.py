"""Keur builds the public register of a certification body: YAML exports in, a static site out."""

import os

# Pydantic looks through everything that is installed for plugins, at each start, and Keur has none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
