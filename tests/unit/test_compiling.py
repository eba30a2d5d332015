"""Templates written out print what Jinja prints of them: every case is rendered by both."""

import json
import string
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from types import SimpleNamespace as Thing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError, nodes
from markupsafe import Markup, escape

from keur.site.compiling import LanguageTemplates, TemplateCode
from keur.site.printing import printed

HOSTILE = """<script>alert('1')</script> & "quoted" {{ page }} {% raw %}"""
WORDS = {"Valid <until>": "Geldig <tot>", "Until {date} & on": "Tot {date} & <verder>"}


def t(message: str, **values: object) -> Markup:
    text = escape(WORDS.get(message, message))
    return text.format(**values) if values else text


def tn(one: str, many: str, n: int) -> Markup:
    return escape(one if n == 1 else many).format(n=n)


def asset(name: str) -> str:
    return f"/assets/1&2/{name}"


FUNCTIONS = {"t": t, "tn": tn, "asset": asset}
PAGE = Thing(
    title=HOSTILE,
    html=Markup("<b>bold</b>"),
    nothing=None,
    number=7,
    no=False,
    words=[],
    items=[Thing(text="one", lang=None), Thing(text=HOSTILE, lang="ar"), Thing(text="three", lang="")],
    status=Thing(tone="valid", detail=None),
    shout=str.upper,
)
SITE = Thing(title=Thing(text="Register & more", lang=None))

PHRASE = (
    "{% macro phrase(phrase) -%}"
    '{% if phrase.lang %}<bdi lang="{{ phrase.lang }}">{{ phrase.text }}</bdi>{% else %}{{ phrase.text }}{% endif %}'
    "{%- endmacro %}"
)
IMPORT = '{% from "phrase" import phrase %}'
LOUD = "{% macro phrase(x) %}{{ x.text|upper }}!{% endmacro %}"
OTHERS = (
    "{% from 'loud' import phrase %}"
    "{% macro loud(x) %}{{ phrase(x) }}{% endmacro %}"
    "{% macro again(n) %}{{ n }}{% if n %}{{ again(n - 1) }}{% endif %}{% endmacro %}"
    "{% macro calls(n) %}({{ again(n) }}){% endmacro %}"
    "{% macro sets(x) %}{% for i in x %}{{ phrase(i) }}{% set phrase = i.lang %}{{ phrase }}{% endfor %}{% endmacro %}"
)


def _write(folder: Path, templates: Mapping[str, str]) -> None:
    for name, text in templates.items():
        (folder / name).write_text(text, encoding="utf-8")


