"""Texts that people see are marked for translation (decision 25), and the catalogue has them."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import ROOT, Module, modules
from tests.support.messages import CATALOGUE, written

HIDDEN = re.compile(
    r"{% comment %}.*?{% endcomment %}|{#.*?#}|{% blocktranslate.*?{% endblocktranslate %}"
    r"|<(script|style|pre|code)\b.*?</\1>|<!--.*?-->",
    re.DOTALL,
)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
ELEMENTS = re.compile(r"""<[!/a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTES = re.compile(r"""\s(?:aria-label|title|alt|placeholder|data-label|data-progress)="([^"]*)\"""")
ARGUMENTS = re.compile(
    r"""\s(?:text|title|caption|heading|key|empty|noun|action)=(["'][^"']*[A-Za-z]{2}[^"']*["'])"""
    r"""|{% (?:tag|scrollable) (["'][^"']*["'])|\|(?:default|default_if_none|yesno):(["'][^"']*[A-Za-z]{2}[^"']*["'])"""
)
# An argument that a script reads, and a list's kinds of bullets.
NOT_TEXTS = {'"addForm"', '"authenticateForm"', "'number,bullet'"}
# A class or an entity is not a text.
NOT_WORDS = re.compile(r"&#?\w+;|[\w-]*(?:--|govuk-|app-)[\w-]*")
KEYWORDS = {
    *("label", "help_text", "empty_label", "null_label", "verbose_name", "violation_error_message"),
    *("done", "heading", "back_text"),
}
# The first argument of these fields of a model is no name.
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
# The sample of a file is in English.
READ_AT_IMPORT = {"programme/records/services/samples.py"}
CALLS = {"ValidationError", "StaleError", "add_error", "success", "warning"}
# What programs read, and what is recorded.
APART = re.compile(
    r"/(api|migrations|management|scim|admin)(/|\.py)|^(audit|demo|standards|benchmarks)/|serializers|^reports/figures|^web/openapi"
)


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]{2,}", NOT_WORDS.sub(" ", text))


def unmarked_in(source: str) -> set[str]:
    """Return the texts of a template that stand outside the tags of translation."""
    source = HIDDEN.sub(" ", source)
    arguments = {
        next(filter(None, groups))
        for tag in TAGS.findall(source)
        if not tag.startswith(("{% if", "{% elif"))
        for groups in ARGUMENTS.findall(tag)
    }
    plain = TAGS.sub("", source)
    texts = [*ATTRIBUTES.findall(plain), *ELEMENTS.sub("\n", plain).splitlines()]
    return {text.strip() for text in texts if words(text)} | (arguments - NOT_TEXTS)


def test_the_catalogue_is_up_to_date() -> None:
    assert CATALOGUE.read_bytes() == written(), "run make messages"


def test_no_text_of_a_template_is_unmarked() -> None:
    paths = (path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
    unmarked = {
        path.relative_to(ROOT).as_posix(): unmarked_in(path.read_text(encoding="utf-8")) for path in paths
    }
    assert {path: texts for path, texts in unmarked.items() if texts} == {}


def test_an_unmarked_text_of_a_template_is_found() -> None:
    marked = '<p class="a">{% translate "Save" %} {{ x|default:_("None") }}</p>{% tag _("Late") "govuk-tag--red" %}'
    assert unmarked_in(marked) == set()
    for source, text in {
        "<p>Save</p>": "Save",
        '<a aria-label="Back">': "Back",
        '{{ x|default:"None" }}': '"None"',
        '{% include "x.html" with text="Go back" only %}': '"Go back"',
        '{% tag "Late" "govuk-tag--red" %}': '"Late"',
    }.items():
        assert unmarked_in(marked + source) == {text}


def is_sentence(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return bool(words(text)) and not re.fullmatch(r"[a-z_]+", text)
        case ast.JoinedStr():
            return any(isinstance(part, ast.Constant) and words(str(part.value)) for part in node.values)
    return False


def texts_of(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the texts that an argument may become."""
    match node:
        case ast.IfExp():
            yield from (*texts_of(node.body), *texts_of(node.orelse))
        case ast.Dict():
            for value in node.values:
                yield from texts_of(value)
        case ast.List():
            for value in node.elts:
                yield from texts_of(value)
        case _ if is_sentence(node):
            yield node


def names_of_model(node: ast.AST) -> list[ast.expr]:
    """Return the names that a model gives to itself or to a field."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="models"), attr=kind), args=[first, *_]):
            return [first] if kind.endswith("Field") and kind not in RELATIONS else []
        case ast.Assign(targets=[ast.Name(id="verbose_name" | "verbose_name_plural")], value=value):
            return [value]
    return []


def html_in(node: ast.AST) -> list[ast.expr]:
    """Return the pattern of an HTML text if it has words of its own."""
    match node:
        case ast.Call(func=ast.Name(id="format_html"), args=[ast.Constant(value=str(text)) as pattern, *_]):
            plain = re.sub(r"{\w*}", " ", ELEMENTS.sub(" ", text))
            return [pattern] if words(plain) else []
    return []


def unmarked_calls(module: Module) -> Iterator[str]:
    """Yield where a literal is given to a model, a form, an error or a banner, or is a policy's reason."""
    for node in ast.walk(module.tree):
        arguments: list[ast.AST] = [*names_of_model(node), *html_in(node)]
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                arguments += [keyword.value for keyword in node.keywords if keyword.arg in KEYWORDS]
                arguments += node.args[:1] if name in {"ValidationError", "StaleError"} else []
                arguments += node.args[1:2] if name in CALLS - {"ValidationError", "StaleError"} else []
            case ast.FunctionDef(name=name) if name.lstrip("_").startswith("why_not_"):
                arguments += node.args.defaults
                arguments += [
                    inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value
                ]
        for argument in arguments:
            for text in texts_of(argument):
                yield f"{module.name}:{text.lineno} {ast.unparse(text)[:60]}"  # type: ignore[attr-defined]


def test_no_text_of_a_form_an_error_or_a_policy_is_unmarked() -> None:
    unmarked = [
        line for module in modules() if not APART.search(module.name) for line in unmarked_calls(module)
    ]
    assert unmarked == []


def labels_read_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield where a module turns a label into text when it is loaded, in whatever language that is."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef() | ast.Lambda():
                continue
            case ast.Call(func=ast.Name(id="str"), args=[ast.Attribute(attr="label" | "verbose_name")]):
                yield node
        yield from labels_read_at_import(node)


def test_no_label_is_read_before_the_language_is_known() -> None:
    early = [
        f"{module.name}:{node.lineno}"  # type: ignore[attr-defined]
        for module in modules()
        if not APART.search(module.name) and module.name not in READ_AT_IMPORT
        for node in labels_read_at_import(module.tree)
    ]
    assert early == []
    assert list(labels_read_at_import(ast.parse("A = [str(kind.label) for kind in Kind]")))
    assert not list(labels_read_at_import(ast.parse("def f(): return str(kind.label)")))


def test_an_unmarked_literal_is_found() -> None:
    marked = 'raise ValidationError({"name": gettext("Enter a name.")})\nf(label=gettext_lazy("Name"))\n'
    assert list(unmarked_calls(Module("a.py", marked))) == []
    for source in (
        'f(label="Name")',
        'ValidationError({"a": "Enter it."})',
        'def why_not_a(): return f"Only {a} can."',
        'def why_not_a(task="change this"): return ""',
        'models.DateField("first day")',
        'verbose_name = "MOU area"',
        'format_html("<b>{}</b> Go to {}", a, b)',
    ):
        assert len(list(unmarked_calls(Module("a.py", marked + source)))) == 1
