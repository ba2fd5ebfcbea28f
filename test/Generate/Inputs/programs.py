"""Random programs, each compiled in several ways and interpreted: the files that they save and what they record are the same bytes. NaNs are
one value: which bits a NaN has is no result. A program that fails is reduced, and its seed printed.

programs.py [--count N] [--seed S] [--bundle N] [--variants N] [--folder DIR] [--keep]
programs.py --language --count N [--seed S]    of texts in the language (language.py), each third in the random variants, too
programs.py --modules DIR       of the modules in a folder, instead of random ones
programs.py --holds KIND --variant-seed S FILE.mlir    whether a module fails in this way (for the reduction)
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import language
import numpy

BUILD = pathlib.Path(os.environ.get("BURIN_BUILD", pathlib.Path(__file__).resolve().parents[3] / "build"))
TOOL = BUILD / "bin" / "burin-generate"
KINDS = {"F32": "<f4", "F64": "<f8", "F16": "<f2", "BF16": "<u2", "I32": "<i4", "I64": "<i8", "U8": "u1", "U16": "<u2", "BOOL": "u1"}


class Failure(Exception):
    """What went wrong, and in which words it is said if it goes wrong again."""

    def __init__(self, kind, detail=""):
        super().__init__(f"{kind} {detail}".strip())
        self.kind = kind


def run(command, **more):
    """Exit code and output; a signal or too long a time is a code of its own."""
    try:
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=300, **more)
        return done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired:
        return "timeout", ""


def first_line(text):
    """Of an error, without what is of one program alone: the way it is said again."""
    found = re.search(r"error: (.*)", text)
    return re.sub(r"'.*?'|`.*?`|!burin\S*<.*?>+|\d+", "…", found[1])[:100] if found else ""


def summary(text):
    """Of what a compiler said, the errors and the frames of a crash that are ours."""
    lines = [re.sub(r" \(/.*", "", line) for line in text.splitlines() if "error:" in line or re.search(r"^ *#.*\bburin::|Assert", line)]
    return "\n".join(line[:300] for line in lines[:12])


def tensors(path):
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    for name, tensor in header.items():
        if name != "__metadata__":
            start, end = tensor["data_offsets"]
            values = numpy.frombuffer(data[8 + length + start : 8 + length + end], KINDS[tensor["dtype"]])
            yield name, (values.astype("<u4") << 16).view("<f4") if tensor["dtype"] == "BF16" else values


def difference(found, expected):
    """What differs between two saved files, or nothing."""
    if found.read_bytes() == expected.read_bytes():
        return None
    for (name, a), (other, b) in zip(tensors(found), tensors(expected), strict=True):
        assert name == other and a.dtype == b.dtype and a.size == b.size, (found, name)
        same = (a.view(f"u{a.itemsize}") == b.view(f"u{b.itemsize}")) | ((a != a) & (b != b))
        if not same.all():
            i = int(numpy.argmin(same))
            return f"{name}: {int((~same).sum())} of {same.size} elements, first [{i}] {a[i]!r} for {b[i]!r}"
    return None


def compare(found, expected, task):
    files = [sorted(path.name for path in folder.glob(f"{task}.*safetensors")) for folder in (found, expected)]
    if files[0] != files[1] or not files[0]:
        return f"saved {files[0]} for {files[1]}"
    for name in files[0]:
        if said := difference(found / name, expected / name):
            return f"{name}: {said}"
    logs = [folder / f"{task}.jsonl" for folder in (found, expected)]
    a, b = (log.read_text().splitlines() if log.exists() else [] for log in logs)
    return next((f"recorded {x} for {y}" for x, y in zip(a, b) if x != y), None if len(a) == len(b) else "fewer records")


def check(file, folder, variants, seed):
    """What fails of a module's programs: task -> Failure. Raises what concerns all of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    code, text = run([TOOL, "build", file, "--folder", folder, "--variants", variants, "--seed", seed])
    ways = re.findall(r"variant \d+: (.*)", text)
    if code != 0:
        frame = re.search(r"^ *#\d+ \S+ (?:burin::|\(anonymous namespace\)::)(\w[\w:]*)", text, re.M)
        how = f"crashes in {frame[1] if frame else '?'}" if code not in (1, "timeout") else "hangs" if code == "timeout" else "refuses it: " + first_line(text)
        raise Failure(f"the compiler {how}", f"{' '.join(ways[-1:])}\n{summary(text)}")
    failures = {}
    for task in re.findall(r"task\.task @(\w+)\(", file.read_text()):
        try:
            for i, way in enumerate(ways):
                out = folder / f"out{i}"
                out.mkdir(exist_ok=True)
                more = ["--poison", "--threads", 3] if i else ["--threads", 1]
                code, text = run([folder / f"variant{i}", task, "--directory", out, "--log", f"{task}.jsonl", *more])
                if code != 0:
                    raise Failure(f"variant {i} ends with {code}", f"({way})\n{text[-500:]}")
                if said := compare(out, folder / "out0", task):
                    raise Failure(f"variant {i} differs from -O0", f"({way})\n  {said}")
            if said := compare(folder / "out0", folder / "expected", task):
                raise Failure("compiled code differs from the interpreter", f"\n  {said}")
        except Failure as failure:
            failures[task] = failure
    return failures


