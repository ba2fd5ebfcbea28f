//===- ValueFiles.h - Values in files ------------------------------------------------===//
#pragma once
#include "runtime/Program.h"

namespace burin_rt {

/// A plot (.svg): lines along the last axis, one for each index of the first if there are two. Plots.cpp. False: an
/// error was printed.
bool writePlot(const burin_program *program, const burin_value_file &file, const void *values);

} // namespace burin_rt
