"""Work shared out over the cores."""

import subprocess
import sys

import numpy as np
import pytest

from embedlab.compute import Threads


@pytest.mark.parametrize("shape", [(0, 4, 3), (3, 4, 2), (700, 96, 901), (1, 384, 40_000)], ids=str)
def test_a_product_is_what_numpy_makes_of_it(shape):
    n, d, m = shape
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((n, d)).astype(np.float32), rng.standard_normal((m, d)).astype(np.float32).T
    with Threads() as threads:
        found = threads.product(a, b)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, a @ b, rtol=1e-5, atol=1e-4)


def test_items_come_back_in_their_order():
    with Threads() as threads:
        assert list(threads.each(lambda number: number**2, range(50))) == [number**2 for number in range(50)]


def test_what_fails_in_a_thread_is_raised_where_it_was_asked_for():
    def fail(first, last):
        raise ValueError(f"{first} to {last}")

    with Threads() as threads, pytest.raises(ValueError, match="0 to"):
        threads.run(fail, threads.cut(10))


def test_the_command_line_and_the_app_keep_blas_to_one_thread():
    """Also for the libraries that are loaded later: scipy has an OpenBLAS of its own."""
    program = (
        "from embedlab.cli import main; main(['cache']);"
        "import scipy.linalg; from threadpoolctl import threadpool_info;"
        "print({pool['num_threads'] for pool in threadpool_info() if pool['user_api'] == 'blas'})"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert ran.stdout.splitlines()[-1] == "{1}"
