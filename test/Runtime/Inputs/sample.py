"""Compiles Inputs/program.c with the runtime, runs its tasks, and says what differs from what a test expects."""
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys

here = pathlib.Path(__file__).parent
signal.signal(signal.SIGINT, signal.SIG_DFL)  # lit ignores it, and so would what it starts


class Sample:
    def __init__(self, folder, *flags):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        library = pathlib.Path(os.environ["BURIN_BUILD"]) / "lib" / "libburin_rt.a"
        command = [*os.environ["BURIN_CC"].split(), "-O1", "-I", os.environ["BURIN_ROOT"], *flags, here / "program.c", library, "-lm", "-o", self.folder / "sample"]
        subprocess.run([str(a) for a in command], check=True)

    def run(self, *arguments, timeout=60, **more):
        return subprocess.run([self.folder / "sample", *map(str, arguments)], cwd=self.folder, capture_output=True, timeout=timeout, **more)

    def write(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def succeeds(self, *arguments):
        """What it printed."""
        done = self.run(*arguments)
        if done.returncode or done.stderr:
            sys.exit(f"{arguments} gave {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode()

    def fails(self, arguments, code, *said):
        """Ends with this exit code, and each of `said` stands in its errors."""
        done = self.run(*arguments)
        errors = done.stderr.decode(errors="replace")
        if done.returncode != code or not all(s in errors for s in said):
            sys.exit(f"{arguments} gave {done.returncode}, expected {code} and {said}\n{done.stdout.decode()}{errors}")
        return errors


def npy(array_bytes, descr, shape, order="False", version=1):
    header = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    return npy_raw(header + b" " * (-(len(header) + 11) % 64) + b"\n", array_bytes, version)


def npy_raw(header, data, version=1, length=None):
    length = len(header) if length is None else length
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", length) + header + data
