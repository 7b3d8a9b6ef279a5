"""seccomp: which system calls this process and its children may make, in classic BPF.

A list of what is refused, because PyTorch and its kin use a great many calls, and new ones with
every version; the other layers do not rest on it. Refused calls fail with "Operation not
permitted", so that a library finds another way and a learner's program gets an exception.
"""

import ctypes
import errno
import functools
import struct

from fathom.runtime.sandbox import linux

# name: number on x86_64, on aarch64 (None: the call does not exist there)
REFUSED: dict[str, tuple[int, int | None]] = {
    # other roots, mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "mount_setattr": (442, 442),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # memory that no limit counts
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    # the kernel, and what has often been its weak side
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "vmsplice": (278, 75),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "fanotify_init": (300, 262),
    "lookup_dcookie": (212, 18),
    "personality": (135, 92),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "syslog": (103, 116),
    # the machine
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
}
COLUMN = {"x86_64": 0, "aarch64": 1}
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE, CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
SOCKET, AF_UNIX = {"x86_64": 41, "aarch64": 198}, 1
NEW_NAMESPACES = 0x7E020000  # the flags of clone that make namespaces
OTHER_ABI = 0x40000000  # the x32 calls of x86_64

LOAD, EQUAL, ANY_BIT, AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCH, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
SET_MODE_FILTER = 1


@functools.cache
def program(machine: str) -> bytes:
    """The filter, as an array of struct sock_filter; KeyError for a machine it does not know."""
    steps: list[tuple[int, int, int, int]] = []

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> None:
        steps.append((code, yes, no, value))

    step(LOAD, ARCH)
    step(EQUAL, ARCHITECTURE[machine], yes=1)
    step(RETURN, KILL)
    step(LOAD, NUMBER)
    if machine == "x86_64":
        step(AT_LEAST, OTHER_ABI, no=1)
        step(RETURN, KILL)
    step(EQUAL, CLONE3, no=1)  # its flags lie in memory, where no filter sees them
    step(RETURN, ERRNO | errno.ENOSYS)  # the C library then uses clone
    step(EQUAL, CLONE[machine], no=4)
    step(LOAD, FIRST_ARGUMENT)
    step(ANY_BIT, NEW_NAMESPACES, no=1)
    step(RETURN, ERRNO | errno.EPERM)
    step(RETURN, ALLOW)
    step(EQUAL, SOCKET[machine], no=4)
    step(LOAD, FIRST_ARGUMENT)
    step(EQUAL, AF_UNIX, yes=1)
    step(RETURN, ERRNO | errno.EACCES)
    step(RETURN, ALLOW)
    for numbers in REFUSED.values():
        number = numbers[COLUMN[machine]]
        if number is not None:
            step(EQUAL, number, no=1)
            step(RETURN, ERRNO | errno.EPERM)
    step(RETURN, ALLOW)
    return b"".join(struct.pack("HBBI", *one) for one in steps)


def restrict() -> None:
    """From now on the filter holds. Needs no_new_privs. OSError where it cannot be had."""
    machine = linux.machine()
    if machine not in ARCHITECTURE:
        raise OSError(f"no list of system calls for the processor {machine}")
    code = program(machine)
    held = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(held))
    zero = ctypes.c_uint32(0)
    linux.syscall(
        *(linux.SECCOMP[machine], ctypes.c_uint32(SET_MODE_FILTER), zero, head), call="seccomp"
    )
