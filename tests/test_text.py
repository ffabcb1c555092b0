"""Messages: every one can be said in Chinese, with the same values."""

import ast
import string
from pathlib import Path

import pytest

import coopledger
from coopledger.chinese import CHINESE
from coopledger.core.calendar import BASES
from coopledger.core.plan import BOUNDS
from coopledger.core.rounding import MODES
from coopledger.text import Message

SOURCE = Path(coopledger.__file__).parent
SAID_AS_THEY_ARE = {*BASES, *BOUNDS, *MODES}  # named values that become messages


def templates_in_the_source() -> set[str]:
    """Every literal first argument of ``Message(…)``, both sides where it is chosen."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Message"
                and node.args
            ):
                first = node.args[0]
                for one in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        found.add(one.value)
    return found


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_message_of_the_source_has_its_chinese_and_no_chinese_is_left_over() -> None:
    assert templates_in_the_source() | SAID_AS_THEY_ARE == set(CHINESE)


@pytest.mark.parametrize("english", sorted(CHINESE))
def test_the_chinese_has_the_same_values_as_the_english(english: str) -> None:
    assert fields(CHINESE[english]) == fields(english)


def test_a_template_without_chinese_is_said_in_english() -> None:
    assert Message("nobody has translated {this}", this=1).say("zh") == "nobody has translated 1"


def test_messages_within_messages_are_said_in_the_same_language() -> None:
    inner = Message("{seen}: more than 0 is expected", seen=0)
    assert Message("assumption: {assumption}", assumption=[inner, inner]).say("zh") == "假设：0：应大于 0、0：应大于 0"
