"""Making a finished site public."""
