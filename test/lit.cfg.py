# Run by `./x test`; by hand: lit test/Sema/axes.burin (finds the build in build/, else --param build=DIR).
import os
import subprocess

import lit.formats

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
build = os.path.abspath(lit_config.params.get("build", os.path.join(root, "build")))
llvm = os.environ.get("LLVM_PREFIX", "/usr/lib/llvm-22")

config.name = "burin"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".burin", ".test", ".py", ".sh"]
config.excludes = ["lit.cfg.py", "summary.py", "coverage.py", "Inputs", "Corpus", "CMakeLists.txt"]
config.test_source_root = os.path.join(root, "test")
config.test_exec_root = os.path.join(build, "test")

path = os.pathsep.join([os.path.join(build, "bin"), os.path.join(llvm, "bin"), os.environ["PATH"]])
config.environment["PATH"] = path
config.environment["FILECHECK_OPTS"] = "-enable-var-scope"
config.environment["PYTHONPATH"] = os.pathsep.join(os.path.join(root, "test", folder) for folder in ("Inputs", "EndToEnd"))
config.environment["BURIN_BUILD"] = build
config.environment["BURIN_ROOT"] = root

# A build with sanitizers or with counters (./x test --asan, ./x coverage) says how what holds its runtime is linked; else the system's `cc` does.
link = os.path.join(build, "lib", "libburin_rt.link")
if os.path.exists(link):
    with open(link) as file:
        cc = file.read().strip()
else:
    cc = "cc"
    # Sizes, libraries and counts of allocations are those of the program that a user gets.
    config.available_features.add("plain")
config.environment["BURIN_CC"] = cc
if "-fsanitize" not in cc:  # which bring an allocator of their own
    config.available_features.add("system-allocator")
if "-fsanitize" in cc:
    # LLVM's own libraries are not instrumented: what its headers poison of memory that both share, they could not make good again. The compiler and
    # what it compiles leave what they hold to the system when they end; that the readers give back what they take is held by the targets of
    # test/Fuzz, which look for leaks.
    config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0:detect_leaks=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
if "LLVM_PROFILE_FILE" in os.environ:  # where counters go
    config.environment["LLVM_PROFILE_FILE"] = os.environ["LLVM_PROFILE_FILE"]

config.substitutions += [
    ("%cc", cc),
    ("%burin-opt", os.path.join(build, "bin", "burin-opt")),
    ("%burin", os.path.join(build, "bin", "burin")),
    ("%root", root),
    ("%build", build),
    # Debian's own interpreter, which has python3-numpy; another python3 may stand before it on the path.
    ("%python", "/usr/bin/python3"),
]

if "all" in lit_config.params:  # ./x test --all: tests of minutes, tests beside scikit-learn
    config.available_features.add("all")
if subprocess.run(["/usr/bin/python3", "-c", "import importlib.util as u, sys; sys.exit(u.find_spec('sklearn') is None)"], capture_output=True).returncode == 0:
    config.available_features.add("sklearn")
