"""A child process that trains in slices, when it is told to.

    python -m benchmarks.child '{"kind": "bare", "name": "mlp", "seed": 0}'

One JSON object a line, on standard input and output:
{"steps": 100} or {"seconds": 0.5} is answered with {"steps", "samples", "wall", "cpu", "ended"},
{"test": true} with {"accuracy"}. It ends when its input does.
"""

import gc
import json
import sys
import time
from typing import Any

from benchmarks import bare, recipes

KINDS = {"bare": bare.Bare, "experiment": recipes.Experiment}


def make(order: dict[str, Any]) -> Any:
    """What is to be trained."""
    rest = dict(order)
    kind = rest.pop("kind")
    if kind == "recipe":
        return recipes.Trainer(recipes.Recipe(**rest))
    return KINDS[kind](**rest)


def train(trainer: Any, order: dict[str, Any]) -> dict[str, Any]:
    """One slice: so many steps, or as many as fit into so many seconds."""
    steps = 0
    cpu, began = time.process_time(), time.perf_counter()
    if "steps" in order:
        steps = order["steps"]
        trainer.train(steps)
    else:
        end = began + order["seconds"]
        while time.perf_counter() < end and not getattr(trainer, "ended", False):
            trainer.train(1)
            steps += 1
    return {
        "steps": steps,
        "samples": steps * trainer.batch,
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "ended": bool(getattr(trainer, "ended", False)),
    }


def main() -> None:
    """Until nobody asks any more."""
    trainer = make(json.loads(sys.argv[1]))
    gc.collect()
    gc.freeze()  # as the process that children of Fathom are forked from does
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = {"accuracy": trainer.test()} if "test" in order else train(trainer, order)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