def _plain(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(FUNCTIONS)
    return environment


def _both(folder: Path, templates: Mapping[str, str], page: object = PAGE) -> tuple[str, str]:
    """Return what Jinja makes of the template "page", and what we make of it."""
    _write(folder, {"phrase": PHRASE, "loud": LOUD, "others": OTHERS, **templates})
    ours = LanguageTemplates(TemplateCode(folder), FUNCTIONS).page_template("page")
    theirs = _plain(folder).get_template("page")
    return theirs.render(page=page, site=SITE), ours.render(page=page, site=SITE)


SAME = {
    "text and values": "<p>{{ page.title }} {{ page.html }} {{ page.nothing }} {{ page.number }} {{ page.no }}</p>\n",
    "a macro": IMPORT + "{% for item in page.items %}{{ phrase(item) }};{% endfor %}",
    "a macro by another name": '{% from "phrase" import phrase as said %}{{ said(page.items[1]) }}',
    "a macro's name hidden in a loop": IMPORT
    + "{{ phrase(page.items[0]) }}{% for phrase in page.items %}{{ phrase.text }}{% endfor %}"
    "{{ phrase(page.items[1]) }}",
    "a macro's name given to a value": IMPORT + "{% set phrase = page.title %}{{ phrase }}",
    "a macro chosen": IMPORT + "{{ page.title if page.title is string else phrase(page.title) }}"
    "{{ 'a' if page.no else phrase(page.items[1]) }}{{ phrase(page.items[1]) if page.number }}",
    "a macro as a value": IMPORT + "{% set said = phrase(page.items[1]) %}{{ said }}{{ phrase(page.items[1])|length }}",
    "defaults": "{% macro m(a, b=2, c='<', d=none, e=(), f=true) %}{{ a }}{{ b }}{{ c }}{{ d }}"
    "{% for x in e %}{{ x }}{% else %}none{% endfor %}{% if f and a %}f{% endif %}{% endmacro %}"
    "{{ m(1) }}{{ m(page.title, 3) }}{{ m(a=page.html, e=page.words, f=page.no) }}{{ m('x', c='>', d=page.title) }}",
    "a default that is a name": "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(page.title) }}{{ m(1, 2) }}",
    "parameters named like what they are given": "{% macro inner(text, items) %}{{ text }}{{ items|length }}"
    "{% endmacro %}"
    "{% macro outer(items, text) %}{{ inner(items, text) }}{{ text }}{{ items }}{% endmacro %}"
    "{% set text = 'outside' %}{{ outer('<a>', page.items) }}{{ text }}",
    "a parameter set again": "{% macro m(a, b=1) %}{% set a = a ~ '!' %}{{ a }}{% if b %}{% set b = 2 %}"
    "{% endif %}{{ b }}"
    "{% endmacro %}{{ m('x') }}{{ m(page.title, 0) }}",
    "a parameter set again in a loop": "{% macro m(a) %}{% for x in (1, 2) %}{{ a }}{% set a = x %}{{ a }}"
    "{% endfor %}{{ a }}"
    "{% endmacro %}{{ m('x') }}",
    "what a macro sets ends with it": "{% macro m(a) %}{% set b = a %}{{ b }}{% endmacro %}"
    "{% set b = 'kept' %}{{ m(1) }}{{ b }}",
    "a set block": IMPORT + "{% set bold %}<b>{{ phrase(page.items[1]) }}</b>{% endset %}{{ bold }}"
    "{% macro m(x) %}{% set bold %}<i>{{ x }}</i>{% endset %}{{ bold }}{{ t('Until {date} & on', date=bold) }}"
    "{% endmacro %}"
    "{{ m(page.title) }}{{ bold }}",
    "the loop's own name": "{% macro m(items) %}{% for x in items %}{{ loop.index }}{% if not loop.last %},{% endif %}"
    "{% endfor %}{% endmacro %}{% for item in page.items %}{{ loop.index0 }}{{ m(page.items) }}{{ loop.last }}"
    "{% endfor %}",
    "a caller's loop does not reach a macro": "{% macro m(x) %}{{ x }}{% endmacro %}"
    "{% for item in page.items %}{{ m(loop.index) }}{% endfor %}",
    "a macro in a macro in a macro": IMPORT + "{% macro a(x) %}[{{ phrase(x) }}]{% endmacro %}"
    "{% macro b(x) %}({{ a(x) }}{{ a(page_items[0]) if false else '' }}){% endmacro %}{% for x in page.items %}"
    "{{ b(x) }}{% endfor %}",
    "recursion": "{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
    "two macros that call each other": "{% macro a(n) %}a{% if n %}{{ b(n - 1) }}{% endif %}{% endmacro %}"
    "{% macro b(n) %}b{% if n %}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(3) }}",
    "arguments that are not told apart": "{% macro m(a, b) %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{% endmacro %}"
    "{{ m(1, 2, 3, x=4) }}{% macro n(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ n(*[1, 2]) }}{{ n(**{'a': 1, 'b': 2}) }}",
    "a caller": "{% macro m(a) %}{{ a }}{{ caller() }}{% endmacro %}{% call m('<') %}{{ page.title }}{% endcall %}",
    "a function hidden by a value": '{% macro m(x) %}{{ tn("{n} <day>", "{n} <days>", x) }}{% endmacro %}'
    "{% for tn in page.items %}{{ tn.text }}{{ m(1) }}{% endfor %}{% for t in (page.shout,) %}{{ t('a') }}{% endfor %}",
    "a macro hidden by a function": IMPORT + "{% for phrase in (page.shout,) %}{{ phrase('a') }}{% endfor %}",
    "a macro of another template that calls its neighbours": "{% from 'others' import calls %}{{ calls(2) }}",
    "one name for two macros of two templates": IMPORT
    + "{% from 'others' import loud %}{{ loud(page.items[1]) }}{{ phrase(page.items[1]) }}",
    "a macro's name set in a part of another": "{% from 'others' import sets %}{{ sets(page.items) }}",
    "words": "{{ t('Valid <until>') }}{{ t('Until {date} & on', date=page.title) }}"
    "{{ t('Until {date} & on', date=page.html) }}"
    '<a title="{{ t("Valid <until>") }}">{{ tn("{n} <day>", "{n} <days>", page.number) }}</a>{{ t(page.title) }}',
    "words as arguments": "{% macro m(label, more=none) %}{{ label }}{% if more %}{{ more }}{% endif %}"
    "{{ label is string }}"
    "{% endmacro %}{{ m(t('Valid <until>')) }}{{ m(t('None')|upper, more=t('Until {date} & on', date=page.number)) }}",
    "assets": "<img src=\"{{ asset('a.svg') }}\">{{ asset(page.title) }}",
    "tests that are known": "{% if true %}a{% elif page.x %}b{% endif %}{% if false %}c{% elif page.number %}"
    "d{% else %}e{% endif %}"
    "{% if not page.no %}f{% elif true %}g{% else %}h{% endif %}",
    "with and its names": "{% with a = page.title, b = 2 %}{{ a }}{{ b }}{% set b = 3 %}{{ b }}{% endwith %}",
    "filters": "{{ page.items|map(attribute='text')|join(', ') }}{{ page.title|upper|length }}{{ '<' ~ page.html }}",
    "asking for what may be missing": "{{ page.missing is defined }}{{ page.missing|default('<none>') }}"
    "{{ page.status.missing is undefined }}{{ missing is defined }}",
    "a loop over few": "{% for x in ('<', 2) %}{{ loop.last }}{{ x }}{% endfor %}{% for x in () %}{% else %}"
    "none{% endfor %}",
    "a loop with a test": "{% for item in page.items if item.lang %}{{ item.text }}{{ loop.length }}{% endfor %}",
    "escaping turned off": IMPORT + "{% autoescape false %}{{ page.title }}{{ phrase(page.items[1]) }}"
    "{% endautoescape %}",
    "an import within": "{% macro m(x) %}{% import x as other %}{{ other.phrase(page_item) }}{% endmacro %}"
    "{% for item in page.items %}{% import 'phrase' as p %}{{ p.phrase(item) }}{% endfor %}",
}


@pytest.mark.parametrize("name", SAME)
def test_a_page_is_what_jinja_makes_of_it(tmp_path: Path, name: str) -> None:
    theirs, ours = _both(tmp_path, {"page": SAME[name]})
    assert ours == theirs


INHERITED = {
    "blocks filled, kept and empty": (
        "{% extends 'base' %}{% block a %}A{{ page.title }}{% endblock %}{% block c %}{% endblock %}",
        "<{% block a %}a{% endblock %}{% block b %}b{{ site.title.text }}{% endblock %}{% block c %}c{% endblock %}>",
    ),
    "a block in a block": (
        "{% extends 'base' %}{% block inner %}mine{% endblock %}",
        "{% block outer %}({% block inner %}theirs{% endblock %}){% endblock %}",
    ),
    "a block under a test": (
        "{% extends 'base' %}{% block a %}mine{% endblock %}",
        "{% if page.number %}{% block a %}a{% endblock %}{% elif page.no %}{% block b %}b{% endblock %}{% endif %}",
    ),
    "what a block sets ends with it": (
        "{% extends 'base' %}{% block a %}{% set x = 1 %}{{ x }}{% endblock %}{% block b %}{{ x }}{% endblock %}",
        "{% set x = 'base' %}{% block a %}{% endblock %}{% block b %}{% endblock %}{{ x }}",
    ),
    "macros of both": (
        (
            "{% extends 'base' %}{% from 'phrase' import phrase as said %}{% macro own(x) %}[{{ x }}]{% endmacro %}"
            "{% block a %}{{ said(page.items[1]) }}{{ own(page.title) }}{{ phrase(page.items[2]) }}{% endblock %}"
        ),
        IMPORT + "{{ phrase(site.title) }}{% block a %}{% endblock %}",
    ),
    "one name for two macros": (
        (
            "{% extends 'base' %}{% macro phrase(x) %}mine{% endmacro %}{% block a %}{{ phrase(page.items[0]) }}"
            "{% endblock %}"
        ),
        IMPORT + "{{ phrase(site.title) }}{% block a %}{% endblock %}",
    ),
    "super": (
        "{% extends 'base' %}{% block a %}{{ super() }}!{{ self.b() }}{% endblock %}",
        IMPORT + "{% block a %}{{ phrase(site.title) }}{% endblock %}{% block b %}b{% endblock %}",
    ),
    "a block in a loop": (
        "{% extends 'base' %}{% block a scoped %}{{ item.text }}{% endblock %}",
        "{% for item in page.items %}{% block a scoped %}{% endblock %}{% endfor %}",
    ),
    "a skeleton chosen by the page": (
        "{% extends page.status.tone ~ '-base' if page.no else 'base' %}{% block a %}mine{% endblock %}",
        "({% block a %}{% endblock %})",
    ),
    "what is set above the skeleton": (
        "{% extends 'base' %}{% set x = page.title %}{% block a %}{{ x }}{% endblock %}",
        "({% block a %}{% endblock %})",
    ),
}


@pytest.mark.parametrize("name", INHERITED)
def test_a_page_and_its_skeleton_are_what_jinja_makes_of_them(tmp_path: Path, name: str) -> None:
    page, base = INHERITED[name]
    theirs, ours = _both(tmp_path, {"page": page, "base": base})
    assert ours == theirs


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(alphabet=string.printable + "é€\u202e\ud7ff"), st.text(alphabet="<>&'\"{}%ab", max_size=9))
def test_any_text_is_escaped_as_jinja_does(tmp_path: Path, text: str, lang: str) -> None:
    page = Thing(phrase=Thing(text=text, lang=lang), date=text)
    template = (
        IMPORT + '<p title="{{ page.date }}">{{ phrase(page.phrase) }}{{ t("Until {date} & on", date=page.date) }}'
    )
    theirs, ours = _both(tmp_path, {"page": template}, page)
    assert ours == theirs
    assert printed(text) == str(escape(text))


