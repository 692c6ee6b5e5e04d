#!/usr/bin/env python3
"""Builds the documentation as a site: build.py FOLDER writes FOLDER/html/index.html.

The pages are plain Markdown and the headers plain C++, written to be read as they are. What Doxygen needs beyond that is
added to copies, line for line, so that its messages name the true lines:
  - headings get labels, links between pages and `code` that names a public type become references;
  - members that a concept prescribes, the same in every policy, get the sentence of prescribed.py.
Ends with status 1 on any warning and any dead link, with 77 where there is no Doxygen.
"""
import argparse
import html.parser
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse

sys.dont_write_bytecode = True  # the repository stays as it is

import prescribed
from check_links import slug

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LABELS = {"concepts": "the-concepts"}  # Doxygen has a file concepts.html of its own
AWESOME = pathlib.Path("/usr/share/doxygen-awesome-css")  # of Debian's package of this name


def label_of(page):
    """Label of a Markdown page: unique, and readable in the address bar."""
    path = page.relative_to(ROOT)
    if path == pathlib.Path("docs/README.md"):
        return "start"
    if path == pathlib.Path("README.md"):
        return "overview"
    name = path.parent.name if path.name == "README.md" else path.stem
    return LABELS.get(name, name.lower().replace("_", "-"))


def pages():
    listed = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")]
    return listed + sorted((ROOT / "docs").rglob("*.md"))


def public_types(headers):
    found = {}
    for header in headers:
        text = header.read_text()
        for name in re.findall(r"^(?:struct|class|concept|enum class) ([A-Z]\w+)(?=[\s:;{<])", text, re.M):
            found[name] = "nascent::testing::" + name if "testing/" in str(header) else "nascent::" + name
    return found


def reference(to, text):
    return f'\\ref {to} "{text}"'


CODE = re.compile(r"""(?<!`)`(([\w/]+)(?:\.cpp|(?:<[^`;"]*>)?(?:::\w+)?(?:\([^`;"]*\))?))`(?!`)""")


class Markdown:
    """A page as Doxygen reads it."""

    def __init__(self, page, types):
        self.page, self.types, self.label = page, types, label_of(page)

    def link(self, match):
        is_image, text, target = match.groups()
        if is_image:
            return f"![{text}]({pathlib.Path(target).name})"
        text = text.replace("`", "").replace("\n", " ").replace("<", "&lt;").replace(">", "&gt;")
        if re.match(r"\w+:", target):
            return match.group(0)
        path, _, anchor = target.partition("#")
        file = (self.page.parent / path).resolve() if path else self.page
        if file.suffix == ".md":
            label = label_of(file)
            return f"[{text}](@ref {label + '_' + anchor if anchor else label})"
        if file.suffix == ".cpp" and file.parent in (ROOT / "examples", ROOT / "examples/policies"):
            return f'<a href="{example_page(file)}">{text}</a>'
        if file.suffix == ".hpp" and text in self.types:
            return reference(self.types[text], text)
        return text  # a folder or a data file of the repository: named, not part of the site

    def code(self, match):
        """`Name`, `Name<...>`, `Name::member`, `Name(...)`, `own_ranker.cpp`."""
        said, name = match.group(1).replace("\n", " "), match.group(2)
        source = ROOT / "examples" / said.removeprefix("examples/")
        if source.suffix == ".cpp" and source.exists():
            return f'<a href="{example_page(source)}">{source.name}</a>'
        if name not in self.types:
            return match.group(0)
        return reference(self.types[name], said.replace("<", "&lt;").replace(">", "&gt;"))

    def prose(self, text):
        text = re.sub(r"^(#+) (.+)$", self.heading, text, flags=re.M)
        parts = re.split(r"(!?\[[^\]]+\]\([^)\s]+\))", text)
        for i, part in enumerate(parts):
            if i % 2:
                parts[i] = re.sub(r"(!?)\[([^\]]+)\]\(([^)\s]+)\)", self.link, part)
            else:
                parts[i] = re.sub(CODE, self.code, part)
        return "".join(parts)

    def heading(self, match):
        level, text = match.groups()
        label = self.label if level == "#" else self.label + "_" + slug(text)
        return f"{level} {text.replace('`', '')} {{#{label}}}"

    def convert(self):
        parts = re.split(r"^(```.*?^```$)", self.page.read_text(), flags=re.M | re.S)
        for i, part in enumerate(parts):
            if i % 2:
                language, body = re.match(r"```(\w*)\n(.*)```$", part, re.S).groups()
                parts[i] = f"~~~~{{.{language if language == 'cpp' else 'unparsed'}}}\n{body}~~~~"
            else:
                parts[i] = self.prose(part)
        return "".join(parts)


