//===- Limits.h - How fast this machine's core can be ---------------------------===//
#pragma once
#include "compiler/Plan/Cost.h"
#include "compiler/Target/Cpu/Cpu.h"

namespace burin {

/// Measures one core of this machine: arithmetic in registers, and reading or updating `workingSet` bytes in order
/// (between 4 KiB and 256 MiB), whichever moves more. The loops are compiled as kernels are, for the same processor,
/// and the best of several short runs counts. False with a message.
bool measureLimits(llvm::TargetMachine &machine, const CpuOptions &options, uint64_t workingSet, Limits &limits,
                   std::string &error);

} // namespace burin
