"""Discord's markdown, as the page's parser reads it."""

import json
from typing import Any

from tests.browser.tab import Tab

HARD = ("*", "_", "|", "~", "`", "[", "**a", "||a", "[a](", "> ", "- ", "\\", "<", "*a_b~~c||")
MOST_PAIRS = 50
TIMED = """async (source) => {
    const { parse } = await import('/page/lib/markdown.js');
    let alike = 0;
    const pairs = () => {
        for (let one = 0; one < source.length; one += 1)
            for (let other = 0; other < source.length; other += 1)
                alike += source[one] === source[other];
    };
    const shortest = (work) => Math.min(...[1, 2, 3].map(() => {
        const start = performance.now();
        work();
        return performance.now() - start;
    }));
    return shortest(() => parse(source)) / shortest(pairs);
}"""
PARSE = "async (source) => (await import('/page/lib/markdown.js')).parse(source)"


def short(node: dict[str, Any]) -> Any:
    """A node as a string (text) or as [type, children...]."""
    kind = node["type"]
    if kind == "text" and "text" in node:
        return node["text"]
    inner = node.get("children", node.get("blocks"))
    if inner is not None:
        return [node.get("url", kind) if kind == "link" else kind, *map(short, inner)]
    if kind == "list":
        items = [
            [*map(short, item["children"]), *([short(item["list"])] if item["list"] else [])]
            for item in node["items"]
        ]
        return ["ol" if node["ordered"] else "ul", *items]
    return [kind, *(value for key, value in node.items() if key not in ("type", "language"))]


CASES: dict[str, list[Any]] = {
    "plain": [["paragraph", "plain"]],
    "**b** *i* _i_ __u__ ~~s~~": [
        [
            "paragraph",
            ["bold", "b"],
            " ",
            ["italic", "i"],
            " ",
            ["italic", "i"],
            " ",
            ["underline", "u"],
            " ",
            ["strike", "s"],
        ]
    ],
    "***both***": [["paragraph", ["bold", ["italic", "both"]]]],
    "**a *b***": [["paragraph", ["bold", "a ", ["italic", "b"]]]],
    "*a **b** c*": [["paragraph", ["italic", "a ", ["bold", "b"], " c"]]],
    "snake_case_name and 2 * 3 * 4": [["paragraph", "snake_case_name and 2 * 3 * 4"]],
    r"\*not\* \|\|hidden\|\| \# \[x\](y)": [["paragraph", "*not* ||hidden|| # [x](y)"]],
    r"a\b": [["paragraph", "a\\b"]],
    "`a ** b` ``c ` d``": [["paragraph", ["code", "a ** b"], " ", ["code", "c ` d"]]],
    "||a **b**||": [["paragraph", ["spoiler", "a ", ["bold", "b"]]]],
    "||two\n\nlines||": [["paragraph", ["spoiler", "two\n\nlines"]]],
    "||": [["paragraph", "||"]],
    "# One\n## Two\n### Three\n#### Four": [
        ["heading", "One"],
        ["heading", "Two"],
        ["heading", "Three"],
        ["paragraph", "#### Four"],
    ],
    "-# small": [["subtext", "small"]],
    "> one\n> **two**\nrest": [["quote", ["paragraph", "one\n", ["bold", "two"]]], ["paragraph", "rest"]],
    ">>> all\nof it": [["quote", ["paragraph", "all\nof it"]]],
    "- a\n  - b\n- c": [["ul", ["a", ["ul", ["b"]]], ["c"]]],
    "1. a\n2. b\n- c": [["ol", ["a"], ["b"]], ["ul", ["c"]]],
    "[t](https://e.com/a_(b)) [t](<https://e.com/>)": [
        ["paragraph", ["https://e.com/a_(b)", "t"], " ", ["https://e.com/", "t"]]
    ],
    "[t](javascript:alert(1)) [t](data:text/html,x)": [
        ["paragraph", "[t](javascript:alert(1)) [t](data:text/html,x)"]
    ],
    "see https://e.com/x. <https://e.com/>": [
        [
            "paragraph",
            "see ",
            ["https://e.com/x", "https://e.com/x"],
            ". ",
            ["https://e.com/", "https://e.com/"],
        ]
    ],
    "<@1> <@!2> <@&3> <#4> </quiz start:5>": [
        [
            "paragraph",
            ["user", "1"],
            " ",
            ["user", "2"],
            " ",
            ["role", "3"],
            " ",
            ["channel", "4"],
            " ",
            ["command", "quiz start", "5"],
        ]
    ],
    "<t:1700000000:R> <t:5>": [["paragraph", ["time", 1700000000, "R"], " ", ["time", 5, "f"]]],
    "<:name:12345> @everyone": [["paragraph", ["emoji", "name"], " ", ["everyone", "@everyone"]]],
    "<b>x</b>": [["paragraph", "<b>x</b>"]],
    "a ```py\nx = '**'\n``` b": [["paragraph", "a"], ["fence", "x = '**'"], ["paragraph", " b"]],
}


async def test_each_form(tab: Tab) -> None:
    for source, expected in CASES.items():
        blocks = await tab.page.evaluate(PARSE, source)
        assert [short(block) for block in blocks] == expected, source


async def test_hard_texts_take_no_longer_than_to_compare_their_characters(tab: Tab) -> None:
    """Measured by how long it takes here and now to compare each of them with each."""
    for mark in HARD:
        spent = await tab.page.evaluate(TIMED, (mark * 2000)[:2000])
        assert spent < MOST_PAIRS, f"{spent:.0f} times as long for {mark}"


async def test_what_is_read_out_keeps_covers(tab: Tab) -> None:
    said = await tab.page.evaluate(
        "async source => (await import('/page/lib/markdown.js')).words(source, () => 'Ada')",
        "# A **b**\n||secret|| <@1>",
    )
    assert said == "A b. (spoiler) Ada"
    assert "secret" not in json.dumps(said)
