//===- Npy.h - NumPy's files of one array ---------------------------------------===//
#pragma once
#include "runtime/Program.h"

namespace burin_rt {

/// Reads a `.npy` file (versions 1 and 2; `<f4 <f8 <i4 <i8 |u1 |b1`, C order) whose shape is the type's into `out`.
/// Floats of either width become floats; whole numbers become any type that can hold them. False: an error was printed
/// that names `--option`.
bool readNpy(const burin_program *program, const char *path, const char *option, const burin_type &type, void *out);

} // namespace burin_rt
