#!/usr/bin/env python3
"""Checks of the tree itself: layering, calls a folder may not make, sizes, dead files, words, pages.

    tidy.py [--root DIRECTORY] [--list] [CHECK...]

Prints each finding as `path:line: check: what is wrong`, exits with 1 when there is one. What stands in
allowed.txt beside this file (`check path why`) is not reported; a line there that excuses nothing is
itself a finding. Only the standard library is used.
"""

import argparse
import ast
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 80


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str


def blank_out(text):
    """C++ without its comments and literals; every line break stays where it was."""
    literal = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'
        r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
        re.DOTALL)
    return literal.sub(lambda found: '""' + "\n" * found[0].count("\n"), text)


class Source:
    def __init__(self, path, data):
        self.path = path
        self.binary = b"\0" in data
        self.text = data.decode("utf-8", errors="replace")

    @cached_property
    def lines(self):
        return self.text.splitlines()

    @cached_property
    def code_lines(self):
        return blank_out(self.text).splitlines()

    @property
    def cxx(self):
        return self.path.endswith((".h", ".cc"))

    @property
    def test(self):
        return self.path.endswith("_test.cc") or self.path.startswith("test/")

    @cached_property
    def includes(self):
        """(line, name) of each #include "name"."""
        found = re.compile(r'\s*#\s*include\s*"([^"]+)"')
        return [(number, match[1]) for number, line in enumerate(self.lines, 1)
                if (match := found.match(line))]


class Tree:
    """The files of the project, by path; `contents` of a test, or read from `root`."""

    def __init__(self, contents):
        self.files = {path: Source(path, data) for path, data in sorted(contents.items())}

    @staticmethod
    def read(root):
        contents = {}
        for path in listed(root):
            full = os.path.join(root, path)
            if os.path.isfile(full) and not os.path.islink(full):
                with open(full, "rb") as file:
                    contents[path] = file.read()
        return Tree(contents)

    def matching(self, *endings):
        return [source for source in self.files.values() if source.path.endswith(endings)]

    @cached_property
    def cxx(self):
        return [source for source in self.files.values() if source.cxx]


def listed(root):
    """What git knows or would add; without git every file outside build folders."""
    asked = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard", "-z"],
                           capture_output=True, check=False)
    if asked.returncode == 0:
        return sorted(set(asked.stdout.decode().split("\0")) - {""})
    paths = []
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name not in ("build", ".git", "__pycache__")]
        paths += [os.path.relpath(os.path.join(folder, name), root) for name in files]
    return sorted(paths)


def literal_text(path):
    """Files that are inputs of tests, byte for byte, or not ours to word."""
    return path.startswith(("test/torture/", "test/fuzz/corpus/", "test/tables/")) or path == "LICENSE"


# --- calls a folder may not make
CLOCK = r"\b(?:system_clock|steady_clock|high_resolution_clock|gettimeofday|clock_gettime|localtime|gmtime)\b|\bstd::time\b"
SLEEP = r"\b(?:sleep_for|sleep_until|usleep|nanosleep|clock_nanosleep)\b|(?<![\w.:>])sleep\s*\("
CHANCE = r"\brandom_device\b|\bgetrandom\b|(?<![\w.:>])s?rand\s*\("
SOCKET = r"<sys/socket\.h>|<netinet/|<arpa/|(?<![\w.:>])(?:socket|bind|recvmmsg|sendmmsg|recvfrom|sendto)\s*\("
THREAD = r"\bstd::(?:j?thread|mutex|shared_mutex|atomic|condition_variable|async|future)\b|\bpthread_|\bthread_local\b"
STREAM = r"<(?:iostream|fstream|sstream|cstdio|filesystem)>"
EXCEPTION = r"\b(?:throw|try|catch)\b"
FLOATING = r"\b(?:float|double)\b"
VIRTUAL = r"\bvirtual\b|\bdynamic_cast\b|\btypeid\b"
PLACE = r"\bgetenv\b|\bstd::locale\b|\bsetlocale\b"
OLD_C = r"(?<![\w.:>])(?:sprintf|strcpy|strcat|gets|atoi|atol|strtok|system|popen)\s*\("

PURE = {"reads a clock": CLOCK, "sleeps": SLEEP, "takes chance from outside": CHANCE,
        "uses sockets": SOCKET, "uses threads": THREAD, "depends on the environment": PLACE}
CORE_ONLY = {"does input or output": STREAM, "uses exceptions": EXCEPTION,
             "uses floating point": FLOATING, "uses virtual functions or RTTI": VIRTUAL}

