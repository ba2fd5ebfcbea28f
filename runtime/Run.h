//===- Run.h - A program while it runs ------------------------------------------===//
#pragma once
#include "runtime/Program.h"
#include <stdio.h>

namespace burin_rt {

/// A part of a data set in memory.
struct Part {
  uint64_t rows = 0;
  void **columns = nullptr; ///< one per field: [rows, row type], 64-byte aligned
};

/// What the command line says.
struct Settings {
  const burin_task *task = nullptr;
  int64_t seed = 0, splitSeed = 0;
  const char *log = nullptr, *directory = nullptr;
  bool poison = false, time = false;
  void *arguments = nullptr;
};

/// Means of what was recorded, and where the loops stand.
struct Output {
  bool terminal = false;
  FILE *log = nullptr;
  int64_t *at = nullptr, *count = nullptr; ///< per loop of the program
  uint32_t depth = 0;
  uint32_t *open = nullptr;               ///< the loops that are open, outermost first
  double *sum = nullptr;                  ///< per record, since the outermost loop's iteration began
  uint64_t *times = nullptr, lineLength = 0;
  uint64_t steps = 0;                     ///< iterations of the innermost loop
  double firstStep = 0, lastStep = 0, drawn = 0;
};
} // namespace burin_rt

struct burin_run {
  const struct burin_program *program;
  burin_rt::Settings settings;
  char *persistent;
  burin_rt::Part *parts;
  burin_rt::Output output;
  bool failed; ///< a file could not be read or written: the process ends
};

namespace burin_rt {
// Options.cpp
/// Reads the command line. 0: run the task; else the exit code plus 1 (help was printed, or misuse).
int readCommandLine(const struct burin_program *program, int argc, char **argv, Settings &settings);
// Describe.cpp
void printHelp(const struct burin_program *program, const burin_task *task);
void describeProgram(const struct burin_program *program);
uint64_t elementCount(const struct burin_program *program, const burin_type &type);
/// `f32[batch, pixel]`
void printType(FILE *out, const struct burin_program *program, const burin_type &type);
// Csv.cpp, Data.cpp
/// Reads a data set and splits it; parts of `run` are filled. False: an error was printed.
bool loadData(burin_run *run, uint32_t data);
/// Parses one number or label into memory. Null, or what was expected.
const char *parseElement(const struct burin_program *program, const burin_type &type, const char *text, void *out);
// Npy.cpp
/// Reads a `.npy` file of exactly this type into memory. False: an error was printed.
bool readNpy(const struct burin_program *program, const char *path, const char *option, const burin_type &type, void *out);
// Output.cpp
bool beginOutput(burin_run *run);
void endOutput(burin_run *run);
void printResult(const struct burin_program *program, const burin_type &type, const void *value);
double now();
/// A whole file in memory, NUL after its end. Null: an error was printed.
char *readFile(const char *path, uint64_t &size, const char *code, const char *help);
} // namespace burin_rt
