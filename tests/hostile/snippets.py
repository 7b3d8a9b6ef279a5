"""What people try, or do by mistake: each with a name, the code and what must hold.

Code prints ESCAPED when it got what it should not get. `told` must be found in what the learner
sees: the output, or the sentence for which the code was ended. These names are there for it:
SECRET (a file of the server's), PORT (a database on loopback), ABSTRACT (a socket without a
file), VICTIM and SERVER (processes), BUSY (another learner's process). `escapes` has more.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Snippet:
    name: str
    code: str
    told: str  # a regular expression
    limits: dict[str, Any] = field(default_factory=dict)


# What stands between these and the machine is another thing where an ordinary user started the
# server: user namespaces in the place of user ids, a keeper that is the first of its processes.
# Memory, disk, output and time are kept in the same way for both.
OTHERWISE = {
    "fork bomb", "daemon that outlives it", "memory in many processes", "fill shared memory",
    "the passwords", "a file of the server", "other homes", "environment of the server",
    "write to the system", "write to Python", "fill the disk by files", "link out of the folder",
    "the root of the first process", "inherited descriptors", "device files",
    "a database on loopback", "a socket without a file", "kill everybody", "kill the server",
    "trace another process", "read another's memory", "raise its own priority",
    "raise its own limits", "new namespaces", "namespaces by clone", "mounts",
    "programs that run as root", "another user", "capabilities", "name of the machine",
    "the way up from a descriptor", "places that can be written",
    "lessons among Python's packages", "sockets of services", "settings of the kernel",
    "control groups", "processes of others", "the folder of another learner",
    "a program that says it is root's",
}  # fmt: skip
REFUSED = r"not permitted|[Pp]ermission denied|Read-only|No such (file|process)|Function not impl"
# A process may not open its own memory as a file; but what it can touch it can write to one.
MEMORY = """
import ctypes, os
def memory(piece=1 << 20):
    copy = os.open('memory', os.O_RDWR | os.O_CREAT)
    for line in open('/proc/self/maps').readlines():
        place, rights = line.split()[:2]
        low, high = (int(one, 16) for one in place.split('-'))
        for at in range(low, high, piece) if rights.startswith('rw') else ():
            size = min(piece, high - at)
            try: os.pwrite(copy, (ctypes.c_char * size).from_address(at), 0)
            except OSError: continue
            yield os.pread(copy, size, 0)
    os.unlink('memory')
"""
CALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *words):
    if getattr(libc, name)(*words) >= 0:
        print('ESCAPED', name)
    print(name, os.strerror(ctypes.get_errno()))
"""


def tries(*lines: str) -> str:
    """Each line in turn; what is refused is printed, what works is an escape."""
    parts = ["import os, socket, signal, pathlib, ctypes, subprocess, sys"]
    for line in lines:
        parts.append(f"try:\n    {line}\n    print('ESCAPED', {line!r})")
        parts.append("except BaseException as error:\n    print(type(error).__name__, error)")
    return "\n".join(parts)


