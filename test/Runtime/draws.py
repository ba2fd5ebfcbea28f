"""Threefry, fold_in, uniform and shuffle: known answers, bijections, and the judge in test/Inputs, bit by bit.

RUN: mkdir -p %t
RUN: %cc -std=c++20 -I%root %S/Inputs/draws.cpp %build/lib/libburin_rt.a -o %t/draws
RUN: %t/draws
RUN: %cc -std=c++20 -I%root %S/Inputs/print_shuffle.cpp %build/lib/libburin_rt.a -o %t/print_shuffle
RUN: %python %s %t/print_shuffle
"""
import subprocess
import sys

from burin_reference import random, shuffle

key, n = 0x13198A2E03707344, 1437
printed = subprocess.run([sys.argv[1], str(key), str(n)], capture_output=True, text=True, check=True).stdout.split()
assert list(map(int, printed[:n])) == list(shuffle(key, n, range(n))), "shuffles differ"
assert list(map(int, printed[n:])) == list(random(key, (n,)).view("u4")), "draws differ"
