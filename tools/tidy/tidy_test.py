#!/usr/bin/env python3
"""Each check of tidy.py finds what it is for, and leaves alone what only looks like it."""

import unittest

import tidy

ROOM = "tandem_room(NAME {} CORE DEPENDS {})\n"

# check -> [(files with a fault, path of the finding)], [files without]
CASES = {
    "banned_calls": (
        [({"src/core/call/call.cc": "int now = std::time(nullptr);\n"}, "src/core/call/call.cc"),
         ({"src/core/call/call.cc": "void f() { throw 1; }\n"}, "src/core/call/call.cc"),
         ({"src/core/call/call.h": "#include <thread>\nstd::mutex m;\n"}, "src/core/call/call.h"),
         ({"src/core/call/call_test.cc": "auto t = steady_clock::now();\n"}, "src/core/call/call_test.cc"),
         ({"sim/world.cc": "#include <sys/socket.h>\n"}, "sim/world.cc"),
         ({"src/shell/net/net.cc": "std::mt19937 r;\n"}, "src/shell/net/net.cc"),
         ({"src/shell/net/net_test.cc": "std::this_thread::sleep_for(1s);\n"}, "src/shell/net/net_test.cc"),
         ({"src/app/main.cc": "int n = atoi(text);\n"}, "src/app/main.cc"),
         ({"test/api/api_test.cc": "TEST(Api, DISABLED_answers) {}\n"}, "test/api/api_test.cc")],
        [{"src/core/call/call.cc": "// throws at a time\nauto t = \"steady_clock\"; double_(x);\n"},
         {"src/core/call/call_test.cc": "std::mt19937 fixed(7); double x = 1;\n"},
         {"src/shell/clock/clock.cc": "auto t = steady_clock::now();\n"},
         {"src/core/call/call.cc": "exchange.socket(1); // socket(\n"}]),
    "layers": (
        [({"src/core/leg/CMakeLists.txt": ROOM.format("tandem_core_leg", "tandem_base"),
           "src/core/call/CMakeLists.txt": ROOM.format("tandem_core_call", "tandem_core_leg"),
           "src/core/leg/leg.cc": '#include "core/call/call.h"\n'}, "src/core/leg/leg.cc"),
         ({"src/shell/net/CMakeLists.txt": ROOM.format("tandem_shell_net", "tandem_base"),
           "sim/world.cc": '#include "shell/net/net.h"\n'}, "sim/world.cc"),
         ({"test/api/api_test.cc": '#include "app/line.h"\n'}, "test/api/api_test.cc")],
        [{"src/base/CMakeLists.txt": ROOM.format("tandem_base", ""),
          "src/core/leg/CMakeLists.txt": ROOM.format("tandem_core_leg", "tandem_base"),
          "src/core/call/CMakeLists.txt": ROOM.format("tandem_core_call", "tandem_core_leg"),
          "src/core/call/call.cc": '#include "core/leg/leg.h"\n#include "base/time.h"\n'}]),
    "layer_order": (
        [({"src/core/leg/CMakeLists.txt": ROOM.format("tandem_core_leg", "tandem_shell_net")},
          "src/core/leg/CMakeLists.txt"),
         ({"src/base/CMakeLists.txt": ROOM.format("tandem_base", "tandem_core_leg")},
          "src/base/CMakeLists.txt")],
        [{"src/shell/net/CMakeLists.txt": ROOM.format("tandem_shell_net", "tandem_core_sip")}]),
    "file_sizes": (
        [({"src/core/sip/sip.cc": "int x;\n" * 501}, "src/core/sip/sip.cc")],
        [{"src/core/sip/sip.cc": "int x;\n" * 500}]),
    "function_sizes": (
        [({"src/core/sip/sip.cc": "namespace a {\nint f(int x) {\n" + "  ++x;\n" * 80 + "}\n}\n"},
          "src/core/sip/sip.cc"),
         ({"sim/a.cc": "A::A(int x) : x_(x) {\n" + "  ++x_;\n" * 80 + "}\n"}, "sim/a.cc"),
         ({"tools/a.py": "def f():\n" + "    g()\n" * 80}, "tools/a.py")],
        [{"src/core/sip/sip.cc": "namespace a {\nint f(int x) {\n" + "  ++x;\n" * 78 + "}\n}\n"},
         {"src/core/sip/sip.cc": "class A {\n" + "  int f() { return 1; }\n" * 90 + "};\n"},
         {"src/core/sip/sip.cc": "constexpr Row kRows[] = {\n" + "  {1, \"{\"},\n" * 90 + "};\n"}]),
    "unused_headers": (
        [({"src/core/sip/uri.h": "", "src/core/sip/sip.cc": '#include "core/sip/message.h"\n'},
          "src/core/sip/uri.h")],
        [{"src/core/sip/uri.h": "", "src/core/sip/sip.cc": '#include "core/sip/uri.h"\n'}]),
    "unbuilt_sources": (
        [({"test/CMakeLists.txt": "add_subdirectory(api)\n", "test/fuzz/fuzz_sdp.cc": ""},
          "test/fuzz/fuzz_sdp.cc"),
         ({"src/core/CMakeLists.txt": "# file(GLOB x *.cc) is for rooms\n", "src/core/sip/sip.cc": ""},
          "src/core/sip/sip.cc")],
        [{"src/core/sip/CMakeLists.txt": ROOM.format("tandem_core_sip", ""), "src/core/sip/sip.cc": ""},
         {"test/bench/CMakeLists.txt": "x(${TEST}/support/counter.cc)\n", "test/support/counter.cc": ""},
         {"test/fuzz/CMakeLists.txt": "file(GLOB fuzzers fuzz_*.cc)\n", "test/fuzz/fuzz_sdp.cc": ""},
         {"test/bench/CMakeLists.txt": "tandem_bench(journal_bench x)\n", "test/bench/journal_bench.cc": ""}]),
    "unread_data": (
        [({"test/ladders/lost.ladder": "given\n", "test/api/api_test.cc": 'run("api")\n'},
          "test/ladders/lost.ladder")],
        [{"test/ladders/a.ladder": "", "test/player/player.cc": 'run("test/ladders")\n'},
         {"test/tables/end-reasons.tsv": "", "src/core/cause/cause_test.cc": 'read("end-reasons.tsv")\n'}]),
    "unfinished_markers": (
        [({"src/core/sip/sip.cc": "// TO" + "DO: more\n"}, "src/core/sip/sip.cc"),
         ({"docs/page.md": "FIX" + "ME\n"}, "docs/page.md")],
        [{"src/core/sip/sip.cc": "// the method is todos los santos\n"},
         {"test/torture/xxx.sip": "X" * 3 + "\n"}]),
    "empty_words": (
        [({"src/core/sip/sip_util.cc": ""}, "src/core/sip/sip_util.cc"),
         ({"src/core/sip/sip.h": "class CallManager {\n"}, "src/core/sip/sip.h")],
        [{"src/core/sip/sip.h": "struct Utility {\n"}, {"src/core/sip/commons.h": ""}]),
    "blanks": (
        [({"src/a.cc": "int x; \n"}, "src/a.cc"), ({"src/a.cc": "\tint x;\n"}, "src/a.cc"),
         ({"README.md": "no end"}, "README.md"), ({"a.sh": "crlf\r\n"}, "a.sh")],
        [{"Makefile": "a:\n\tb\n"}, {"test/torture/a.dat": "a \r\n"}, {"src/a.cc": ""}]),
    "merge_markers": (
        [({"src/a.cc": "<" * 7 + " HEAD\n"}, "src/a.cc"), ({"src/a.cc": "=" * 7 + "\n"}, "src/a.cc")],
        [{"docs/a.md": "========\n"}]),
    "header_form": (
        [({"src/a.h": "#pragma once\n"}, "src/a.h"), ({"src/a.h": "// What it is.\n"}, "src/a.h")],
        [{"src/a.h": "// What it is.\n#pragma once\n"}]),
    "dead_code": (
        [({"src/a.cc": "  // call.end(now);\n"}, "src/a.cc"),
         ({"src/a.cc": "// if (x) {\n"}, "src/a.cc"),
         ({"src/a.cc": "// #include <thread>\n"}, "src/a.cc"),
         ({"src/a.cc": "// x = 3;\n"}, "src/a.cc")],
        [{"src/a.cc": "// if the caller hangs up, so do we;\n// return values are checked\n"},
         {"src/a.cc": "//   tandem_room(NAME a);\n"}]),
    "one_title": (
        [({"docs/a.md": "# A\n# B\n"}, "docs/a.md"), ({"docs/a.md": "text\n"}, "docs/a.md")],
        [{"docs/a.md": "# A\n\n```\n# a comment\n```\n"}]),
    "broken_links": (
        [({"docs/a.md": "# A\n[b](b.md)\n"}, "docs/a.md"),
         ({"docs/a.md": "# A\n[b](b.md#no)\n", "docs/b.md": "# B\n"}, "docs/a.md"),
         ({"docs/a.md": "# A\n[b](#no)\n"}, "docs/a.md")],
        [{"docs/a.md": "# A\n[b](../docs/b.md#some-words)\n", "docs/b.md": "# B\n\n## Some `words`\n"},
         {"docs/a.md": "# A\n[web](https://example.com) `[b](b.md)` [folder](../docs)\n"}]),
}