def page_reference(match):
    """For `docs/page.md#anchor` in a docstring."""
    path, _, anchor = match.group(0).partition("#")
    label = label_of(ROOT / path)
    return reference(label + "_" + anchor if anchor else label, match.group(0))


def emphasise(text, types):
    """The parts of a concept's docstring, with a link to each policy that models it."""
    def linked(block):
        return re.sub(r"\b[A-Z]\w+\b", lambda m: reference(types[m[0]], m[0]) if m[0] in types else m[0], block.group(0))
    text = re.sub(r"(?<=Models: )[^;{}=]*?(?=See |\.\n)", linked, text)
    return re.sub(r"/// (Minimal complete definition|Optional|Models):", r"/// <br>**\1:**", text)


def policy_examples():
    """The tiny example of each policy of docs/policies.md: of its name, or else the first that names it."""
    sources = sorted((ROOT / "examples/policies").rglob("*.cpp"))
    words = {source: set(re.findall(r"\w+", source.read_text())) for source in sources if source.name != "main.cpp"}
    found = {}
    for name, header in re.findall(r"\[(\w+)\]\(\.\./include/nascent/([^)]+)\)", (ROOT / "docs/policies.md").read_text()):
        naming = [source for source in words if name in words[source]]
        own = [source for source in naming if source.stem == pathlib.Path(header).stem]
        found.update({name: source for source in (own or naming)[:1]})
    return found


def name_examples(lines, examples):
    """At the end of a policy's docstring."""
    for i, line in enumerate(lines):
        match = re.match(r"(?:struct|class) (\w+)(?=[\s{:]*)(?!.*;)", line)
        if not match or match[1] not in examples:
            continue
        last = i - 1
        while re.match(r"(template <|requires )", lines[last]):
            last -= 1
        if lines[last].startswith("///"):
            source = examples[match[1]]
            lines[last] += f' <br>**Example:** <a href="{example_page(source)}">{example_name(source)}</a>'


def convert_header(path, text, types, examples):
    """Docstrings of prescribed members, examples, and references for `docs/page.md#anchor`."""
    text = emphasise(text, types)
    text = re.sub(r"(template <>\nstruct std::hash.*?\n\};)", r"/** @cond */ \1 /** @endcond */", text, flags=re.S)
    lines = text.split("\n")
    name_examples(lines, examples)
    room = path.relative_to(ROOT / "include/nascent").as_posix()
    for i, line in enumerate(lines):
        if re.match(r"\s*///", line) or "///<" in line:
            lines[i] = re.sub(r"docs/[\w-]+\.md(#[\w-]+)?", page_reference, line)
            continue
        sentence = prescribed.sentence(room, line)
        if not sentence:
            continue
        first = i
        while re.match(r"\s*(template <|requires )", lines[first - 1]):
            first -= 1
        if not re.match(r"\s*///", lines[first - 1]) and "///<" not in line:
            lines[first] = f"/** {sentence} */ " + lines[first]
    split_declarations(lines)
    return "\n".join(lines)


