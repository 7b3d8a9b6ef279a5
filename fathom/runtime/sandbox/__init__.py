"""What a learner's code may use: time, memory, files, processes; no network, nobody else's things.

Layers, each applied in a child after the fork (docs/sandbox.md says what each of them holds):
`namespaces` and a root of its own, `landlock`, `seccomp`, no capabilities, `limits` that the
kernel keeps, and `watch`, with which the parent looks at what the kernel does not count.
`guard` puts them together and knows which of them this machine has.
Nothing here imports torch, and all of it is done with ctypes: no compiler, no privileged helper.
"""

from fathom.runtime.sandbox.guard import Guard, Layer, available
from fathom.runtime.sandbox.limits import Limits

__all__ = ["Guard", "Layer", "Limits", "available"]