@pytest.mark.parametrize(
    "template",
    [
        "{{ missing }}",
        "{{ page.missing }}",
        "{% if page.missing %}x{% endif %}",
        "{% for x in page.missing %}x{% endfor %}",
        IMPORT + "{{ phrase() }}",
        IMPORT + "{{ phrase(page.title, 2) }}",
        IMPORT + "{{ phrase(phrase=page.title, other=1) }}",
        IMPORT + "{{ phrase(missing) }}",
        IMPORT + "{{ phrase(page.missing) }}",
        "{% macro m(x) %}{{ page.title }}{{ x }}{% endmacro %}{% from 'uses_page' import uses %}{{ uses(1) }}",
        "{% macro m(x) %}{{ loop.index }}{% endmacro %}{% for y in page.items %}{{ m(y) }}{% endfor %}",
        "{% from 'phrase' import absent %}{{ absent(1) }}",
        "{{ t('Until {date} & on', day=1) }}",
    ],
)
def test_what_fails_with_jinja_fails_here(tmp_path: Path, template: str) -> None:
    _write(
        tmp_path, {"page": template, "phrase": PHRASE, "uses_page": "{% macro uses(x) %}{{ page.title }}{% endmacro %}"}
    )
    faults = (UndefinedError, AttributeError, TypeError, KeyError)
    with pytest.raises(faults):
        _plain(tmp_path).get_template("page").render(page=PAGE, site=SITE)
    with pytest.raises(faults):
        LanguageTemplates(TemplateCode(tmp_path), FUNCTIONS).page_template("page").render(page=PAGE, site=SITE)


