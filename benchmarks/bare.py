"""An experiment without its watching: the file with `yield` and `look` deleted.

Every experiment is an ordinary training loop once these two are gone. So the bare loop is made
of the file itself: what is yielded is deleted, and with it every frame, every number that is
fetched for one, and whatever is assigned by means of `look`. A `yield` of nothing stays, which
costs a tenth of a microsecond, so that the loop can be stopped after a slice and go on later.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import torch


class Deleting(ast.NodeTransformer):
    """Deletes what is only there to be seen."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """`yield Frame(...)` yields nothing."""
        if isinstance(node.value, ast.Yield):
            return ast.copy_location(ast.Expr(ast.Yield(None)), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign | None:
        """`views = partial(look, ...)` goes."""
        named = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
        return None if "look" in named else node


def bare(module: ModuleType) -> Any:
    """Its `run`, unwatched: a generator function that yields None after each step."""
    tree = ast.parse(inspect.getsource(module.run))
    made = ast.fix_missing_locations(Deleting().visit(tree))
    namespace = dict(vars(module))
    exec(compile(made, f"{module.__name__} without watching", "exec"), namespace)
    return namespace["run"]


class Bare:
    """The training loop of an experiment; `train` runs it on by so many steps."""

    def __init__(self, name: str, **knobs: Any) -> None:
        module = importlib.import_module(f"fathom.zoo.{name}")
        config = module.Config(**knobs)
        if not hasattr(config, "threads"):
            torch.set_num_threads(1)  # as a run has it
        self.batch: int = config.batch
        self.loop: Iterator[None] = bare(module)(config)
        next(self.loop)  # to before the first update

    def train(self, steps: int) -> None:
        """So many updates."""
        for _ in range(steps):
            next(self.loop)