# (folders, what is banned there, of which sources)
ALL, PRODUCT, TESTS = (lambda source: True), (lambda source: not source.test), (lambda source: source.test)
BANNED = [
    (("src/base/", "src/core/", "sim/"), PURE, ALL),
    (("src/base/", "src/core/"), CORE_ONLY, PRODUCT),
    (("src/", "sim/"), {"takes chance from a generator of its own": r"\bmt19937|\bminstd_rand"}, PRODUCT),
    (("src/", "test/", "tools/", "sim/"), {"uses an unsafe call of old C": OLD_C}, ALL),
    (("src/", "test/", "sim/"), {"switches a test off": r"\bGTEST_SKIP\b|\bDISABLED_\w+"}, ALL),
    (("src/", "test/", "sim/"), {"sleeps instead of waiting for a condition": SLEEP}, TESTS),
]


def banned_calls(tree):
    for source in tree.cxx:
        for folders, bans, which in BANNED:
            if not source.path.startswith(folders) or not which(source):
                continue
            for what, pattern in bans.items():
                for number, line in enumerate(source.code_lines, 1):
                    if found := re.search(pattern, line):
                        yield Finding(source.path, number, f"{what}: {found[0].strip()}")


# --- layers

def rooms(tree):
    """Folder -> (library, libraries it links), from the tandem_room(...) of each CMakeLists.txt."""
    found = {}
    for source in tree.matching("CMakeLists.txt"):
        for call in re.finditer(r"tandem_room\(([^)]*)\)", source.text):
            words = call[1].split()
            name = words[words.index("NAME") + 1]
            depends = []
            if "DEPENDS" in words:
                for word in words[words.index("DEPENDS") + 1:]:
                    if word.isupper():
                        break
                    depends.append(word)
            found[os.path.dirname(source.path)] = (name, depends)
    return found


def reach(name, links):
    """The libraries `name` sees: its own, those it links, and what these link."""
    seen, waiting = set(), [name]
    while waiting:
        library = waiting.pop()
        if library not in seen:
            seen.add(library)
            waiting += links.get(library, [])
    return seen


def layers(tree):
    known = rooms(tree)
    links = dict(known.values())
    folder_of = {name: folder for folder, (name, _) in known.items()}
    for source in tree.cxx:
        room = known.get(os.path.dirname(source.path))
        allowed = {folder_of[name] for name in reach(room[0], links) if name in folder_of} if room else None
        for number, name in source.includes:
            target = "src/" + os.path.dirname(name)
            if target not in known and target != "src/app":
                continue
            if allowed is not None and target not in allowed:
                yield Finding(source.path, number, f'includes "{name}", which {room[0]} does not link')
            elif source.path.startswith("sim/") and target.startswith(("src/shell", "src/app")):
                yield Finding(source.path, number, f'includes "{name}": the simulator never sees the shell')
            elif target == "src/app" and not source.path.startswith("src/app/"):
                yield Finding(source.path, number, f'includes "{name}": nothing stands on the program')


def layer_order(tree):
    """The core links no room of the shell, and the base links nothing of ours."""
    for folder, (name, depends) in rooms(tree).items():
        for other in depends:
            outside = (name.startswith("tandem_core") and other.startswith("tandem_shell")) or (
                name == "tandem_base" and other.startswith("tandem_"))
            if outside:
                yield Finding(folder + "/CMakeLists.txt", 1, f"{name} links {other}")


# --- sizes

def file_sizes(tree):
    for source in tree.matching(".h", ".cc", ".py", ".sh", ".cmake", "CMakeLists.txt"):
        if len(source.lines) > MAX_FILE_LINES:
            yield Finding(source.path, 1, f"{len(source.lines)} lines, at most {MAX_FILE_LINES}: "
                                          "which idea hides in it?")


def cxx_functions(code):
    """(first line, lines, head) of every function body that is not inside another one."""
    head_start, line, depth_of_body, depth = 0, 1, None, 0
    first, head = 0, ""
    for position, letter in enumerate(code):
        if letter == "\n":
            line += 1
        elif letter == "{":
            if depth_of_body is None:
                head = " ".join(code[head_start:position].split())
                if is_function(head):
                    depth_of_body, first = depth, line
            depth += 1
            head_start = position + 1
        elif letter == "}":
            depth -= 1
            head_start = position + 1
            if depth_of_body == depth:
                yield first, line - first + 1, head
                depth_of_body = None
        elif letter == ";":
            head_start = position + 1


def is_function(head):
    if re.search(r"\b(namespace|enum|union|class|struct)\b[^()]*$", head):
        return False
    return re.search(r"\)\s*(const|noexcept|override|final|mutable|&|\s)*(->.*)?$", head) is not None or (
        re.search(r"\)\s*(noexcept\s*)?:\s*\w", head) is not None)


