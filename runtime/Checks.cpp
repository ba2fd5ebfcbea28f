// What a program checks while it runs.
#include "runtime/Errors.h"
#include "runtime/Program.h"
#include <stdlib.h>
using namespace burin_rt;

extern "C" void burin_fail(burin_run *run, const char *code, const char *message, const char *help, const char *file,
                           uint32_t line, uint32_t column) {
  (void)run;
  errorAt(code, {file, line, column}, help, "%s", message);
  exit(1);
}
