// The entry of a compiled program, apart from the rest so that the compiler can link that.
#include "runtime/Program.h"

extern "C" const struct burin_program burin_program; // in the program's object file

int main(int argc, char **argv) { return burin_main(&burin_program, argc, argv); }
