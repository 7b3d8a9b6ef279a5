"""What two published lists of escapes try, as far as it can be tried here.

`docs/security.md` has the lists, row by row, and says which snippet stands for which row. Written
as those of `snippets`; two more names are there: SERVICE (a socket in a file, of a service of the
machine) and HIDDEN (a folder of lessons that lies inside Python's own packages).
"""

from tests.hostile.snippets import CALL, REFUSED, Snippet, tries

UNCHANGED = "\nprint('ESCAPED' if open(path, 'rb').read(16) != before else 'unchanged')"
A_FILE = "import os\npath = os.path.realpath(os.__file__)\nbefore = open(path, 'rb').read(16)\n"

ESCAPES = [
    # --- what was left open
    Snippet(
        "the way up from a descriptor",
        "said = ''\nfor n in ['cwd', 'root', *(f'fd/{n}' for n in range(64))]:\n"
        "    for up in ('', '/..', '/../../..', '/..' * 9):\n"
        "        try: open(f'/proc/self/{n}{up}{SECRET}'); print('ESCAPED', n)\n"
        "        except OSError as error: said = error\nprint(said)",
        rf"Not a directory|{REFUSED}",
    ),
    Snippet(
        "the program that started it",
        tries(
            "open('/proc/self/exe', 'r+b')",
            "open('/proc/1/exe', 'r+b')",
            "open(sys.executable, 'r+b')",
        ),
        rf"Text file busy|{REFUSED}",
    ),
    Snippet(
        "places that can be written",
        "own = '/home/learner', '/scratch', '/dev/shm'\n"
        "for line in open('/proc/self/mountinfo'):\n"
        "    head, _, tail = line.partition(' - ')\n"
        "    place, options, kind = head.split()[4], head.split()[5].split(','), tail.split()[0]\n"
        "    mine = kind == 'proc' or (kind == 'tmpfs' and place in own)\n"
        "    if 'rw' in options and not mine and not place.startswith('/dev/'):\n"
        "        print('ESCAPED', place, kind)\nprint('looked')",
        rf"looked|{REFUSED}",
    ),
    Snippet(
        "lessons among Python's packages",
        tries("assert os.listdir(HIDDEN)", "open(HIDDEN + '/__init__.py')"),
        r"AssertionError(?s:.*)No such file",
    ),
    # --- services and their keys
    Snippet(
        "sockets of services",
        tries(
            "s = socket.socket(socket.AF_UNIX); s.connect(SERVICE)",
            "s = socket.socket(socket.AF_UNIX); s.connect('/var/run/docker.sock')",
            "s = socket.socket(socket.AF_UNIX); s.connect('/run/containerd/containerd.sock')",
            "s = socket.socket(socket.AF_UNIX); s.connect('/run/dbus/system_bus_socket')",
        ),
        REFUSED,
    ),
    Snippet(
        "keys of a cluster",
        tries(
            "open('/var/run/secrets/kubernetes.io/serviceaccount/token')",
            "open(os.path.expanduser('~/.kube/config'))",
            "os.environ['KUBERNETES_SERVICE_HOST']",
        ),
        REFUSED,
    ),
    Snippet(
        "other kinds of sockets",
        tries(
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))",
            "socket.socket(socket.AF_INET6)",
            "socket.socket(socket.AF_VSOCK)",
            "socket.socket(38)  # the kernel's cryptography",
        ),
        REFUSED,
    ),
    Snippet(
        "programs of the network",
        "import subprocess\nshell = f'exec 3<>/dev/tcp/127.0.0.1/{PORT} && echo got it'\n"
        "for words in (['bash', '-c', shell], ['curl', '-m2', f'telnet://127.0.0.1:{PORT}']):\n"
        "    try: done = subprocess.run(words, capture_output=True, text=True, timeout=3)\n"
        "    except OSError as error: print(error); continue\n"
        "    print('ESCAPED' if 'got it' in done.stdout or done.returncode == 28 else done.stderr)",
        REFUSED,
    ),
    # --- the kernel
    Snippet(
        "settings of the kernel",
        tries(
            "open('/proc/sys/kernel/core_pattern', 'w')",
            "open('/proc/sys/kernel/modprobe', 'w')",
            "open('/proc/sysrq-trigger', 'w')",
            "open('/sys/kernel/uevent_helper', 'w')",
            "os.write(os.open('/proc/self/oom_score_adj', os.O_WRONLY), b'-1000')",
        ),
        REFUSED,
    ),
    Snippet(
        "modules of the kernel",
        CALL + "call('syscall', 175, b'x', 1, b'')\ncall('syscall', 313, 0, b'', 0)\n"
        "call('syscall', 176, b'x', 0)",
        REFUSED,
    ),
    Snippet(
        "control groups",
        CALL + "call('mount', b'cgroup', b'/scratch', b'cgroup', 0, b'memory')\n"
        "call('mount', b'none', b'/scratch', b'cgroup2', 0, 0)\n"
        + tries(
            "open('/sys/fs/cgroup/release_agent', 'w')", "open('/sys/fs/cgroup/cgroup.procs', 'w')"
        ),
        REFUSED,
    ),
    Snippet(
        "write into a file that is only mapped",
        A_FILE + "import mmap\nwith open(path, 'rb') as f:\n"
        "    m = mmap.mmap(f.fileno(), 4096, mmap.MAP_PRIVATE, mmap.PROT_READ)\n"
        "at = [int(l.split('-')[0], 16) for l in open('/proc/self/maps') if l.rstrip().endswith(path)]\n"
        "try:\n    with open('/proc/self/mem', 'r+b', 0) as memory:\n"
        "        memory.seek(at[-1]); memory.write(b'escaped!')\n"
        "except OSError as error: print(error)" + UNCHANGED,
        "unchanged",
    ),
    Snippet(
        "write into a file through a pipe",
        A_FILE + "read, write = os.pipe()\nfor _ in range(16): os.write(write, bytes(4096))\n"
        "for _ in range(16): os.read(read, 4096)\n"
        "os.splice(os.open(path, os.O_RDONLY), write, 1, offset_src=0)\n"
        "os.write(write, b'escaped!')" + UNCHANGED,
        "unchanged",
    ),
    Snippet(
        "machine code of one's own",
        "import ctypes, mmap, os\ncode = {\n"
        "    'x86_64': 'b810010000bf000000100f05c3', 'aarch64': '280c80d20000a252010000d4c0035fd6',\n"
        "}[os.uname().machine]  # unshare(CLONE_NEWUSER)\n"
        "m = mmap.mmap(-1, 4096, prot=7)\nm.write(bytes.fromhex(code))\n"
        "at = ctypes.addressof(ctypes.c_char.from_buffer(m))\ngot = ctypes.CFUNCTYPE(ctypes.c_int)(at)()\n"
        "print('ESCAPED' if got >= 0 else os.strerror(-got))",
        "not permitted",
    ),
    Snippet(
        "calls of another kind",
        CALL + "print('now', flush=True)\ncall('syscall', 0x40000027)  # x32, on x86_64",
        "now",
    ),
    Snippet(
        "type into the terminal",
        tries(
            "os.open('/dev/tty', os.O_RDWR)",
            "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
            "import fcntl; fcntl.ioctl(1, 0x5412, b'x')",
        ),
        rf"Inappropriate ioctl|not supported|{REFUSED}",
    ),
    # --- others
    Snippet(
        "processes of others",
        "import os\nseen = {one for one in os.listdir('/proc') if one.isdigit()}\n"
        "print('ESCAPED' if seen - {str(os.getpid())} else 'alone', seen)",
        rf"alone|{REFUSED}",
    ),
    Snippet(
        "the folder of another learner",
        tries(
            "os.listdir(f'/proc/{BUSY}/root/home/learner')",
            "os.listdir(f'/proc/{BUSY}/cwd')",
            "os.listdir(f'/proc/{BUSY}/map_files')",
        ),
        REFUSED,
    ),
    Snippet(
        "a program that says it is root's",
        "import os, shutil, subprocess\nshutil.copy(shutil.which('id'), 'id')\nos.chmod('id', 0o6755)\n"
        "said = subprocess.run(['./id', '-u'], capture_output=True, text=True).stdout.strip()\n"
        "print('ESCAPED' if said == '0' else f'still {said}')",
        r"still \d+",
    ),
]