def tree(files):
    return tidy.Tree({path: text.encode() for path, text in files.items()})


class Checks(unittest.TestCase):
    def test_every_check_is_tried(self):
        self.assertEqual(set(CASES), set(tidy.CHECKS))

    def test_faults_are_found(self):
        for name, (faulty, _) in CASES.items():
            for files, path in faulty:
                with self.subTest(check=name, files=files):
                    self.assertIn(path, [found.path for found in tidy.CHECKS[name](tree(files))])

    def test_good_files_are_left_alone(self):
        for name, (_, good) in CASES.items():
            for files in good:
                with self.subTest(check=name, files=files):
                    self.assertEqual([], list(tidy.CHECKS[name](tree(files))))


class Exceptions(unittest.TestCase):
    FAULT = {"src/a.cc": "int x; \n"}

    def test_an_exception_with_a_reason_excuses(self):
        files = {**self.FAULT, tidy.ALLOWED: "blanks src/a.cc it must be so\n"}
        self.assertEqual([], tidy.run(tree(files), ["blanks"]))

    def test_an_exception_without_a_reason_is_a_finding(self):
        files = {**self.FAULT, tidy.ALLOWED: "blanks src/a.cc\n"}
        self.assertEqual([tidy.ALLOWED], [path for path, *_ in tidy.run(tree(files), ["blanks"])])

    def test_an_exception_that_excuses_nothing_is_a_finding(self):
        files = {tidy.ALLOWED: "blanks src/gone.cc it was so\n"}
        self.assertEqual([tidy.ALLOWED], [path for path, *_ in tidy.run(tree(files), ["blanks"])])


class Text(unittest.TestCase):
    def test_lines_stay_where_they_are_without_comments_and_literals(self):
        text = 'a /* b\nc */ d "e//f" g R"x(h\n)x" i // j\n1\'000 \'"\' k\n'
        self.assertEqual(text.count("\n"), tidy.blank_out(text).count("\n"))
        for letter in "bcefhj":
            self.assertNotIn(letter, tidy.blank_out(text))
        for letter in "adgik":
            self.assertIn(letter, tidy.blank_out(text))


if __name__ == "__main__":
    unittest.main()
