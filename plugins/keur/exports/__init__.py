"""The register for machines: what stands in pages as linked data."""