DECLARATION = re.compile(r"^(\s*)((?:static |constexpr |inline |mutable )*[\w:]+(?:<[^;()]*>)? )(\w(?:[^;()]|\(\))*);"
                         r"(?:\s*///< (.*))?$")


def split_declarations(lines):
    """`int height = 0, width = 0;  ///< pixels`: Doxygen wants the sentence at each."""
    for i, line in enumerate(lines):
        match = DECLARATION.match(line)
        if not match:
            continue
        indent, type_, names, said = match.groups()
        names = re.split(r", (?=\w+(?: = |\{|,|$))", names)
        above = i - 1
        while re.match(r"\s*///(?!<)", lines[above]):
            above -= 1
        said = said or " ".join(text.strip("/ ") for text in lines[above + 1:i])
        if len(names) > 1 and said:
            lines[i] = indent + " ".join(f"/** {said} */ {type_}{name};" for name in names)


def example_name(source):
    return source.relative_to(ROOT / "examples").as_posix()


def example_page(source):
    """Doxygen's name of its file."""
    return example_name(source).replace(".", "_8").replace("/", "_2") + "-example.html"


def first_sentence(source):
    """Of the comment at the top of an example."""
    said = re.match(r"(?://.*\n)+", source.read_text()).group(0).replace("\n//", "\n")[2:]
    sentence = re.split(r"\n\s*\n|\n {2,}|(?<=[.?])\s+(?=[A-Z])", said)[0]
    return " ".join(sentence.split()).replace("<", "&lt;")


def write_examples(folder):
    """Every example as a page of its own, and a list of them; the pages of what an example uses name it, too."""
    policies = sorted((ROOT / "examples/policies").rglob("*.cpp"))
    sources = sorted((ROOT / "examples").glob("*.cpp")) + [source for source in policies if source.name != "main.cpp"]
    pages = [f"/** \\example {example_name(source)}\n{first_sentence(source)} */\n" for source in sources]
    (folder / "examples.dox").write_text("".join(pages))
    rows = [f'| <a href="{example_page(source)}">{example_name(source)}</a> | {first_sentence(source)} |\n'
            for source in sources]
    (folder / "examples.md").write_text("# Examples {#all-examples}\n\n| source | what |\n| --- | --- |\n" + "".join(rows))


