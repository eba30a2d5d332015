"""The site: pages to write, incremental and parallel, and the folder they stand in. Nothing is imported here.

``keur build`` looks whether anything has changed before it imports what it takes to build.
"""
