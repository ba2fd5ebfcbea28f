//===- Arguments.h - The command line of `burin` ------------------------------===//
#pragma once
#include "compiler/Plan/Cost.h"
#include "compiler/Support/Diagnostics.h"
#include <map>

namespace burin {

struct Arguments {
  std::string command, file, task; ///< of `explain`, `file` is the code
  std::string output, emit = "exe", dumpDirectory, cpu = "native";
  std::map<std::string, int64_t> dims;
  unsigned optLevel = 2;
  bool allPieces = false;
  unsigned watch = 0; ///< `CpuOptions::watch`
  bool interpret = false, interpretDoubles = false, locations = false;
  std::string interpretStage = "grad";
  std::vector<std::string> program;   ///< options for the program that is run
  std::vector<std::string> files;     ///< of `fmt`
  std::string wrongRule;              ///< the op whose derivative is made wrong: for tests
  std::string only;                   ///< of `test`: the name of the one test that is run
  bool checkLayout = false;           ///< of `fmt`
  bool json = false, measure = false; ///< of `plan`
  Limits limits;                      ///< as given
};

/// Reads the command line; reports misuse (E05xx) and returns none.
std::optional<Arguments> readArguments(int argc, char **argv, DiagnosticEngine &diagnostics);
extern const char *const usage;
/// The stages of `--emit`, in order.
extern const std::vector<std::string> stages;

} // namespace burin
