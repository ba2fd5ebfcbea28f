# `burin run` leaves nothing behind, has the program's exit code, and a signal to it is one to the program.
# RUN: %python %s %burin %root/examples/digits %t
import os
import shutil
import signal
import subprocess
import sys

burin, example, folder = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder + "/temporary")
shutil.copytree(example + "/data", folder + "/data")
environment = dict(os.environ, TMPDIR=folder + "/temporary")


def command(*arguments):
    return dict(args=[burin, "run", example + "/digits.burin", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def left():
    return os.listdir(folder + "/temporary")


done = subprocess.run(**command("train", "--epochs", "1"))
assert done.returncode == 0 and "epoch 1/1" in done.stdout, done
assert not left(), left()

done = subprocess.run(**command("trian"))
assert done.returncode == 2 and "did you mean `train`?" in done.stderr, done
assert not left(), left()

process = subprocess.Popen(**command("train", "--epochs", "1000000"))
for line in process.stdout:
    if "epoch" in line:
        break
assert not left(), left()
process.send_signal(signal.SIGTERM)
_, errors = process.communicate(timeout=60)
assert process.returncode in (-signal.SIGTERM, 128 + signal.SIGTERM), (process.returncode, errors)
assert not left(), left()
