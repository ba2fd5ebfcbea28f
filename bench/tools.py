"""Commands, and environments from PyPI."""
import os
import subprocess
import sys


class Failed(Exception):
    """A command that gave another code than 0; the text says which and what it printed."""


def command(arguments, **more):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, **more)
    if done.returncode:
        raise Failed(f"{' '.join(map(str, arguments))} gave {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def on_core(core, arguments):
    """Its output, run on that core alone; libraries are told to use one thread."""
    environ = dict(os.environ, OMP_NUM_THREADS="1", JAX_PLATFORMS="cpu", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false")
    return command(arguments, env=environ, preexec_fn=lambda: os.sched_setaffinity(0, {core}))


def environment(folder, name, packages):
    """The interpreter of a virtual environment with these packages from PyPI, made once, and the first one's version."""
    place = folder / name
    if not (place / "installed").exists():
        print(f"bench: installing {' '.join(packages)} from PyPI into {place} (once; minutes)", file=sys.stderr, flush=True)
        command([sys.executable, "-m", "venv", place])
        command([place / "bin" / "pip", "install", "-q", *packages])
        (place / "installed").write_text(command([place / "bin" / "pip", "show", packages[0]]).splitlines()[1].split()[1])
    return place / "bin" / "python", (place / "installed").read_text()
