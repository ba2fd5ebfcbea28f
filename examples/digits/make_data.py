"""Makes data/digits.csv and data/seven.npy from the copy of the data set in Debian's package python3-sklearn.

    apt-get download python3-sklearn && python3 make_data.py python3-sklearn_*.deb
"""
import gzip
import io
import pathlib
import subprocess
import sys
import tarfile

import numpy

MEMBER = "./usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"


def rows(package):
    tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True, capture_output=True).stdout
    text = gzip.decompress(tarfile.open(fileobj=io.BytesIO(tar)).extractfile(MEMBER).read()).decode()
    return [[int(float(value)) for value in line.split(",")] for line in text.splitlines()]


def main(package):
    folder = pathlib.Path(__file__).resolve().parent / "data"
    digits = rows(package)
    assert len(digits) == 1797 and all(len(row) == 65 for row in digits)
    (folder / "digits.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in digits))
    seven = next(row for row in digits if row[64] == 7)
    numpy.save(folder / "seven.npy", numpy.array(seven[:64], dtype="<f4") / numpy.float32(16))


if __name__ == "__main__":
    main(*sys.argv[1:])
