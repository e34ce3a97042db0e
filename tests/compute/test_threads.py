"""Work shared out over the cores, and matrix products that keep to one thread meanwhile."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from patience import PATIENCE
from threadpoolctl import threadpool_info, threadpool_limits

from embedlab.compute import Threads, move_rows, n_cores, one_blas_thread, sum_groups


@pytest.mark.parametrize("shape", [(0, 4, 3), (3, 4, 2), (700, 96, 901), (1, 384, 40_000)], ids=str)
def test_a_product_is_what_numpy_makes_of_it(shape):
    n, d, m = shape
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((n, d)).astype(np.float32), rng.standard_normal((m, d)).astype(np.float32).T
    with Threads() as threads:
        found = threads.product(a, b)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, a @ b, rtol=1e-5, atol=1e-4)


@pytest.fixture
def set_cores(monkeypatch):
    return lambda n: monkeypatch.setattr("embedlab.compute.threads.n_cores", lambda: n)


@pytest.mark.parametrize("n", [1, 4])
def test_items_come_back_in_their_order(n, set_cores):
    set_cores(n)
    with Threads() as threads:
        assert list(threads.each(lambda number: number**2, range(50))) == [number**2 for number in range(50)]


@pytest.mark.parametrize("n", [1, 4])
def test_what_fails_in_a_thread_is_raised_where_it_was_asked_for(n, set_cores):
    set_cores(n)

    def fail(first, last):
        raise ValueError(f"{first} to {last}")

    with Threads() as threads, pytest.raises(ValueError, match="0 to"):
        threads.run(fail, threads.cut(10))


def test_what_has_not_begun_when_something_fails_is_left_undone(set_cores):
    set_cores(2)
    begun = []

    def work(number):
        begun.append(number)
        if number == 0:
            raise ValueError("the first")

    with pytest.raises(ValueError, match="the first"), Threads() as threads:
        list(threads.each(work, range(10_000)))
    assert len(begun) < 10_000


def test_a_thread_of_ours_starts_none_of_its_own(set_cores):
    """Else 16 draws that are clustered at once would be 256 threads on 16 cores."""
    set_cores(4)

    def work(_):
        with Threads() as inner:
            return {threading.get_ident(), *inner.each(lambda _: threading.get_ident(), range(8))}

    with Threads() as threads:
        assert [len(found) for found in threads.each(work, range(4))] == [1] * 4
    with Threads() as threads:  # whoever asked is none of them, and has them all
        assert threading.get_ident() not in set(threads.each(lambda _: threading.get_ident(), range(8)))


def test_sums_of_groups_by_hand():
    """Four rows, one of them in no group; then one moves to the other group."""
    rows = np.array([[1, 2], [3, 4], [5, 6], [7, 8]], dtype=np.float32)
    labels = np.array([0, 1, -1, 0])
    with Threads() as threads:
        sums = sum_groups(rows, labels, 2, threads)
        assert sums.tolist() == [[8, 10], [3, 4]]
        move_rows(rows, np.array([0]), labels, np.array([1, 1, -1, 0]), sums, threads)
    assert sums.tolist() == [[7, 8], [4, 6]]


# ---------------------------------------------------------------- how many cores


def test_no_more_threads_than_this_process_may_use():
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system does not keep a process to some cores")
    program = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
    program += "from embedlab.compute import n_cores; print(n_cores())"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert ran.stdout.strip() == "1"


@pytest.mark.parametrize(("quota", "expected"), [("max 100000", 64), ("250000 100000", 3), ("50000 100000", 1)])
def test_a_container_may_have_fewer_cores_than_the_machine(quota, expected, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: range(64), raising=False)
    monkeypatch.setattr(Path, "read_text", lambda path, encoding: f"{quota}\n")
    assert n_cores() == expected


# ---------------------------------------------------------------- the threads of OpenBLAS


def of_blas():
    """How many threads each library takes for a product; that of FAISS, which other tests load, computes none of ours.

    It is told a number in each thread anew, as OpenMP is.
    """
    found = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return [library["num_threads"] for library in found if library.get("threading_layer") != "openmp"]


@pytest.fixture
def three_blas_threads():
    """Somebody's own program, whose products take three threads."""
    with threadpool_limits(3, user_api="blas"):
        if set(of_blas()) != {3}:
            pytest.skip("the library that computes products takes no number of threads")
        yield


def test_products_keep_to_one_thread_while_work_is_under_way(three_blas_threads):
    with Threads() as threads:
        assert set(of_blas()) == {1}
        assert [set(found) for found in threads.each(lambda _: of_blas(), range(4))] == [{1}] * 4
    assert set(of_blas()) == {3}


def test_threads_of_products_come_back_after_a_failure(three_blas_threads):
    with pytest.raises(ZeroDivisionError), Threads():
        list(Threads().each(lambda number: 1 // number, [0, 1]))
    assert set(of_blas()) == {3}


@pytest.mark.parametrize("first_out", [0, 1])
def test_of_two_at_once_the_last_restores(three_blas_threads, first_out):
    """Two jobs overlap, and either may end first."""
    inside, may_end = threading.Barrier(3), [threading.Event(), threading.Event()]

    def job(number):
        with one_blas_thread:
            inside.wait()
            may_end[number].wait()

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(job, number) for number in (0, 1)]
        inside.wait()
        may_end[first_out].set()
        jobs[first_out].result()
        between = set(of_blas())
        may_end[1 - first_out].set()
    assert between == {1}
    assert set(of_blas()) == {3}


def test_whoever_limits_products_herself_meanwhile_is_heard(three_blas_threads):
    """After ours, her own limit holds and ends as ever, though another thread had set ours."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(one_blas_thread(of_blas)).result()
        with threadpool_limits(2, user_api="blas"):
            assert set(of_blas()) == {2}
            assert set(pool.submit(one_blas_thread(of_blas)).result()) == {1}
            assert set(of_blas()) == {2}
    assert set(of_blas()) == {3}


def test_a_library_that_is_loaded_meanwhile_is_kept_to_one_thread_too():
    """scipy has an OpenBLAS of its own; what enters after it was loaded finds it, the last out restores both."""
    program = (
        "from embedlab.compute import one_blas_thread; from threadpoolctl import threadpool_info\n"
        "def n(): return sorted(each['num_threads'] for each in threadpool_info() if each['user_api'] == 'blas')\n"
        "with one_blas_thread:\n"
        "    import scipy.linalg\n"
        "    with one_blas_thread: print(n())\n"
        "print(n())"
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2"}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert ran.stdout.splitlines() == ["[1, 1]", "[2, 2]"]
