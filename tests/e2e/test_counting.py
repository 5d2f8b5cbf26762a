"""The calls of a process with several threads are counted by each thread for itself."""

from __future__ import annotations

import threading

from sandbox import host

host.activate()

from picortex_xero.engine import limits  # noqa: E402


def test_threads_that_count_at_once_do_not_meet() -> None:
    both, failed = threading.Barrier(2), []

    def work(last: bool) -> None:
        try:
            with limits.counting() as made:
                both.wait(60)
                assert limits._counting.get() == (made,) and limits._counting.get()[0] is made
                if last:
                    both.wait(60)
            if not last:
                both.wait(60)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(last,)) for last in (False, True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(90)
    assert not failed


def test_inner_counts_are_part_of_outer_ones() -> None:
    with limits.counting() as outer:
        with limits.counting() as inner:
            assert [each is one for each, one in zip(limits._counting.get(), (outer, inner))] == [True, True]
        assert limits._counting.get() == (outer,)
