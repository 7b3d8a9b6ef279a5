"""Landlock: which files this process and its children may open, whatever its rights are.

It needs no privilege and no namespace, so it holds where those are not to be had.
Source: the kernel's Documentation/userspace-api/landlock.rst
"""

import ctypes
import os
import struct
from collections.abc import Iterable

from fathom.runtime.sandbox import linux

VERSION_FLAG, RULE_PATH = 1, 1
EXECUTE, WRITE, READ, LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, DEVICE_IOCTL = 1 << 14, 1 << 15
FILE = EXECUTE | WRITE | READ | TRUNCATE | DEVICE_IOCTL  # what can be said of a file, no folder
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # version: how many bits; 16 from then on
TCP, SCOPES = 3, 3  # bind and connect; abstract sockets and signals


def version() -> int:
    """The version of Landlock that the kernel has; 0 when it has none."""
    try:
        flag = ctypes.c_uint32(VERSION_FLAG)
        return linux.syscall(
            *(linux.CREATE_RULESET, None, ctypes.c_size_t(0), flag), call="landlock"
        )
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str], listed: Iterable[str] = ()) -> None:
    """From now on only these paths: to read and run, to write, and to list, with all below them.

    Needs no_new_privs.
    """
    abi = version()
    if not abi:
        raise OSError("this kernel has no Landlock")
    every = (1 << RIGHTS.get(abi, 16)) - 1
    words = [every, *([TCP] if abi >= 4 else []), *([SCOPES] if abi >= 6 else [])]
    attributes = struct.pack(f"{len(words)}Q", *words)
    rules = linux.syscall(
        *(linux.CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0)),
        call="landlock_create_ruleset",
    )
    try:
        kinds = ((readable, EXECUTE | READ | LIST), (writable, every), (listed, LIST))
        for paths, rights in kinds:
            for path in paths:
                if os.path.exists(path):  # noqa: PTH110  (hot: it runs for every child)
                    _allow(rules, path, rights & every)
        linux.syscall(linux.RESTRICT_SELF, rules, ctypes.c_uint32(0), call="landlock_restrict_self")
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    """Add one path and everything below it."""
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):  # noqa: PTH112
            rights &= FILE
        rule = struct.pack("=Qi", rights, descriptor)
        zero = ctypes.c_uint32(0)
        linux.syscall(
            *(linux.ADD_RULE, rules, RULE_PATH, rule, zero), call=f"landlock_add_rule {path}"
        )
    finally:
        os.close(descriptor)
