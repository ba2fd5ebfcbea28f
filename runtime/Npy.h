//===- Npy.h - NumPy's files of one array ---------------------------------------===//
#pragma once
#include "runtime/Program.h"

namespace burin_rt {

/// Reads a `.npy` file (versions 1 and 2; `<f4 <f8 <i4 <i8 |u1 |b1`, C order) whose shape is the type's into `out`.
/// Floats of either width become floats; whole numbers become any type that can hold them. False: an error was printed
/// that names `--option`. `lengths`, or null: by axis of the type a number, -1 of an axis that is there as a whole;
/// along another as much is present as the file has, at most its extent, which the number becomes. What is absent
/// repeats the last that is present.
bool readNpy(const burin_program *program, const char *path, const char *option, const burin_type &type, void *out,
             int64_t *lengths = nullptr);

} // namespace burin_rt
