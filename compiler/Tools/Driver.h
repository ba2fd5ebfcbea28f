//===- Driver.h - From a command to its result ---------------------------------===//
#pragma once
#include "compiler/Tools/Arguments.h"

namespace burin {
/// Carries out a command. Its exit code, where `diagnostics` has no errors: that of a program that was run, else 0.
int drive(const Arguments &arguments, Sources &sources, DiagnosticEngine &diagnostics, const char *self);
} // namespace burin
