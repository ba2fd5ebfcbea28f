"""Where a program runs: folders that can't be written, no HOME, terminals, closed pipes, locales, processors.

RUN: %python %s %S/Inputs %t
"""
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2], "-DPAUSE=if(getenv(\"STOP\"))raise(SIGINT)", "-include", "signal.h")
plain = s.succeeds("train", "--epochs", 2)
weights = (s.folder / "w.safetensors").read_bytes()

# No environment at all, but what a sanitizer is told: the same.
done = s.run("train", "--epochs", 2, env={name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
assert (done.returncode, done.stdout.decode(), done.stderr) == (0, plain, b"") and (s.folder / "w.safetensors").read_bytes() == weights

# A folder that can't be written: what is there stays, and the path and the reason are said. Root writes everywhere, so another user runs it.
fixed = s.folder / "fixed"
fixed.mkdir()
(fixed / "w.safetensors").write_bytes(b"old")
fixed.chmod(0o555)
other = (lambda: os.setuid(65534)) if os.geteuid() == 0 else None
for path in (s.folder, *s.folder.parents) if other else ():
    if path.stat().st_mode & 0o005 != 0o005:
        break
else:
    run = lambda **env: s.run("train", "--directory", "fixed", preexec_fn=other, env={**os.environ, **env})
    done = run()
    assert done.returncode == 1 and done.stdout.decode() == plain, done
    assert done.stderr.decode() == "error[E0520]: can't write the file: Permission denied\n  --> w.safetensors\n  = help: the file that was there before is untouched\n"
    done = run(STOP="1")  # asked to stop, and can't keep the run
    assert done.returncode == 1 and b"error[E0530]: can't write the file: Permission denied\n  --> sample-train.checkpoint.safetensors\n" in done.stderr, done
    assert [f.name for f in fixed.iterdir()] == ["w.safetensors"] and (fixed / "w.safetensors").read_bytes() == b"old"
fixed.chmod(0o755)


def terminal(name):
    """What a run of two iterations shows on a terminal."""
    main, other_end = pty.openpty()
    environment = {**os.environ, "TERM": name}
    process = subprocess.Popen([s.folder / "sample", "train"], cwd=s.folder, stdout=other_end, stderr=subprocess.PIPE, env=environment)
    os.close(other_end)
    shown = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(main)
    assert process.wait() == 0 and process.stderr.read() == b""
    process.stderr.close()
    return shown.decode().replace("\r\n", "\n")


assert "\r" in terminal("xterm")
assert terminal("dumb") == plain, "no line is redrawn where that can't be"

# Output to a pipe that is closed: a run with a loop is kept as with any other signal; one without ends as is usual.
script = "./sample train --epochs 100000000 --seed 4 | head -n 2; echo code ${PIPESTATUS[0]}"
done = subprocess.run(["bash", "-c", script], cwd=s.folder, capture_output=True, text=True, timeout=60)
assert done.stdout.endswith("code 141\n") and re.fullmatch(r"stopped by SIGPIPE at .*; the run is kept in sample-train.checkpoint.safetensors, .*\n", done.stderr), done
(s.folder / "sample-train.checkpoint.safetensors").unlink()
closed = lambda: (signal.signal(signal.SIGPIPE, signal.SIG_IGN), os.close(1), os.open("/dev/full", os.O_WRONLY))
done = subprocess.run([s.folder / "sample", "train"], cwd=s.folder, stderr=subprocess.PIPE, preexec_fn=closed)
assert done.returncode == 1 and b"error[E0511]: the output can't be written" in done.stderr, done
s.fails(["train", "--log", "/dev/full"], 1, "error[E0511]")

# A locale that writes numbers with a comma, set by the environment or by whoever starts the program's main.
(s.folder / "data.csv").write_text("".join(f"{i}.5,1,2,{i},left,3\n" for i in range(10)))
shown = s.succeeds("show")
assert " 0.5 " in shown
available = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()
comma = next((l for l in available if re.match(r"(de|fr|es|it|ru)_", l)), None)
folder = s.folder / "locales"
if not comma:
    folder.mkdir()
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", folder / "de_DE.UTF-8"], capture_output=True)
    comma = "de_DE.UTF-8" if (folder / "de_DE.UTF-8").exists() else None
if not comma:  # no source of a locale is installed: one whose numbers have a comma, and nothing else
    (folder / "comma").write_text('LC_NUMERIC\ndecimal_point "<U002C>"\nthousands_sep "<U002E>"\ngrouping 3;3\nEND LC_NUMERIC\n')
    subprocess.run(["localedef", "--no-archive", "-c", "-i", folder / "comma", "-f", "UTF-8", folder / "comma.UTF-8"], capture_output=True)
    comma = "comma.UTF-8"
(s.folder / "before.c").write_text("""
#include <locale.h>
#include <stdio.h>
#include <string.h>
__attribute__((constructor)) static void before(void) {
  char text[8];
  if (setlocale(LC_NUMERIC, "")) { snprintf(text, 8, "%.1f", 0.5); if (!strcmp(text, "0,5")) fputs("comma\\n", stderr); }
}
""")
subprocess.run(["cc", "-shared", "-fPIC", s.folder / "before.c", "-o", s.folder / "before.so"], check=True)
environment = {**os.environ, "LC_ALL": comma, **({"LOCPATH": str(folder)} if folder.exists() else {})}
for preload in ({}, {"LD_PRELOAD": str(s.folder / "before.so")}):
    for command, expected in ((["train", "--rate", "0.5"], plain), (["show"], shown)):
        done = s.run(*command, env={**environment, **preload})
        assert (done.returncode, done.stdout.decode()) == (0, expected), (comma, preload, done)
print("a locale with a comma:", comma, "set by the caller:", b"comma" in done.stderr)

# A processor without what a program was built for: no processor has all there is.
b = Sample(sys.argv[2] + ".everything", "-DFEATURES=~0ull>>14")
for command in (["train"], ["--help"]):
    said = b.fails(command, 1, "error[E0515]: this processor is without what the program was built for: ", "`--cpu=NAME`")
names = re.findall(r'^BURIN_FEATURE\("([^"]*)"', (pathlib.Path(os.environ["BURIN_ROOT"]) / "runtime/features.def").read_text(), re.M)
missing = re.search("built for: (.*)", said)[1].split(", ")
assert set(missing) <= set(names)
# The system lists what it knows under names of its own; what it lists is there.
own = {"sse4.1": "sse4_1", "sse4.2": "sse4_2", "sse3": "pni", "pclmul": "pclmulqdq", "lzcnt": "abm", "bmi": "bmi1", "avx512ifma": "avx512ifma", "sha": "sha_ni",
       "avx512vbmi2": "avx512_vbmi2", "avx512vnni": "avx512_vnni", "avx512bitalg": "avx512_bitalg", "avx512vpopcntdq": "avx512_vpopcntdq",
       "avx512vp2intersect": "avx512_vp2intersect", "amx-bf16": "amx_bf16", "amx-tile": "amx_tile", "amx-int8": "amx_int8", "avx512fp16": "avx512_fp16",
       "avx512bf16": "avx512_bf16", "avxvnni": "avx_vnni", "amx-fp16": "amx_fp16"}
flags = re.search(r"^flags\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)[1].split()
listed = [n for n in names if own.get(n, n) in flags]
assert len(listed) > 5 and not set(listed) & set(missing), set(listed) & set(missing)
assert set(names) - set(missing) >= set(listed)
