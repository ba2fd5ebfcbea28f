// Records, progress, the log.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

namespace burin_rt {

double now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

bool beginOutput(burin_run *run) {
  Output &o = run->output;
  const struct burin_program *p = run->program;
  const char *term = getenv("TERM");
  o.terminal = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
  o.at = static_cast<int64_t *>(calloc(p->loop_count + 1, sizeof(int64_t)));
  o.count = static_cast<int64_t *>(calloc(p->loop_count + 1, sizeof(int64_t)));
  o.open = static_cast<uint32_t *>(calloc(p->loop_count + 1, sizeof(uint32_t)));
  o.sum = static_cast<double *>(calloc(p->record_count + 1, sizeof(double)));
  o.times = static_cast<uint64_t *>(calloc(p->record_count + 1, sizeof(uint64_t)));
  if (run->settings.log) {
    o.log = fopen(run->settings.log, "w");
    if (!o.log) {
      error("E0511", "name a file that can be written", "can't write the log `%s`: %s", run->settings.log, strerror(errno));
      return false;
    }
    static char buffer[1 << 16]; // so that no step allocates one
    setvbuf(o.log, buffer, _IOFBF, sizeof buffer);
  }
  static char outBuffer[1 << 14];
  if (!o.terminal)
    setvbuf(stdout, outBuffer, _IOLBF, sizeof outBuffer);
  return true;
}

static void printLine(burin_run *run, bool finished) {
  Output &o = run->output;
  const struct burin_program *p = run->program;
  char line[512];
  size_t n = 0;
  auto put = [&](int written) { n += written > 0 ? size_t(written) : 0, n = n < sizeof line ? n : sizeof line - 1; };
  for (uint32_t k = 0; k < (finished ? 1 : o.depth) && o.depth > 0; ++k) {
    uint32_t l = o.open[k];
    put(snprintf(line + n, sizeof line - n, "%s%s %lld/%lld", n ? "  " : "", p->loops[l].name, static_cast<long long>(o.at[l] + 1), static_cast<long long>(o.count[l])));
  }
  for (uint32_t r = 0; r < p->record_count; ++r)
    if (o.times[r])
      put(snprintf(line + n, sizeof line - n, "  %s %.6f", p->records[r].name, o.sum[r] / double(o.times[r])));
  if (!o.terminal) {
    printf("%s\n", line);
    return;
  }
  printf("\r%s%*s%s", line, int(o.lineLength > n ? o.lineLength - n : 0), "", finished ? "\n" : "");
  o.lineLength = finished ? 0 : n;
  fflush(stdout);
}

// The end of an iteration of the outermost loop.
static void endIteration(burin_run *run) {
  Output &o = run->output;
  bool any = false;
  for (uint32_t r = 0; r < run->program->record_count; ++r)
    any |= o.times[r] > 0;
  if (any)
    printLine(run, true);
  for (uint32_t r = 0; r < run->program->record_count; ++r)
    o.sum[r] = 0, o.times[r] = 0;
}

void endOutput(burin_run *run) {
  Output &o = run->output;
  if (o.log && (fflush(o.log) != 0 || fclose(o.log) != 0))
    error("E0511", "is the disk full?", "the log `%s` can't be written", run->settings.log);
  if (run->settings.time && o.steps > 1)
    printf("steps %llu, seconds per step %.9g\n", static_cast<unsigned long long>(o.steps), (o.lastStep - o.firstStep) / double(o.steps - 1));
}
} // namespace burin_rt

using namespace burin_rt;

extern "C" void burin_loop_enter(burin_run *run, uint32_t loop, int64_t count) {
  Output &o = run->output;
  o.open[o.depth++] = loop;
  o.at[loop] = -1, o.count[loop] = count;
}

extern "C" void burin_loop_next(burin_run *run, uint32_t loop, int64_t i) {
  Output &o = run->output;
  bool outermost = run->program->loops[loop].depth == 0;
  if (outermost && i > 0)
    endIteration(run);
  o.at[loop] = i;
  if (run->settings.time) {
    bool innermost = true;
    for (uint32_t k = 0; k < run->program->loop_count; ++k)
      innermost &= run->program->loops[k].depth <= run->program->loops[loop].depth;
    if (innermost) {
      o.lastStep = now();
      if (o.steps++ == 0)
        o.firstStep = o.lastStep;
    }
  }
  if (o.terminal && (o.steps & 15) == 0)
    if (double t = now(); t - o.drawn > 0.1)
      o.drawn = t, printLine(run, false);
}

extern "C" void burin_loop_exit(burin_run *run, uint32_t loop) {
  Output &o = run->output;
  if (run->program->loops[loop].depth == 0)
    endIteration(run);
  --o.depth;
}

extern "C" void burin_record(burin_run *run, uint32_t record, double value) {
  Output &o = run->output;
  const burin_loop &r = run->program->records[record];
  o.sum[record] += value;
  ++o.times[record];
  if (o.log) {
    fprintf(o.log, "{\"name\":\"%s\",\"at\":[", r.name);
    for (uint32_t k = 0; k < o.depth; ++k)
      fprintf(o.log, "%s%lld", k ? "," : "", static_cast<long long>(o.at[o.open[k]]));
    if (value - value == 0)
      fprintf(o.log, "],\"value\":%.9g}\n", value);
    else
      fprintf(o.log, "],\"value\":\"%s\"}\n", value != value ? "nan" : value > 0 ? "inf" : "-inf");
  }
  if (r.depth == 0) {
    printf("%s %.9g\n", r.name, value);
    o.sum[record] = 0, o.times[record] = 0;
  }
}
