"""Nothing honest is forbidden: what a course of deep learning needs works in a learner's kernel."""

import sys

import pytest

from fathom.runtime.kernel import Display, Kernel, Text, collect
from tests.runtime.shelters import Bench

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux"),
]

HONEST = {
    "numpy": (
        "import numpy as np\nx = np.random.default_rng(0).normal(size=(500, 300))\n"
        "int(np.linalg.matrix_rank(x.T @ x))",
        "300",
    ),
    "numpy into a file and back": (
        "import numpy as np\nnp.save('a.npy', np.arange(5))\n"
        "m = np.load('a.npy', mmap_mode='r')\nint(m.sum())",
        "10",
    ),
    "training with torch": (
        "import torch\ntorch.manual_seed(0)\nx = torch.linspace(-1, 1, 100)[:, None]\n"
        "net = torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))\n"
        "optimizer = torch.optim.Adam(net.parameters(), lr=0.02)\n"
        "for step in range(300):\n    loss = ((net(x) - x**2) ** 2).mean()\n"
        "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n"
        "torch.save(net.state_dict(), 'net.pt')\nnet.load_state_dict(torch.load('net.pt'))\n"
        "loss.item() < 0.01",
        "True",
    ),
    "two threads of torch": (
        "import torch\ntorch.set_num_threads(2)\n(torch.ones(600, 600) @ torch.ones(600, 600)).sum().item()",
        "216000000.0",
    ),
    "workers that load data": (
        "import torch\nfrom torch.utils.data import DataLoader, Dataset\n"
        "class Squares(Dataset):\n    def __len__(self): return 64\n"
        "    def __getitem__(self, n): return torch.full((3, 32, 32), float(n)), n * n\n"
        "loader = DataLoader(Squares(), batch_size=16, num_workers=2)\n"
        "sum(int(y.sum()) for x, y in loader)",
        str(sum(n * n for n in range(64))),
    ),
    "a pool of processes": (
        "import multiprocessing\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: said = pool.map(abs, [-2, 4])\nsaid",
        "[2, 4]",
    ),
    "threads and a queue": (
        "import queue, threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool: said = list(pool.map(abs, [-1, -2]))\nsaid",
        "[1, 2]",
    ),
    "files of one's own": (
        "import csv, pathlib, tempfile, zipfile\npathlib.Path('d').mkdir(exist_ok=True)\n"
        "pathlib.Path('d', 'a.txt').write_text('x')\n"
        "with zipfile.ZipFile('d.zip', 'w') as z: z.write('d/a.txt')\n"
        "with tempfile.NamedTemporaryFile() as f: f.write(b'y')\n"
        "sorted(str(p) for p in pathlib.Path('d').iterdir())",
        "['d/a.txt']",
    ),
    "a text from a file of pandas": (
        "import pandas as pd\npd.DataFrame({'a': [1, 2]}).to_csv('t.csv', index=False)\n"
        "int(pd.read_csv('t.csv').a.sum())",
        "3",
    ),
}


@pytest.fixture(scope="module")
def bench():
    bench = Bench("torch")
    yield bench
    bench.close()


@pytest.fixture
def cell(bench):
    kernel = Kernel(bench.shelter)
    yield lambda source: bench.call(collect(kernel.run(source)))
    bench.call(kernel.close())


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_is_done(cell, name):
    source, result = HONEST[name]
    assert cell(source) == [Display(result)]


def test_a_table_is_a_table_and_a_picture_a_picture(cell):
    (table,) = cell("import pandas as pd\npd.DataFrame({'hours': [1, 2], 'mark': [3.5, 4]})")
    assert table.text.startswith("   hours  mark")
    assert "<table" in table.html
    assert table.html.count("<tr") == 3
    said, picture = cell("import matplotlib.pyplot as plt\nprint('drawn')\nplt.plot([1, 2]);")
    assert said == Text("stdout", "drawn\n")
    assert picture.png.startswith(b"\x89PNG")
    assert cell("plt.imshow([[1, 2], [3, 4]])\nplt.title('α → β')\nplt.show()")[0].png
