"""Sites that the tests of this folder read."""

from tests.sites import golden_site, sample_site

__all__ = ["golden_site", "sample_site"]