def function_sizes(tree):
    for source in tree.cxx:
        for first, count, head in cxx_functions(blank_out(source.text)):
            if count > MAX_FUNCTION_LINES:
                yield Finding(source.path, first, f"{count} lines in one function, at most "
                                                  f"{MAX_FUNCTION_LINES}: {head[-60:]}")
    for source in tree.matching(".py"):
        for node in ast.walk(ast.parse(source.text)):
            if isinstance(node, ast.FunctionDef):
                count = node.end_lineno - node.lineno + 1
                if count > MAX_FUNCTION_LINES:
                    yield Finding(source.path, node.lineno, f"{count} lines in {node.name}, at most "
                                                            f"{MAX_FUNCTION_LINES}")


# --- dead files

def unused_headers(tree):
    included = {name for source in tree.cxx for _, name in source.includes}
    included |= {name for source in tree.matching(".cmake")
                 for name in re.findall(r'#include "([^"]+)"', source.text)}
    for source in tree.matching(".h"):
        parts = source.path.split("/")
        if not {"/".join(parts[start:]) for start in range(len(parts))} & included:
            yield Finding(source.path, 1, "no file includes it")


def unbuilt_sources(tree):
    lists = {os.path.dirname(source.path): source.text for source in tree.matching("CMakeLists.txt")}
    everything = "\n".join(lists.values())
    for source in tree.matching(".cc"):
        folder, name = os.path.split(source.path)
        while folder and folder not in lists:
            folder = os.path.dirname(folder)
        inside = source.path[len(folder) + 1 if folder else 0:]
        if not names_source(lists.get(folder, ""), inside, name) and (
                "/".join(source.path.split("/")[-2:]) not in everything):
            yield Finding(source.path, 1, "no CMakeLists.txt builds it")


def names_source(lists, inside, name):
    """A list file builds what it globs (a room globs its folder), names, or names without ending."""
    if inside == name and re.search(r"tandem_room\(|GLOB\w* .*[ /(]\*\.cc", lists):
        return True
    globs = re.findall(r"([\w./]*\*[\w.*]*\.cc)", lists)
    if any(re.fullmatch(glob.replace(".", r"\.").replace("*", "[^/]*"), inside) for glob in globs):
        return True
    return re.search(rf"(?<![\w/]){re.escape(inside.removesuffix('.cc'))}(?:\.cc)?(?![\w.])", lists) is not None


def unread_data(tree):
    """Every input of a test is named, or stands in a folder that is named, by something that runs."""
    words = set()
    for source in tree.files.values():
        if source.path.endswith((".cc", ".h", ".py", ".sh", "CMakeLists.txt")):
            words.update(re.findall(r"[\w.-]+", source.text))
    for source in tree.files.values():
        path = source.path
        if not path.startswith("test/") or path.endswith((".cc", ".h", ".py", ".sh", ".txt", ".md")) or (
                "/." in path):
            continue
        if not words & set(path.split("/")[1:]):
            yield Finding(path, 1, "no test reads it")


# --- words
# In pieces, so that this file does not find itself.
MARKERS = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK", "unimple" + "mented",
                                            "not yet imple" + "mented")) + r")\b")
EMPTY_NAMES = re.compile(r"(?:^|_|(?<=[a-z]))(?i:utils?|common|helpers?|manager|misc)(?=$|_|[A-Z])")
DECLARED = re.compile(r"\b(?:class|struct|enum class|enum|namespace|concept)\s+(\w+)")


def unfinished_markers(tree):
    for source in tree.files.values():
        if source.binary or literal_text(source.path) or source.path.startswith("docs/reference/"):
            continue
        for number, line in enumerate(source.lines, 1):
            if found := MARKERS.search(line):
                yield Finding(source.path, number, f"{found[0]}: finish it or leave it out")


def empty_words(tree):
    """Names that say nothing of what is in the thing."""
    for source in tree.files.values():
        stem = os.path.basename(source.path).split(".")[0]
        if not literal_text(source.path) and EMPTY_NAMES.search(stem):
            yield Finding(source.path, 1, f"{stem}: a name says what is in the file")
        if source.cxx:
            for number, line in enumerate(source.code_lines, 1):
                for name in DECLARED.findall(line):
                    if EMPTY_NAMES.search(name):
                        yield Finding(source.path, number, f"{name}: a name says what the thing is")


# --- form

def blanks(tree):
    for source in tree.files.values():
        path = source.path
        if source.binary or literal_text(path) or path.endswith((".tsv", ".svg")):
            continue
        if source.text and not source.text.endswith("\n"):
            yield Finding(path, len(source.lines), "the last line does not end")
        for number, line in enumerate(source.text.split("\n"), 1):
            if line != line.rstrip():
                yield Finding(path, number, "ends with a blank")
            if "\t" in line and os.path.basename(path) != "Makefile":
                yield Finding(path, number, "has a tab")