def test_a_page_is_one_function_without_calls(tmp_path: Path) -> None:
    """What the writing out is for: no macro is called, no import made, no word asked for as a page is rendered."""
    _write(
        tmp_path,
        {
            "phrase": PHRASE,
            "mark": IMPORT
            + "{% macro mark(mark, linked=true) %}{% if linked %}<a>{% endif %}{{ phrase(mark) }}{% endmacro %}",
            "base": IMPORT + "<h1>{{ t('Valid <until>') }}{{ phrase(site.title) }}</h1>{% block main %}{% endblock %}",
            "page": "{% extends 'base' %}{% from 'mark' import mark %}{% block main %}"
            "{% for item in page.items %}{{ mark(item, linked=false) }}{% endfor %}{% endblock %}",
        },
    )
    codes: list[str] = []

    class Watched(TemplateCode):
        def _generate(self, source: nodes.Template, *arguments: object, **options: object) -> str:
            codes.append(super()._generate(source, *arguments, **options))  # type: ignore[arg-type]
            return codes[-1]

    LanguageTemplates(Watched(tmp_path), FUNCTIONS).page_template("page")
    [code] = codes
    assert "context.call" not in code
    assert "get_template" not in code
    assert "def block_" not in code
    assert "<a>" not in code


def test_kept_code_does_not_ask_what_no_template_asks_any_more(tmp_path: Path) -> None:
    """A file of the theme that is gone is no fault once the template that named it is another."""

    def strict_asset(name: str) -> str:
        if name == "gone.css":
            raise KeyError(name)
        return name

    _write(tmp_path, {"page": "{{ asset('gone.css') }}"})
    code = TemplateCode(tmp_path)
    code.page("page")
    kept = code.kept({"page": b"old"})
    _write(tmp_path, {"page": "{{ asset('here.css') }}"})
    again = TemplateCode(tmp_path)
    again.recall(kept, {"page": b"new"})
    templates = LanguageTemplates(again, {**FUNCTIONS, "asset": strict_asset})
    assert templates.page_template("page").render(page=PAGE, site=SITE) == "here.css"


