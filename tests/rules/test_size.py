import ast
import statistics

from tests.rules.source import modules

LONGEST_FUNCTION = 50
LONGEST_FILE = 350
MOST_ARGUMENTS = 6


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{module.name}:{function.lineno} {function.name}: {length}"
        for module in modules()
        for function in module.functions()
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def test_most_functions_are_short():
    lengths = [(f.end_lineno or 0) - f.lineno + 1 for module in modules() for f in module.functions()]
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[-1] <= 25


def test_no_file_is_too_long_to_read_at_once():
    long = [
        f"{module.name}: {lines}" for module in modules() if (lines := module.text.count("\n")) > LONGEST_FILE
    ]
    assert long == []


def test_every_module_says_what_it_is_for():
    assert [module.name for module in modules() if not ast.get_docstring(module.tree)] == []


def test_nothing_is_left_for_later():
    words = ("TODO", "FIXME", "XXX", "HACK", "NotImplementedError")
    left = [
        f"{module.name}:{number}: {line.strip()}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if any(word in line.split() or f"# {word}" in line or f"raise {word}" in line for word in words)
    ]
    assert left == []
