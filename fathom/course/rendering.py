"""The HTML of a lesson's prose. What is no prose is asked of whoever shows the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from fathom.course.lesson import PER_CENT, Block, Directive, spoken
from fathom.course.parser import PARSER


@dataclass(frozen=True)
class Hooks:
    """What a page decides: how a directive, a block of code and an address look."""

    directive: Callable[[Directive], str]
    code: Callable[[str, str], str]  # language, text -> HTML
    address: Callable[[str], str] = lambda said: said
    term: Callable[[str, str], str] = lambda text, term: escape(text)  # shown, looked up -> HTML


class _Renderer(RendererHTML):
    """HTML of prose; raw HTML comes out as text, formulas as TeX that a script may set."""

    def text(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return escape(PER_CENT.sub("\N{NO-BREAK SPACE}%", tokens[at].content), quote=False)

    def html_block(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f"<p>{escape(tokens[at].content)}</p>\n"

    def html_inline(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return escape(tokens[at].content)

    def math_inline(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f'<span class="math">{escape(tokens[at].content.strip())}</span>'

    def math_inline_double(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f'<span class="math display">{escape(tokens[at].content.strip())}</span>'

    def math_block(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f'<div class="math display">{escape(tokens[at].content.strip())}</div>\n'

    def fence(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return str(env["hooks"].code(tokens[at].info.strip(), tokens[at].content))

    def code_block(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return str(env["hooks"].code("", tokens[at].content))

    def myst_role(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return str(env["hooks"].term(*spoken(" ".join(tokens[at].content.split()))))

    def link_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return self._addressed(tokens, at, "href", options, env)

    def image(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        token = tokens[at]
        address = escape(env["hooks"].address(str(token.attrs.get("src", ""))))
        return f'<img src="{address}" alt="{escape(token.content)}">'

    def _addressed(
        self, tokens: Sequence[Token], at: int, name: str, options: Any, env: Any
    ) -> str:
        address = escape(env["hooks"].address(str(tokens[at].attrs.get(name, ""))))
        return f'<a {name}="{address}">'


RENDERER = _Renderer()


def to_html(blocks: Sequence[Block], hooks: Hooks) -> str:
    """The HTML of blocks; whatever is no prose is asked of the hooks."""
    parts = []
    for block in blocks:
        if isinstance(block, Directive):
            parts.append(hooks.directive(block))
        else:
            parts.append(RENDERER.render(block.tokens, PARSER.options, {"hooks": hooks}))
    return "".join(parts)


def fragment(text: str, hooks: Hooks) -> str:
    """The HTML of a piece of Markdown that is no lesson: a question, an explanation."""
    return str(RENDERER.render(PARSER.parse(text), PARSER.options, {"hooks": hooks}))
