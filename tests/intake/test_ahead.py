from collections.abc import Iterator
from contextlib import closing
from threading import Event

import pytest

from geo_target.intake.ahead import ahead


def test_the_next_is_made_while_one_is_used() -> None:
    is_made = Event()

    def things() -> Iterator[int]:
        yield 1
        is_made.set()
        yield 2

    made = ahead(things())
    assert next(made) == 1
    assert is_made.wait(30)
    assert list(made) == [2]


def test_what_making_raises_is_raised_when_it_is_asked_for() -> None:
    def things() -> Iterator[int]:
        yield 1
        raise ValueError("two")

    made = ahead(things())
    assert next(made) == 1
    with pytest.raises(ValueError, match="two"):
        next(made)


def test_closed_early_it_waits_until_nothing_is_made_any_more() -> None:
    begun, may_end, ended = Event(), Event(), Event()

    def things() -> Iterator[int]:
        yield 1
        begun.set()
        may_end.wait(30)
        ended.set()
        yield 2

    with closing(ahead(things())) as made:
        assert next(made) == 1
        assert begun.wait(30)
        may_end.set()
    assert ended.is_set()
