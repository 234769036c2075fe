"""Memory of a process: now, at its peak, and that of a fresh one."""

import subprocess
import sys
from pathlib import Path

import pytest
from memory import cost_of, megabytes, peak_of, print_peak

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="reads /proc, Linux has it"
)

# Takes as many MB as it is told, and gives them back before the end.
SCRIPT = """
import sys
sys.path.insert(0, {benchmarks!r})
from memory import print_peak
print("a line of a library")
print_peak(lambda: len(bytearray(b"x" * int(sys.argv[1])) * 2 ** 20))
"""


@pytest.fixture
def script(tmp_path):
    benchmarks = str(Path(__file__).parents[2] / "benchmarks")
    path = tmp_path / "takes.py"
    path.write_text(SCRIPT.format(benchmarks=benchmarks), encoding="utf-8")
    return str(path)


def test_memory_of_this_process_is_below_its_peak():
    now, peak = megabytes("VmRSS"), megabytes("VmHWM")
    assert 0 < now <= peak


def test_peak_is_what_the_work_adds_though_it_gives_it_back(capsys):
    # this process may have had more before: then the peak says that
    had = megabytes("VmHWM") - megabytes("VmRSS")
    print_peak(lambda: None)
    printed = capsys.readouterr().out
    assert printed.startswith('{"peak": ')
    assert float(printed.split()[1].rstrip("}")) >= had - 1


def test_peak_of_a_fresh_process_knows_nothing_of_this_one(script):
    ballast = bytearray(b"x") * (300 * 2**20)
    assert peak_of(script, "40") == pytest.approx(40, abs=15)
    assert len(ballast) == 300 * 2**20
    assert peak_of(script, "120") == pytest.approx(120, abs=15)


def test_a_script_that_fails_is_an_error(script):
    with pytest.raises(subprocess.CalledProcessError, match=sys.executable):
        peak_of(script, "many")


def test_a_command_costs_what_it_takes_itself():
    ballast = bytearray(b"x") * (300 * 2**20)
    program = "import sys, time; x = b'1' * int(sys.argv[1]); time.sleep(0.3)"
    small, large = (
        cost_of(sys.executable, "-S", "-c", program, size)
        for size in ("1", "100000000")
    )
    assert small.megabytes < 100 and len(ballast) == 300 * 2**20
    assert large.megabytes - small.megabytes == pytest.approx(100, abs=15)
    assert 0 < small.processor < 0.3 < small.seconds


def test_a_command_reads_what_it_is_given_and_must_succeed(tmp_path):
    file = tmp_path / "number"
    file.write_text("3", encoding="utf-8")
    program = "raise SystemExit(int(input()))"
    with file.open() as stdin, pytest.raises(SystemExit, match="exit 3"):
        cost_of(sys.executable, "-c", program, stdin=stdin)
