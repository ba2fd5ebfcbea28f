"""The runtime's XXH64 is that of the xxHash library, however its bytes come.

RUN: mkdir -p %t
RUN: %cc -O1 -std=c++20 -fno-exceptions -I%root %S/Inputs/checksum.cpp %build/lib/libburin_rt.a -lm -o %t/checksum
RUN: %python %s %t/checksum
"""
import random
import subprocess
import sys

import xxhash

random.seed(2)
for size in [*range(70), 1000, 65536, 100001]:
    data = random.randbytes(size)
    for pieces in ([size or 1], [1, 31, 32, 33, 7]):
        told = subprocess.run([sys.argv[1], *map(str, pieces)], input=data, capture_output=True, check=True).stdout.decode()
        assert told == f"xxh64:{xxhash.xxh64(data).hexdigest()}\n", (size, pieces, told)