def merge_markers(tree):
    for source in tree.files.values():
        if not source.binary and not literal_text(source.path):
            for number, line in enumerate(source.lines, 1):
                if re.match(r"(<{7} |>{7} |={7}$)", line):
                    yield Finding(source.path, number, "is left from a merge")


def header_form(tree):
    for source in tree.matching(".h"):
        if not source.text.startswith("//"):
            yield Finding(source.path, 1, "a header opens with a comment: what it is, and what it is not")
        if "#pragma once" not in source.text:
            yield Finding(source.path, 1, "has no #pragma once")


def dead_code(tree):
    """Comments that are code. An example in a comment is indented, prose ends like prose."""
    code = re.compile(r"\s*//\s?(?:(?:if|for|while|switch) ?\(.*[;{]"
                      r"|(?:return|auto|const|static|std::)\b.*[=(:\w]\S*;|else \{"
                      r"|#\s*include\b.*|[\w:.>\-\[\]]+\(.*\);|[\w:.>\-\[\]]+ (?:=|\+=|-=) .*;|\})\s*$")
    for source in tree.cxx:
        for number, line in enumerate(source.lines, 1):
            if code.match(line):
                yield Finding(source.path, number, "code in a comment: " + line.strip()[:60])


# --- pages

def prose(source):
    """The lines of a page, those of its code blocks empty."""
    inside = False
    for line in source.lines:
        fence = re.match(r"\s*(```|~~~)", line) is not None
        inside = inside != fence
        yield "" if inside or fence else line


def headings(source):
    return [line for line in prose(source) if line.startswith("#")]


def anchor(title):
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title.strip().lower())
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def one_title(tree):
    for source in tree.matching(".md"):
        titles = [line for line in headings(source) if re.match(r"# ", line)]
        if len(titles) != 1 or not source.text.startswith("# "):
            yield Finding(source.path, 1, f"{len(titles)} titles; a page opens with its only one")


def broken_links(tree):
    folders = {os.path.dirname(path) for path in tree.files}
    folders |= {"/".join(folder.split("/")[:count]) for folder in set(folders)
                for count in range(1, folder.count("/") + 1)}
    for source in tree.matching(".md"):
        for number, line in enumerate(prose(source), 1):
            for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, part = target.partition("#")
                full = os.path.normpath(os.path.join(os.path.dirname(source.path), path)) if path else source.path
                if full not in tree.files and full not in folders:
                    yield Finding(source.path, number, f"leads to {target}, which is not there")
                elif part and full.endswith(".md") and full in tree.files:
                    titles = {anchor(title.lstrip("#")) for title in headings(tree.files[full])}
                    if part not in titles:
                        yield Finding(source.path, number, f"leads to {target}: no such heading")


CHECKS = {check.__name__: check for check in (
    banned_calls, layers, layer_order, file_sizes, function_sizes, unused_headers,
    unbuilt_sources, unread_data, unfinished_markers, empty_words, blanks, merge_markers, header_form,
    dead_code, one_title, broken_links)}

# --- the run
ALLOWED = "tools/tidy/allowed.txt"


def exceptions(tree):
    """(check, path) -> line of allowed.txt."""
    found = {}
    source = tree.files.get(ALLOWED)
    for number, line in enumerate(source.lines if source else [], 1):
        words = line.split(None, 2)
        if words and not line.startswith("#"):
            found[tuple(words[:2])] = number if len(words) == 3 else -number
    return found


def run(tree, names=None):
    allowed, used, findings = exceptions(tree), set(), []
    for name, check in CHECKS.items():
        if names and name not in names:
            continue
        for finding in check(tree):
            if (name, finding.path) in allowed:
                used.add((name, finding.path))
            else:
                findings.append((finding.path, finding.line, name, finding.text))
    for (name, path), number in allowed.items():
        if number < 0:
            findings.append((ALLOWED, -number, "allowed", "says no reason"))
        elif (not names or name in names) and (name, path) not in used:
            findings.append((ALLOWED, number, "allowed", f"{name} {path} excuses nothing; take it out"))
    return sorted(findings)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--root", default=os.path.join(os.path.dirname(__file__), "..", ".."))
    options.add_argument("--list", action="store_true", help="print the names of the checks")
    options.add_argument("checks", nargs="*", metavar="CHECK", help="only these")
    given = options.parse_args()
    if given.list:
        print("\n".join(CHECKS))
        return 0
    findings = run(Tree.read(os.path.abspath(given.root)), given.checks)
    for path, line, name, text in findings:
        print(f"{path}:{line}: {name}: {text}")
    print(f"tidy: {len(findings)} findings" if findings else "tidy: nothing to say")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
