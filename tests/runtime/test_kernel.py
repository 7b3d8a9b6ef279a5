"""A kernel keeps variables between cells, whatever the cells do."""

import asyncio
import sys
import time

import pytest

from fathom.runtime.kernel import Display, Kernel, Notice, Problem, Text, collect
from fathom.runtime.sandbox import Limits
from tests.runtime.shelters import Bench

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
LIMITS = Limits(memory=256 << 20, cpu=20.0, wall=20.0, output=1 << 18)


@pytest.fixture(scope="module")
def bench():
    bench = Bench()
    yield bench
    bench.close()


@pytest.fixture
def kernel(bench):
    kernel = Kernel(bench.shelter, LIMITS)
    kernel.cell = lambda source: bench.call(collect(kernel.run(source)))
    yield kernel
    bench.call(kernel.close())


def test_variables_stay_and_the_last_value_is_shown(kernel):
    assert kernel.cell("x = 20\ndef double(n): return 2 * n") == []
    assert kernel.cell("double(x) + 2") == [Display("42")]
    assert kernel.cell("double(x);") == []


def test_text_comes_in_order_between_displays(kernel):
    found = kernel.cell("print('a')\ndisplay(1)\nprint('b')\nimport os; os.system('echo c');\n2")
    assert [one.text for one in found] == ["a\n", "1", "b\nc\n", "2"]


def test_text_comes_while_the_cell_runs(bench, kernel):
    async def first():
        began = time.monotonic()
        async for one in kernel.run("import time\nprint('now')\ntime.sleep(1.5)"):
            return one, time.monotonic() - began

    kernel.cell("1")
    one, seconds = bench.call(first())
    assert one in (Text("stdout", "now"), Text("stdout", "now\n"))  # `print` writes both by itself
    assert seconds < 1.5


def test_an_error_shows_the_learners_lines_and_ends_nothing(kernel):
    kernel.cell("x = 1\ndef f(): return y")
    (problem,) = kernel.cell("f()")
    assert isinstance(problem, Problem)
    assert [place.file for place in problem.trouble.places] == ["cell 2", "cell 1"]
    assert "nothing has this name" in problem.trouble.meaning.lower()
    assert kernel.cell("x") == [Display("1")]


def test_an_interrupt_ends_the_cell_and_keeps_the_variables(bench, kernel):
    kernel.cell("x = 5")

    async def interrupted():
        found = []
        async for one in kernel.run("print('go')\nwhile True: pass"):
            found.append(one)
            kernel.interrupt()
        return found

    assert bench.call(interrupted())[-1].trouble.kind == "KeyboardInterrupt"
    assert kernel.cell("x") == [Display("5")]


def test_a_restart_forgets(bench, kernel):
    kernel.cell("x = 5")
    bench.call(kernel.restart())
    assert kernel.cell("x")[0].trouble.kind == "NameError"


def test_a_child_that_dies_is_told_and_the_next_cell_runs(kernel):
    kernel.cell("x = 5")
    (notice,) = kernel.cell("import os; os._exit(3)")
    assert "exit code 3" in notice.text
    assert kernel.state == "dead"
    fresh, shown = kernel.cell("1 + 1")
    assert isinstance(fresh, Notice)
    assert shown == Display("2")


def test_output_without_end_is_ended_with_a_sentence(kernel):
    *texts, notice = kernel.cell("while True: print('x' * 999)")
    assert "printed more than" in notice.text
    assert sum(len(text.text) for text in texts) <= LIMITS.output


def test_exit_ends_nothing(kernel):
    kernel.cell("x = 5")
    assert "goes on" in kernel.cell("exit()")[0].trouble.meaning
    assert kernel.cell("x") == [Display("5")]


def test_an_idle_kernel_is_put_away_with_a_notice(bench):
    heard = []

    async def wait():
        kernel = Kernel(bench.shelter, LIMITS, idle=0.2, notify=heard.append)
        await collect(kernel.run("x = 1"))
        await asyncio.sleep(0.6)
        state = kernel.state
        found = await collect(kernel.run("2"))
        await kernel.close()
        return state, found

    state, found = bench.call(wait())
    assert state == "put away"
    assert "put away" in heard[0].text
    assert isinstance(found[0], Notice)
    assert found[1] == Display("2")


def test_tables_and_pictures_are_shown(kernel):
    table = (
        "class T:\n    def _repr_html_(self): return '<table></table>'\n"
        "    def __repr__(self): return 'T'\nT()"
    )
    assert kernel.cell(table) == [Display("T", "<table></table>")]


@pytest.mark.slow
def test_matplotlib_draws_into_the_page(kernel):
    pytest.importorskip("matplotlib")
    kernel.cell("import matplotlib.pyplot as plt")  # where it is new, it speaks of its fonts
    (shown,) = kernel.cell("plt.plot([1, 2]);")
    assert shown.png.startswith(b"\x89PNG")


def test_forged_messages_disturb_only_the_own_kernel(bench, kernel):
    kernel.cell("import os; os.write(3, b'\\xff' * 64)")
    other = Kernel(bench.shelter, LIMITS)
    assert bench.call(collect(other.run("7"))) == [Display("7")]
    bench.call(other.close())
