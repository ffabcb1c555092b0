"""Values: immutable objects that are equal when their type and fields are.

What ``dataclass(frozen=True, slots=True)`` would give. That costs about a millisecond of start-up for each class,
and ``import dataclasses`` 2.4 times a bare interpreter's start (docs/explanation/decisions.md).
"""

from typing import Any, ClassVar, NoReturn

_set = object.__setattr__


class Value:
    """A base for immutable classes: they name their fields in ``__slots__`` and ``_put`` them once, in ``__init__``."""

    __slots__: tuple[str, ...] = ()
    fields: ClassVar[tuple[str, ...]] = ()
    """The names of all fields, a base's first."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = cls.__dict__.get("__slots__", ())
        cls.fields = cls.fields + tuple(own)

    def _put(self, *fields: object) -> None:
        """Set the fields, in their order."""
        for name, field in zip(self.fields, fields):  # noqa: B905 - checking the length costs a third of it
            _set(self, name, field)

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.fields])

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.fields)
        return f"{type(self).__name__}({fields})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        msg = f"{type(self).__name__} is immutable: {name!r} cannot be set"
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> NoReturn:
        msg = f"{type(self).__name__} is immutable: {name!r} cannot be deleted"
        raise AttributeError(msg)

    def __getstate__(self) -> tuple[Any, ...]:
        return self._values()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._put(*state)
