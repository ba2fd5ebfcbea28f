//===- Fuzz.h - What the targets share ------------------------------------------===//
//
// A target is one function of any bytes, which ends the process where a property does not hold. libFuzzer looks for
// such bytes (`./x fuzz`); Replay.cpp gives it the files of Corpus/ in the ordinary tests.
//
//===----------------------------------------------------------------------===//
#pragma once
#include <stddef.h>
#include <stdint.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace fuzz {

/// Ends the process, and says which property does not hold.
void require(bool holds, const char *property);

/// These bytes are what the file `path` holds from now on. Only that file is asked of memory: targets are linked with
/// --wrap for the calls of the C library that File.cpp stands in for, so that the runtime's own code reads it, and a
/// run makes no system call.
void setFile(const uint8_t *data, size_t size);
constexpr const char *path = "input";
/// An open descriptor of it.
constexpr int descriptor = 1 << 20;

/// A run: less than a second of the processor's time from here to its end.
class Run {
public:
  Run();
  ~Run();

private:
  double start;
};

/// While it lives, what is printed to `stderr` is kept.
class Printed {
public:
  Printed();
  ~Printed();
  /// Holds that a refusal printed an error, with a code and without control characters, and that nothing else did.
  void requireErrorIf(bool refused);
};

} // namespace fuzz
