"""Every code that can be reported has a page in docs/errors, and every page tells the truth: the wrong program or command gives
that code alone, with the message shown and a help, and the mended one none. `burin explain` prints the pages.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root %burin %t
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

root, burin, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
# numpy is Debian's interpreter's; another python3 may stand before it on the path.
environment = dict(os.environ, PATH=os.pathsep.join([os.path.dirname(burin), "/usr/bin", os.environ["PATH"]]))
# What no program or command brings about on any machine: their pages say how they arise.
undemonstrated = {"E0306", "E0506", "E0513", "E0514", "E0515", "E0530", "E0533", "E0599", "W0530"}
if "-fsanitize" in os.environ.get("BURIN_CC", ""):
    undemonstrated.add("E0510")  # its limit on memory is less than what a sanitizer sets aside
pages = {path.stem: path.read_text() for path in sorted((root / "docs/errors").glob("[EW]*.md"))}
failures, demonstrations = [], 0


def run(command, **more):
    return subprocess.run(command, cwd=folder, env=environment, text=True, timeout=120, **more)


def codes(text):
    return re.findall(r"^(?:error|warning)\[([EW]\d{4})\]", text, re.M)


def checked(text):
    (folder / "program.burin").write_text(text)
    return run([burin, "check", "program.burin"], capture_output=True)


def console(body):
    """The commands of a console with what they print, as it would stand there."""
    shown = ""
    for line in body.splitlines():
        if line.startswith("$ "):
            printed = run(["sh", "-c", line[2:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.rstrip()
            shown += line + "\n" + (printed + "\n" if printed else "")
    return shown


def demonstrate(code, blocks):
    """Runs a page's blocks in order; what kinds of demonstration it holds."""
    kinds = []
    for number, (kind, body) in enumerate(blocks):
        found = expected = None
        if kind.startswith("file "):
            (folder / kind[5:]).write_text(body)
        elif kind == "burin wrong":
            found = checked(body)
            expected = blocks[number + 1][1]
            assert blocks[number + 1][0] == "message", code
            good = found.returncode == (0 if code[0] == "W" else 1)
            if found.stderr.strip() != expected.strip() or codes(found.stderr) != [code] or "= help: " not in expected or not good:
                failures.append(f"{code}: the wrong program gives {found.returncode}\n{found.stderr}")
        elif kind == "burin":
            found = checked(body)
            if found.returncode or found.stderr:
                failures.append(f"{code}: the mended program gives\n{found.stderr}")
        elif kind in ("console wrong", "console mended"):
            found = console(body)
            wanted = {code} if kind == "console wrong" else set()
            if found != body or set(codes(found)) != wanted:
                failures.append(f"{code}: {kind}\n{found}")
        elif kind != "message":
            failures.append(f"{code}: a block of kind {kind!r}")
        kinds.append(kind.split()[-1] if kind.startswith(("burin", "console")) else "")
    return kinds


for code, text in pages.items():
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    head, prose = text.split("\n", 2)[0], text.split("\n", 2)[2]
    if not re.fullmatch(rf"# {code}: .{{8,80}}", head) or len(prose.split("```")[0]) < 60:
        failures.append(f"{code}: the page begins with its code and a title, and says in words what it means")
    listed = run([burin, "explain", code.lower()], capture_output=True)
    if listed.stdout != text or listed.returncode:
        failures.append(f"burin explain {code} prints another page")
    if code in undemonstrated:
        continue
    kinds = demonstrate(code, re.findall(r"^```([a-z]+[ \w.]*)\n(.*?)^```$", text, re.M | re.S))
    demonstrations += 1
    if "wrong" not in kinds or not {"mended", "burin"} & set(kinds):
        failures.append(f"{code}: it shows something wrong, and the same mended")

reported = {
    code
    for part in ("compiler", "runtime", "dialects")
    for path in (root / part).rglob("*")
    if path.suffix in (".cpp", ".h", ".td", ".def")
    for code in re.findall(r'"([EW]\d{4})["\:]', path.read_text())
}
assert len(reported) > 70, "codes are not found where they are reported"
if reported != set(pages):
    failures.append(f"without a page: {sorted(reported - set(pages))}; reported by nothing: {sorted(set(pages) - reported)}")
if demonstrations < 60:
    failures.append(f"only {demonstrations} codes are shown by something that is wrong")

index = run([burin, "explain"], capture_output=True)
titles = "".join(f"{code}  {text.splitlines()[0].split(': ', 1)[1]}\n" for code, text in pages.items())
if index.stdout != titles:
    failures.append(f"burin explain lists\n{index.stdout}")
unknown = run([burin, "explain", "E0298"], capture_output=True)
if unknown.returncode != 2 or "there is no code `E0298`" not in unknown.stderr or "did you mean `E02" not in unknown.stderr:
    failures.append(f"an unknown code: {unknown.returncode}\n{unknown.stderr}")
if failures:
    sys.exit("\n\n".join(failures))