def test_json_in_an_attribute_keeps_its_double_quotes_and_cannot_end_it(tmp_path: Path) -> None:
    _write(tmp_path, {"page": "<p data-x='{{ page.title|single_quoted }}'>"})
    page = Thing(title="""{"a":"'><script>&quot;</script>"}""")
    html = LanguageTemplates(TemplateCode(tmp_path), FUNCTIONS).page_template("page").render(page=page, site=SITE)
    assert html == """<p data-x='{"a":"&#39;&gt;&lt;script&gt;&amp;quot;&lt;/script&gt;"}'>"""
    assert unescape(html[len("<p data-x='") : -len("'>")]) == page.title


def test_a_block_of_data_holds_any_text_and_cannot_be_ended_by_it(tmp_path: Path) -> None:
    _write(tmp_path, {"page": "<script>{{ page.title|tojson }}</script>"})
    page = Thing(title="""</script><!--<script> > & ' " \u2028""")
    html = LanguageTemplates(TemplateCode(tmp_path), FUNCTIONS).page_template("page").render(page=page, site=SITE)
    assert html.count("<") == 2
    assert json.loads(html.removeprefix("<script>").removesuffix("</script>")) == page.title
    assert " > & ' " in html


def test_languages_share_the_code_but_not_the_words(tmp_path: Path) -> None:
    _write(tmp_path, {"page": "{{ t('Valid') }} {{ page.title }}"})
    code = TemplateCode(tmp_path)
    dutch, french = (
        LanguageTemplates(code, {**FUNCTIONS, "t": {"Valid": said}.__getitem__}) for said in ("Geldig", "Valable <b>")
    )
    assert dutch.page_template("page").render(page=PAGE, site=SITE).startswith("Geldig ")
    assert french.page_template("page").render(page=PAGE, site=SITE).startswith("Valable &lt;b&gt; ")
    assert code.page("page") is code.page("page")