SNIPPETS = [
    # --- processes and time
    Snippet("fork bomb", "import os\nwhile True:\n    os.fork()", r"unavailable|more than"),
    Snippet(
        "fork bomb that swallows errors",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        r"stopped after \d+ seconds|more than",
    ),
    Snippet(
        "thread bomb",
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(99,)).start()",
        r"can't start new thread|more than",
        {"wall": 1},
    ),
    Snippet(
        "more processes than there may be",
        "import os, time\nfor n in range(40):\n    try:\n        if os.fork() == 0: time.sleep(9)\n"
        "    except OSError as error: print(error); break\nelse: print('ESCAPED')\ntime.sleep(.3)",
        r"unavailable|more than",
    ),
    Snippet("loop without end", "while True: pass", r"stopped after", {"cpu": 0.5}),
    Snippet(
        "sleep without end", "import time\ntime.sleep(999)", r"stopped after 1 seconds", {"wall": 1}
    ),
    Snippet(
        "loop that catches everything",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        r"stopped after",
    ),
    Snippet(
        "ignores every signal",
        "import signal\nfor n in range(1, 64):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nwhile True: pass",
        r"stopped after",
    ),
    Snippet(
        "daemon that outlives it",
        "import os, signal, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n"
        "    signal.signal(signal.SIGHUP, signal.SIG_IGN)\n    signal.signal(15, signal.SIG_IGN)\n"
        "    os.closerange(0, 99)\n    time.sleep(999)\ntime.sleep(.2)\nprint('left a daemon')",
        "left a daemon",
    ),
    Snippet(
        "work in many processes",
        "import os\nfor _ in range(8):\n    if os.fork() == 0:\n        while True: pass\n"
        "while True: pass",
        r"stopped after",
        {"cpu": 0.5},
    ),
    Snippet("recursion without end", "def f(): return f()\nf()", "RecursionError"),
    Snippet("crash in C", "import ctypes\nprint('now', flush=True)\nctypes.string_at(0)", "now"),
    # --- memory
    Snippet("one huge array", "x = bytearray(10 << 30)", "MemoryError"),
    Snippet(
        "list that grows",
        "x = []\nwhile True: x.append(bytearray(1 << 20))",
        r"MemoryError|MB of",
        {"cpu": 10.0, "wall": 30.0},
    ),
    Snippet(
        "memory in many processes",
        "import os, time\nfor _ in range(12):\n    if os.fork() == 0:\n"
        "        x = bytearray(b'x' * (2 << 20))\n        time.sleep(99)\ntime.sleep(99)",
        "MB of memory",
        {"memory": 16 << 20, "cpu": 10.0, "wall": 30.0},
    ),
    Snippet(
        "shared anonymous memory",
        "import mmap, os, time\nkept = []\nfor _ in range(9):\n    m = mmap.mmap(-1, 3 << 20)\n"
        "    for i in range(0, 3 << 20, 4096): m[i] = 1\n    kept.append(m)\ntime.sleep(99)",
        r"MB of memory|Cannot allocate",
        {"memory": 16 << 20, "cpu": 10.0, "wall": 30.0},
    ),
    Snippet("memfd", tries("os.memfd_create('x')"), REFUSED),
    Snippet(
        "fill shared memory",
        "f = open('/dev/shm/x', 'wb')\nfor _ in range(200): f.write(bytes(1 << 20))\nprint('ESCAPED')",
        "No space|too large",
    ),
    Snippet("System V shared memory", CALL + "call('shmget', 1, 1 << 30, 0o1666)", REFUSED),
    Snippet(
        "locked memory",
        CALL + "b = bytearray(1)\ncall('mlockall', 3)",
        r"allocate|permitted|" + REFUSED,
    ),
    # --- files
    Snippet("the passwords", tries("open('/etc/shadow').read()"), REFUSED),
    Snippet("a file of the server", tries("open(SECRET).read()"), REFUSED),
    Snippet(
        "other homes",
        tries("assert set(os.listdir('/home')) - {'learner'}")
        + "\nimport glob\nfound = glob.glob('/root/*') + glob.glob('/root/.ssh/*')\n"
        "print('ESCAPED', found) if found else print('nothing there')",
        "nothing there",
    ),
    Snippet(
        "environment of the server",
        "import os\nsaid = str(os.environ) + open('/proc/self/environ').read()\n"
        "print('ESCAPED' if 'hush' in said else 'nothing said')",
        rf"nothing said|{REFUSED}",
    ),
    Snippet(
        "memory of this process holds no secret",
        MEMORY + "import re\nfound = [re.findall(rb'hus[h]-hush', data) for data in memory()]\n"
        "print('ESCAPED' if any(found) else f'searched {len(found)}')",
        r"searched [1-9]",
    ),
    Snippet(
        "write to the system",
        tries(
            "open('/usr/x', 'w')",
            "open('/etc/passwd', 'a')",
            "os.remove('/bin/sh')",
            "os.mkdir('/x')",
        ),
        REFUSED,
    ),
    Snippet(
        "write to Python",
        tries(
            "open(os.__file__, 'a')", "open(sys.prefix + '/x', 'w')", "os.chmod(sys.prefix, 0o777)"
        ),
        REFUSED,
    ),
    Snippet(
        "fill the disk by size",
        "n = 0\nfor i in range(99):\n    with open(f'f{i}', 'wb') as f: n += f.write(bytes(1 << 20))\nprint('ESCAPED')",
        "No space",
    ),
    Snippet(
        "fill the disk by files",
        "for i in range(9999): open(f'f{i}', 'w')\nprint('ESCAPED')",
        "No space",
    ),
    Snippet(
        "a file with holes",
        tries("os.truncate(open('x', 'w').name, 1 << 40)"),
        "File too large|No space",
    ),
    Snippet(
        "link out of the folder",
        "import os\nos.symlink(SECRET, 'l')\nos.symlink('/proc/1/root/etc/shadow', 'm')\n"
        + tries("open('l').read()", "open('m').read()"),
        REFUSED,
    ),
    Snippet(
        "dots out of the folder", tries("open('../' * 20 + SECRET.lstrip('/')).read()"), REFUSED
    ),
    Snippet(
        "the root of the first process",
        tries(
            "open('/proc/1/root' + SECRET)",
            "open('/proc/1/cwd/../../etc/shadow')",
            "assert os.listdir('/old')",
        ),
        REFUSED + "|AssertionError",
    ),
    Snippet(
        "inherited descriptors",
        "import os, stat\nfor n in range(3, 1024):\n    try: s = os.fstat(n)\n    except OSError: continue\n"
        "    print('ESCAPED', n, s)\nprint('none')",
        "none",
    ),
    Snippet(
        "device files",
        tries("os.mknod('d', 0o60666, os.makedev(254, 0))", "open('/dev/vda')", "open('/dev/mem')"),
        REFUSED,
    ),
    Snippet(
        "a file by its handle", CALL + "call('open_by_handle_at', -100, b'x' * 64, 0)", REFUSED
    ),
    # --- network
    Snippet(
        "a database on loopback", tries("socket.create_connection(('127.0.0.1', PORT), 1)"), REFUSED
    ),
    Snippet(
        "a socket without a file",
        tries("s = socket.socket(socket.AF_UNIX); s.connect(ABSTRACT)"),
        rf"refused|{REFUSED}",
    ),
    Snippet(
        "names in the network",
        tries("socket.getaddrinfo('example.org', 80)"),
        r"gaierror|resolution",
    ),
    Snippet(
        "raw packets",
        tries(
            "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)",
            "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        ),
        REFUSED,
    ),
    Snippet("a server of one's own", tries("socket.socket().bind(('0.0.0.0', 8540))"), REFUSED),
    # --- other processes
    Snippet(
        "kill everybody",
        "import os, signal\ntry: os.kill(-1, signal.SIGKILL)\nexcept OSError as e: print(e)\nprint('still here')",
        "still here|No such process",
    ),
    Snippet(
        "kill the server",
        tries(
            "os.kill(SERVER, 9)",
            "os.kill(VICTIM, 9)",
            "os.kill(BUSY, 9)",
            "os.kill(os.getppid() or 999999, 9)",
        ),
        REFUSED,
    ),
    Snippet(
        "trace another process",
        CALL + "call('ptrace', 16, VICTIM, 0, 0)\ncall('ptrace', 16, BUSY, 0, 0)",
        REFUSED,
    ),
    Snippet(
        "read another's memory",
        tries("open(f'/proc/{BUSY}/mem', 'rb').read(1)", "open(f'/proc/{VICTIM}/environ').read()"),
        REFUSED,
    ),
    Snippet(
        "raise its own priority",
        tries("os.nice(-10)", "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))"),
        REFUSED,
    ),
    Snippet(
        "raise its own limits",
        tries(
            "import resource; resource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))",
            "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
        ),
        "not allowed|maximum limit|not permitted",
    ),
    # --- privileges
    Snippet(
        "new namespaces",
        CALL + "call('unshare', 0x10000000)\ncall('unshare', 0x20000)\ncall('setns', 0, 0)",
        REFUSED,
    ),
    Snippet(
        "namespaces by clone",
        # clone, and clone3, whose flags no filter sees: a user namespace, and SIGCHLD at its end
        CALL
        + "flags = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17)\n"
        + "call('syscall', 435, flags, 88)\ncall('syscall', 56, 0x10000000 | 17, 0, 0, 0, 0)",
        REFUSED,
    ),
    Snippet(
        "mounts",
        CALL
        + "call('mount', b'x', b'/tmp', b'tmpfs', 0, 0)\ncall('umount2', b'/proc', 2)\ncall('chroot', b'.')",
        REFUSED,
    ),
    Snippet(
        "programs that run as root",
        "import subprocess\nfor p in ('su', 'sudo', 'passwd', 'mount', 'newgrp'):\n    try:\n"
        "        r = subprocess.run([p, '-c', 'id'], capture_output=True, text=True, timeout=3)\n"
        "        print('ESCAPED' if 'uid=0' in r.stdout else p, r.returncode)\n"
        "    except Exception as e: print(p, e)",
        "passwd",
    ),
    Snippet(
        "another user",
        tries("os.setuid(0)", "os.setgid(0)", "os.setgroups([0])"),
        "not permitted|Invalid argument",
    ),
    Snippet(
        "capabilities",
        "s = open('/proc/self/status').read()\ncaps = [l for l in s.splitlines() if l.startswith('Cap')]\n"
        "print('ESCAPED' if any(int(l.split()[1], 16) for l in caps) else 'none', caps)\n"
        "print('no more' if 'NoNewPrivs:\\t1' in s and 'Seccomp:\\t2' in s else 'ESCAPED')",
        rf"no more|{REFUSED}",
    ),
    Snippet(
        "calls into the kernel",
        CALL
        + "call('syscall', 321, 0, 0, 0)\ncall('syscall', 298, 0, 0, 0, 0, 0)\ncall('syscall', 425, 1, 0)\ncall('syscall', 250, 0, 0)",
        REFUSED,
    ),
    Snippet("name of the machine", tries("socket.sethostname('mine')"), REFUSED),
    # --- output
    Snippet("output without end", "while True: print('x' * 1000)", r"printed more than"),
    Snippet("output of a program", "import os\nos.system('yes')", r"printed more than"),
    Snippet(
        "errors without end",
        "import os\nwhile True: os.write(2, b'x' * 9999)",
        r"printed more than",
    ),
    Snippet("waits for input", "input('name? ')", "EOFError"),
]
