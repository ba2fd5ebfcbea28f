"""What compiled programs are judged by: draws, splits and files as dialects/Burin/Burin.md and runtime/abi.md define them, in NumPy, sharing no code
with the compiler or the runtime."""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys

import numpy
import xxhash

M32 = 0xFFFFFFFF


def threefry(key, high, low):
    """Threefry-2x32-20 (Salmon et al., 2011) of counters `high`, `low` (uint32 arrays) under a 64-bit key: two uint32 arrays."""
    key = [numpy.uint32(key >> 32), numpy.uint32(key & M32)]
    key.append(key[0] ^ key[1] ^ numpy.uint32(0x1BD11BDA))
    with numpy.errstate(over="ignore"):
        x = [numpy.asarray(high, "u4") + key[0], numpy.asarray(low, "u4") + key[1]]
        for group in range(5):
            for rotation in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
                x[0] = x[0] + x[1]
                x[1] = (x[1] << numpy.uint32(rotation) | x[1] >> numpy.uint32(32 - rotation)) ^ x[0]
            x[0] = x[0] + key[(group + 1) % 3]
            x[1] = x[1] + key[(group + 2) % 3] + numpy.uint32(group + 1)
    return x


def fold_in(key, data):
    """`data`: a number, or a string, which stands for its hash."""
    if isinstance(data, str):
        data = xxhash.xxh3_64_intdigest(data) & M32
    x0, x1 = threefry(key, [data >> 32 & M32], [data & M32])
    return int(x0[0]) << 32 | int(x1[0])


def random(key, shape):
    """Uniform float32 in [0, 1)."""
    i = numpy.arange(numpy.prod(shape, dtype=int), dtype="u8")
    x0, x1 = threefry(key, (i >> 32).astype("u4"), i.astype("u4"))
    return (((x0 ^ x1) >> 9 | numpy.uint32(0x3F800000)).view("f4") - numpy.float32(1)).reshape(shape)


def normal(key, shape):
    """By the inverse error function in float64 (Newton's method on math.erf), from the same uniform draws."""
    from math import erf, exp, log, pi, sqrt

    def erfinv(y):
        w = log(max(1 - y * y, 1e-300))
        t = 2 / (pi * 0.147) + w / 2
        x = (1 if y >= 0 else -1) * sqrt(max(sqrt(t * t - w / 0.147) - t, 0))
        for _ in range(4):
            x -= (erf(x) - y) / (2 / sqrt(pi) * exp(-x * x))
        return x

    uniform = numpy.maximum(2 * random(key, shape).astype("f8") - 1, -0.99999994)
    return sqrt(2) * numpy.vectorize(erfinv)(uniform)


def fmix32(h):
    """The finaliser of MurmurHash3, of an int or of a uint64 array that holds 32 bits."""
    h = h & M32
    h = (h ^ h >> 16) * 0x85EBCA6B & M32
    h = (h ^ h >> 13) * 0xC2B2AE35 & M32
    return h ^ h >> 16


def shuffle(key, n, x):
    """Places of `x` under a bijection of [0, n): swap-or-not (Hoang, Morris, Rogaway, 2012) with 24 rounds."""
    k0, k1 = key >> 32, key & M32
    x = numpy.asarray(x, "u8")
    for r in range(1, 25):
        a = fmix32(k0 ^ fmix32(k1 + 0x9E3779B9 * r))
        k = numpy.uint64(a * n >> 32)
        y = numpy.where(k >= x, k - numpy.minimum(x, k), k + numpy.uint64(n) - x)
        c = fmix32((k1 ^ 0x85EBCA6B * r & M32) + k0)
        x = numpy.where(fmix32(numpy.maximum(x, y) ^ c) & 1, y, x)
    return x.astype("i8")


def split(rows, share, split_seed=0, data=0):
    """Rows of the first part of a split in two, and of the rest; each in the file's order."""
    rank = shuffle(fold_in(split_seed, data), rows, numpy.arange(rows))
    first = rank < int(numpy.floor(rows * share))
    return numpy.flatnonzero(first), numpy.flatnonzero(~first)


def safetensors(path):
    """name -> float64 array"""
    kinds = {"F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8", "U8": "u1"}
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    header.pop("__metadata__", None)
    read = lambda t: numpy.frombuffer(body[slice(*t["data_offsets"])], kinds[t["dtype"]]).reshape(t["shape"])
    return {name: read(tensor).astype("f8") for name, tensor in header.items()}


def run(*arguments, **more):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))} gave {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Digits:
    """examples/digits, compiled in a folder of its own."""

    def __init__(self, folder, *options):
        example = pathlib.Path(os.environ["BURIN_ROOT"]) / "examples" / "digits"
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        shutil.copytree(example / "data", self.folder / "data")
        run(os.path.join(os.environ["BURIN_BUILD"], "bin", "burin"), "build", example / "digits.burin", "-o", self.folder / "digits", *options)
        table = numpy.loadtxt(self.folder / "data" / "digits.csv", delimiter=",")
        self.images, self.labels = table[:, :64] / 16, table[:, 64].astype(int)

    def train(self, epochs, seed=0, split_seed=0):
        """Recorded values by name, and the weights that were saved."""
        log = self.folder / "log.jsonl"
        log.unlink(missing_ok=True)
        run("./digits", "train", "--epochs", epochs, "--seed", seed, "--split-seed", split_seed, "--log", "log.jsonl", cwd=self.folder)
        recorded = {}
        for line in log.read_text().splitlines() if log.exists() else []:
            entry = json.loads(line)
            recorded.setdefault(entry["name"], []).append(entry["value"])
        return recorded, safetensors(self.folder / "digits.safetensors")
