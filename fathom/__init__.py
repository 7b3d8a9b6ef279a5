"""Fathom: an introduction to deep learning that runs.

One idea carries it: an experiment is a generator of frames, and a page, a terminal
and a recording are places to look at frames. `docs/architecture.md` draws the rest.
"""

__version__ = "0.1.0"