def write_input(folder):
    headers = sorted((ROOT / "include").rglob("*.hpp"))
    types, examples = public_types(headers), policy_examples()
    shutil.rmtree(folder, ignore_errors=True)
    for header in headers:
        to = folder / header.relative_to(ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(convert_header(header, header.read_text(), types, examples))
    for page in pages():
        to = folder / page.relative_to(ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(Markdown(page, types).convert())
    write_examples(folder)
    shutil.copy(HERE / "namespaces.dox", folder)


def navigation(out):
    """Doxygen's own layout with our tabs; those of pages that are not there are left out."""
    layout = out / "layout.xml"
    subprocess.run(["doxygen", "-l", layout], check=True, stdout=subprocess.DEVNULL)
    labels = {"all-examples"} | {label_of(page) for page in pages()}
    lines = [line for line in (HERE / "navigation.xml").read_text().split("\n")
             if not (m := re.search(r'"@ref ([\w-]+)"', line)) or m.group(1) in labels]
    layout.write_text(re.sub(r"<navindex>.*</navindex>", lambda _: "\n".join(lines), layout.read_text(), flags=re.S))
    return layout


def run_doxygen(out, style):
    version = "".join(re.findall(r"NASCENT_VERSION_\w+ (\d+)", (ROOT / "include/nascent/version.hpp").read_text()))
    settings = [f"@INCLUDE = {HERE}/Doxyfile", f"PROJECT_NUMBER = {'.'.join(version)}",
                f"OUTPUT_DIRECTORY = {out}", f"INPUT = {out}/input", f"STRIP_FROM_PATH = {out}/input",
                f"STRIP_FROM_INC_PATH = {out}/input/include", f"EXAMPLE_PATH = {ROOT}/examples",
                f"USE_MDFILE_AS_MAINPAGE = {out}/input/docs/README.md", f"LAYOUT_FILE = {navigation(out)}"]
    if (ROOT / "docs/images").exists():
        settings.append(f"IMAGE_PATH = {ROOT}/docs/images")
    if style:
        settings.append(f"HTML_EXTRA_STYLESHEET = {style}/doxygen-awesome.css {style}/doxygen-awesome-sidebar-only.css")
    shutil.rmtree(out / "html", ignore_errors=True)
    done = subprocess.run(["doxygen", "-"], input="\n".join(settings), text=True, stderr=subprocess.PIPE)
    said = done.stderr.replace(f"{out}/input/", "")
    return [line for line in said.split("\n") if line.strip()] + ([] if done.returncode == 0 else ["doxygen failed"])


class Links(html.parser.HTMLParser):
    """What a page links to, and the anchors it has."""

    def __init__(self, page):
        super().__init__()
        self.links, self.anchors = set(), set()
        self.feed(page.read_text())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.links.add(value)
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)


OWN_DEAD_LINK = "#nested-classes"  # Doxygen's, where all nested types are private


def dead_links(html_folder):
    parsed = {page.name: Links(page) for page in html_folder.glob("*.html")}
    dead = []
    for name, page in sorted(parsed.items()):
        for link in sorted(page.links):
            target = urllib.parse.urlsplit(link)
            if target.scheme or target.netloc or link in ("#", OWN_DEAD_LINK):
                continue
            file = urllib.parse.unquote(target.path) or name
            if not (html_folder / file).exists():
                dead.append(f"html/{name}: {link} leads to no file")
            elif target.fragment and file in parsed and target.fragment not in parsed[file].anchors:
                dead.append(f"html/{name}: {link} leads to no anchor")
    return dead


def policies_without_example(html_folder):
    """Each policy has a page of its own: what it does, its options, an example, its source."""
    return [f"html: no page of {name} names an example" for name in policy_examples()
            if not any("-example.html" in page.read_text() for page in html_folder.glob(f"*nascent_1_1{name}.html"))]


def left_over_commands(html_folder):
    """Doxygen gives no warning where it takes a command for text."""
    shown = [page for page in html_folder.glob("*.html") if not page.name.endswith("_source.html")]
    return [f"html/{page.name}: {found.group(0)} was not understood" for page in sorted(shown)
            if (found := re.search(r"[@\\\\](ref|code|endcode|section) ?\S*", page.read_text()))]


def main():
    parser = argparse.ArgumentParser(description="Builds the documentation as a site, by Doxygen.")
    parser.add_argument("folder", type=pathlib.Path, help="the site is FOLDER/html/index.html")
    parser.add_argument("--style", type=pathlib.Path, default=AWESOME,
                        help=f"folder of doxygen-awesome-css (default: {AWESOME}, Debian's package)")
    arguments = parser.parse_args()
    if not shutil.which("doxygen"):
        print("skipped: there is no doxygen here; cmake/setup.sh docs installs it")
        return 77
    out = arguments.folder.resolve()
    style = arguments.style.resolve()
    if not (style / "doxygen-awesome.css").exists():
        if arguments.style != AWESOME:
            print(f"build.py: --style: {style} has no doxygen-awesome.css; name the folder that has it", file=sys.stderr)
            return 2
        print("the site is in Doxygen's own style: doxygen-awesome-css is not there (Debian's package of this name; "
              "--style FOLDER names another place)")
        style = None
    write_input(out / "input")
    problems = run_doxygen(out, style)
    if not problems:
        problems = [one for check in (dead_links, left_over_commands, policies_without_example) for one in check(out / "html")]
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} warnings or dead links", file=sys.stderr)
        return 1
    print(f"{out}/html/index.html is written: {len(list((out / 'html').glob('*.html')))} pages, no warning, no dead link")
    return 0


if __name__ == "__main__":
    sys.exit(main())