class Campaign:
    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(options.folder or tempfile.mkdtemp(prefix="burin-programs"))
        self.failed = 0

    def module(self, seed, count):
        file = self.folder / f"{seed}-{count}.mlir"
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(file, "w") as out:
            code = subprocess.run([TOOL, "make", f"--seed={seed}", f"--count={count}"], stdout=out).returncode
        if code:
            raise Failure("the generator fails", f"with {code} for seeds from {seed}")
        return file

    def program(self, seed):
        """One text in the language."""
        text, file = self.folder / f"{seed}.burin", self.folder / f"{seed}.mlir"
        self.folder.mkdir(parents=True, exist_ok=True)
        program = language.Program(seed, self.folder.resolve())
        text.write_text(program.text())
        data = [self.folder / name for name in program.files]
        for path in data:
            path.write_text(program.files[path.name])
        try:
            code, said = run([BUILD / "bin" / "burin", "build", text, "--emit=graph", "-o", file])
            if code:
                raise Failure("the compiler refuses the text", said)
            failures = check(file, self.folder / "run", self.options.variants if seed % 3 == 0 else 0, seed)
        except Failure as failure:
            failures = {f"p{seed}": failure}
        for failure in failures.values():
            self.report(seed, failure, seed, file)
        if not failures:
            for path in (file, text, *data):
                path.unlink()

    def bundle(self, seed, count):
        """Many programs in one module; what concerns the whole is looked for in halves."""
        file = None
        try:
            file = self.module(seed, count)
            failures = check(file, self.folder / "run", self.options.variants, seed)
        except Failure as failure:
            if count > 1:
                self.bundle(seed, count // 2)
                self.bundle(seed + count // 2, count - count // 2)
                return
            failures = {f"p{seed}": failure}
        for task, failure in failures.items():
            self.report(int(task[1:]), failure, seed)
        if file and not failures:
            file.unlink()

    def report(self, seed, failure, variant_seed, file=None):
        self.failed += 1
        print(f"seed {seed}: {failure}", flush=True)
        if self.options.no_reduce:
            return
        try:
            file = file or self.module(seed, 1)
        except Failure:
            return
        if not file.exists():
            return
        test = f"{sys.executable} {__file__} --variants {self.options.variants} --variant-seed {variant_seed} --holds '{failure.kind}'"
        smaller = file.with_suffix(".reduced.mlir")
        code, text = run([TOOL, "reduce", file, "--test", test])
        if code == 0:
            smaller.write_text(text)
            print(f"{text}reduced in {smaller}", flush=True)

    def run(self):
        start, seed, end = time.time(), self.options.seed, self.options.seed + self.options.count
        while seed < end:
            count = 1 if self.options.language else min(self.options.bundle, end - seed)
            self.program(seed) if self.options.language else self.bundle(seed, count)
            seed += count
            if self.options.progress:
                print(f"{seed - self.options.seed} programs, {self.failed} failed, {time.time() - start:.0f} s", flush=True)
        print(f"{self.options.count} programs from seed {self.options.seed}: {self.failed} failed")
        if not self.options.keep:
            shutil.rmtree(self.folder / "run", ignore_errors=True)
        return 1 if self.failed else 0


def modules(options):
    """Programs that once failed."""
    failed, files = 0, sorted(pathlib.Path(options.modules).glob("*.mlir"))
    for file in files:
        with tempfile.TemporaryDirectory(prefix="burin-programs") as folder:
            try:
                failures = check(file, pathlib.Path(folder) / "run", options.variants, options.seed)
            except Failure as failure:
                failures = {file.stem: failure}
        for task, failure in failures.items():
            failed += 1
            print(f"{file}: {task}: {failure}")
    print(f"{len(files)} modules: {failed} programs failed")
    return 1 if failed or not files else 0


def holds(options):
    with tempfile.TemporaryDirectory(prefix="burin-programs") as folder:
        try:
            failures = check(pathlib.Path(options.file), pathlib.Path(folder) / "run", options.variants, options.variant_seed)
            return 0 if any(f.kind == options.holds for f in failures.values()) else 1
        except Failure as failure:
            return 0 if failure.kind == options.holds else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bundle", type=int, default=25, help="programs in a module")
    parser.add_argument("--variants", type=int, default=1, help="random ways of compiling, besides -O0 and -O2")
    parser.add_argument("--folder", help="where modules and executables go")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--progress", action="store_true")
    parser.add_argument("--no-reduce", action="store_true")
    parser.add_argument("--language", action="store_true")
    parser.add_argument("--modules", metavar="DIR")
    parser.add_argument("--holds", metavar="KIND")
    parser.add_argument("--variant-seed", type=int, default=0)
    parser.add_argument("file", nargs="?")
    options = parser.parse_args()
    sys.exit(holds(options) if options.holds else modules(options) if options.modules else Campaign(options).run())


if __name__ == "__main__":
    main()
