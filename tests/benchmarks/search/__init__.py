"""The search against Pagefind: the same pages, the same questions, one run. ``python -m tests.benchmarks.search``."""
