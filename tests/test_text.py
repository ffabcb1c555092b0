"""Messages: put into words late, in the reader's language."""

from coopledger.text import Message


def test_a_template_without_chinese_is_said_in_english() -> None:
    assert Message("nobody has translated {this}", this=1).say("zh") == "nobody has translated 1"


def test_messages_within_messages_are_said_in_the_same_language() -> None:
    inner = Message("{seen}: more than 0 is expected", seen=0)
    assert Message("assumption: {assumption}", assumption=[inner, inner]).say("zh") == "假设：0：应大于 0、0：应大于 0"
