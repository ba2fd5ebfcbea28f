//===- Driver.h - From a command to its result ---------------------------------===//
#pragma once
#include "compiler/Tools/Arguments.h"

namespace burin {
/// Carries out a command. The exit code: 0, 1 for errors in the program, 2 for misuse.
int drive(const Arguments &arguments, Sources &sources, DiagnosticEngine &diagnostics, const char *self);
} // namespace burin
