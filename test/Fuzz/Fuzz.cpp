#include "test/Fuzz/Fuzz.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

namespace fuzz {

void require(bool holds, const char *property) {
  if (holds)
    return;
  dprintf(STDERR_FILENO, "does not hold: %s\n", property);
  abort();
}

// Not the time of a clock: another process may have the processor.
static double seconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

Run::Run() : start(seconds()) {}
Run::~Run() { require(seconds() - start < 1, "a run takes less than a second"); }

// The stream of the C library is replaced, not the descriptor: sanitizers write to that.
static char text[1 << 16];
static FILE *kept, *before;

Printed::Printed() {
  if (!kept)
    kept = fmemopen(text, sizeof text, "w");
  require(kept, "there is memory for what is printed");
  rewind(kept);
  before = stderr, stderr = kept;
}

Printed::~Printed() { stderr = before; }

void Printed::requireErrorIf(bool refused) {
  fflush(kept);
  long length = ftell(kept);
  require((length > 0) == refused, "an error is printed if and only if the input is refused");
  if (!refused)
    return;
  require(!strncmp(text, "error[E0", 8), "an error has a code");
  require(memmem(text, size_t(length), "  --> ", 6), "an error has a place");
  for (const char *c = text; c < text + length; ++c)
    require(*c == '\n' || (static_cast<unsigned char>(*c) >= 32 && *c != 127), "no control characters are printed");
}

} // namespace fuzz
