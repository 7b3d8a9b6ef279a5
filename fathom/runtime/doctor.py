"""What this machine offers, told by a child process as one JSON object.

    python -m fathom.runtime.doctor

It imports torch, by name, and tries what the kernel allows on itself: both are things that
the process of the command line must not do. Each fact is asked for on its own, so that one
that cannot be had does not hide the others: its value is then {"error": sentence}.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fathom.runtime.sandbox import available

CGROUP = "sys/fs/cgroup/memory.max"


def torch_facts() -> dict[str, Any]:
    """The version of torch, how long it took to load, its threads and its GPU."""
    began = time.perf_counter()
    torch = importlib.import_module("torch")
    seconds = time.perf_counter() - began
    cuda = bool(torch.cuda.is_available())
    return {
        "version": str(torch.__version__),
        "seconds": seconds,
        "threads": int(torch.get_num_threads()),
        "gpus": [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
        if cuda
        else [],
        "built_for_gpu": bool(torch.version.cuda or torch.version.hip),
        "bfloat16": _bfloat16(torch),
    }


def _bfloat16(torch: Any) -> str:
    """Whether the processor calculates with bfloat16 itself, or only through float32."""
    inside = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    try:
        a = torch.ones(8, 8, dtype=torch.bfloat16)
        (a @ a).sum().item()
    except RuntimeError as error:
        return f"does not work: {str(error).splitlines()[0]}"
    if inside is None:
        return "works"
    return "in hardware" if inside() else "works, but the processor has no instructions for it"


def memory_facts() -> dict[str, Any]:
    """Bytes of memory that processes here may use."""
    total = 0
    if sys.platform != "win32":
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if not total:
        raise RuntimeError("this system does not say")
    limit = Path("/") / CGROUP
    if limit.exists() and (said := limit.read_text().strip()).isdigit():
        total = min(total, int(said))
    return {"total": total}


def sandbox_facts() -> dict[str, Any]:
    """The layers of the sandbox, each tried in a process of its own."""
    return {"layers": [asdict(layer) for layer in available()]}


FACTS: dict[str, Callable[[], dict[str, Any]]] = {
    "memory": memory_facts,
    "sandbox": sandbox_facts,  # before torch: it forks, and torch may start threads
    "torch": torch_facts,
}


def facts() -> dict[str, dict[str, Any]]:
    """All facts by name."""
    found: dict[str, dict[str, Any]] = {}
    for name, ask in FACTS.items():
        try:
            found[name] = ask()
        except Exception as error:  # a broken torch raises anything
            said = (str(error).strip().splitlines() or [""])[0]
            found[name] = {"error": f"{type(error).__name__}: {said}"}
    return found


if __name__ == "__main__":
    print(json.dumps(facts()))
