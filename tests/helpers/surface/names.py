"""The public names of a module in words: kind, signature, fields and members, without where they lie."""

import dataclasses
import inspect
from functools import cached_property

import embedlab as el

PLAIN = (str, int, float, type(None))
BUILT_IN = (Exception, ImportError)


class Written(str):
    """A text that stands in a signature as it is, without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def describe(name, thing):
    """Return the lines that say what a name stands for."""
    if inspect.isclass(thing):
        return [f"class {name}{_constructor(thing)}", *(f"    {line}" for line in _about_class(thing))]
    return [f"def {name}{signature(thing)}" if callable(thing) else f"{name} = {_value(thing)!r}"]


def signature(function):
    """Return a signature with its annotations as they are written."""
    found = inspect.signature(function)
    parameters = [
        parameter.replace(default=_value(parameter.default), annotation=_written(parameter.annotation))
        for parameter in found.parameters.values()
    ]
    return str(found.replace(parameters=parameters, return_annotation=_written(found.return_annotation)))


def _constructor(cls):
    return signature(cls) if inspect.isfunction(cls.__init__) else "(...)"


def _about_class(cls):
    """Say what a class is based on, how equal ones are told, its fields or attributes, and its members."""
    bases = [base for base in cls.__mro__[1:-1] if base.__module__ == "builtins" or base.__name__ in el.__all__]
    yield f"is: {', '.join(base.__name__ for base in bases) or 'object'}"
    if inspect.isabstract(cls):
        yield f"abstract: {', '.join(sorted(cls.__abstractmethods__))}"
    if dataclasses.is_dataclass(cls):
        ways = cls.__dataclass_params__
        yield f"dataclass: frozen={ways.frozen}, eq={ways.eq}, order={ways.order}"
        yield from (f"field {field.name}: {field.type}{_default(field)}" for field in dataclasses.fields(cls))
    else:
        annotated = {
            name: said for base in reversed(cls.__mro__) for name, said in inspect.get_annotations(base).items()
        }
        yield from (f"attribute {name}: {said}" for name, said in annotated.items() if not name.startswith("_"))
    known = {*getattr(cls, "__dataclass_fields__", ()), *(name for base in BUILT_IN for name in dir(base))}
    for name, member in inspect.getmembers_static(cls):
        if not name.startswith("_") and name not in known:
            yield _member(name, member)


def _member(name, member):
    if isinstance(member, property | cached_property):
        return f"property {name}{signature(_function(member))}"
    if isinstance(member, classmethod | staticmethod) or inspect.isfunction(member):
        kind = "method" if inspect.isfunction(member) else type(member).__name__
        return f"{kind} {name}{signature(_function(member))}"
    return f"{name} = {_value(member)!r}"


def _function(member):
    """Return the function behind a member."""
    return next((found for way in ("fget", "func", "__func__") if (found := getattr(member, way, None))), member)


def _default(field):
    if field.default_factory is not dataclasses.MISSING:
        return " = <made anew>"
    return "" if field.default is dataclasses.MISSING else f" = {_value(field.default)!r}"


def _value(value):
    """Return a plain value as it is, and of anything else the name of its type, which no move changes."""
    if value is inspect.Parameter.empty or isinstance(value, PLAIN):
        return value
    if isinstance(value, tuple) and all(isinstance(part, PLAIN) for part in value):
        return value
    return Written(f"<{type(value).__name__}>")


def _written(annotation):
    return Written(annotation) if isinstance(annotation, str) else annotation
