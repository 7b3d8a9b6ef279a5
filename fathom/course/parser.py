"""How Markdown is read: CommonMark with tables, formulas, directives, roles and front matter."""

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

Rule = Callable[[StateInline, bool], bool]


def _parser() -> MarkdownIt:
    # raw HTML is recognised so that it can be refused with its line
    made = MarkdownIt("commonmark", {"html": True}).enable("table")
    made.use(front_matter_plugin).use(colon_fence_plugin).use(myst_role_plugin)
    made.use(dollarmath_plugin, double_inline=True, allow_space=False, allow_digits=False)
    formula = next(one.fn for one in made.inline.ruler.__rules__ if one.name == "math_inline")
    made.inline.ruler.at("math_inline", _also_at_the_start(formula))
    return made


def _also_at_the_start(formula: Rule) -> Rule:
    """The plugin looks for a digit before the dollar; at the start that is the text's last one."""

    def read(state: StateInline, silent: bool) -> bool:
        text = state.src
        if not state.pos:
            state.src = text + "\n"
        try:
            return formula(state, silent)
        finally:
            state.src = text

    return read


PARSER = _parser()
