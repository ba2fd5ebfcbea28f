# Every task of numbers.burin, by the command given.
set -e
"$@" label --p right
"$@" rows --x 1.5
"$@" truth --x 2
"$@" nothing --x 2
"$@" triangle
"$@" triangle --n 0
"$@" triangle --n -1
