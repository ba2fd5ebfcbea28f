// Records, progress, the log.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include "runtime/Values.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

namespace burin_rt {

static double clockOf(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}
double now() { return clockOf(CLOCK_MONOTONIC); }
double coarseNow() { return clockOf(CLOCK_MONOTONIC_COARSE); }

namespace {

/// One line of text; what does not fit is cut.
struct Line {
  char text[512];
  uint32_t length = 0;
  __attribute__((format(printf, 2, 3))) void put(const char *format, ...) {
    va_list values;
    va_start(values, format);
    int n = vsnprintf(text + length, sizeof text - length, format, values);
    va_end(values);
    length += n > 0 ? uint32_t(n) : 0;
    length = length < sizeof text ? length : uint32_t(sizeof text) - 1;
  }
};

// Where `depth` loops stand, and the means of what was recorded since the outermost loop's iteration began.
void printLine(burin_run *run, uint32_t depth, bool finished) {
  Output &o = run->output;
  const burin_program *p = run->program;
  Line line;
  for (uint32_t k = 0; k < depth; ++k) {
    uint32_t l = o.open[k];
    line.put("%s%s %lld/%lld", k ? "  " : "", p->loops[l].name, static_cast<long long>(o.at[l] + 1),
             static_cast<long long>(o.count[l]));
  }
  for (uint32_t r = 0; r < p->record_count; ++r)
    if (o.times[r])
      line.put("  %s %.6g", p->records[r].name, plain(o.sum[r] / double(o.times[r])));
  if (!o.terminal) {
    printf("%s\n", line.text);
    return;
  }
  uint32_t stale = o.drawnWidth > line.length ? o.drawnWidth - line.length : 0;
  printf("\r%s%*s%s", line.text, int(stale), "", finished ? "\n" : "");
  o.drawnWidth = finished ? 0 : line.length;
  fflush(stdout);
}

/// What goes into the log goes through its checksum.
__attribute__((format(printf, 2, 3))) void log(Output &o, const char *format, ...) {
  char piece[512]; // names have 255 characters
  va_list values;
  va_start(values, format);
  int n = vsnprintf(piece, sizeof piece, format, values);
  va_end(values);
  o.logged.add(piece, uint64_t(n));
  o.logBytes += uint64_t(n);
  fwrite(piece, 1, size_t(n), o.log);
}

// f32 values with the nine digits that give them back, others with seventeen. JSON has no infinities and NaNs: they are
// text.
void logValue(burin_run *run, const char *name, double value) {
  Output &o = run->output;
  log(o, "{\"name\":\"%s\",\"at\":[", name);
  for (uint32_t k = 0; k < o.depth; ++k)
    log(o, "%s%lld", k ? "," : "", static_cast<long long>(o.at[o.open[k]]));
  if (value - value == 0)
    log(o, "],\"value\":%.*g}\n", double(float(value)) == value ? 9 : 17, value);
  else
    log(o, "],\"value\":\"%s\"}\n", value != value ? "nan" : value > 0 ? "inf" : "-inf");
}

char outBuffer[1 << 14]; // the C library's own would be allocated in the first step
} // namespace

void endIteration(burin_run *run) {
  Output &o = run->output;
  if (run->settings.time && o.iterationSteps) {
    o.late = (now() - o.iterationBegan) / double(o.iterationSteps);
    o.early = o.early > 0 ? o.early : o.late;
    o.iterationSteps = 0;
  }
  bool any = false;
  for (uint32_t r = 0; r < run->program->record_count; ++r)
    any |= o.times[r] > 0;
  if (any || o.drawnWidth > 0)
    printLine(run, 1, true);
  for (uint32_t r = 0; r < run->program->record_count; ++r)
    o.sum[r] = 0, o.times[r] = 0;
}

void countStep(Output &o, uint32_t depth) {
  if (depth == 0)
    o.iterationBegan = now();
  if (depth > o.stepDepth)
    o.stepDepth = depth, o.steps = 0, o.iterationSteps = 0;
  if (depth < o.stepDepth)
    return;
  ++o.iterationSteps;
  o.lastStep = now();
  if (o.steps++ == 0)
    o.firstStep = o.lastStep;
}

void showProgress(burin_run *run) {
  Output &o = run->output;
  if (!o.terminal)
    return;
  if (double t = now(); t - o.drawn > 0.1)
    o.drawn = t, printLine(run, o.depth, false);
}

void leaveProgress(burin_run *run) {
  if (run->output.drawnWidth > 0)
    printLine(run, run->output.depth, true);
}

void printPlace(FILE *out, const burin_run *run) {
  const Output &o = run->output;
  for (uint32_t k = 0; k < o.depth; ++k)
    fprintf(out, "%s%s %lld/%lld", k ? "  " : "", run->program->loops[o.open[k]].name,
            static_cast<long long>(o.at[o.open[k]] + 1), static_cast<long long>(o.count[o.open[k]]));
}

bool beginOutput(burin_run *run) {
  Output &o = run->output;
  const burin_program *p = run->program;
  const char *terminal = getenv("TERM");
  o.terminal = isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
  o.at = allocateZeroed<int64_t>(p->loop_count, "loops");
  o.count = allocateZeroed<int64_t>(p->loop_count, "loops");
  o.open = allocateZeroed<uint32_t>(p->loop_count, "loops");
  o.sum = allocateZeroed<double>(p->record_count, "records");
  o.times = allocateZeroed<uint64_t>(p->record_count, "records");
  if (!o.at || !o.count || !o.open || !o.sum || !o.times)
    return false;
  setvbuf(stdout, outBuffer, _IOLBF, sizeof outBuffer);
  return true;
}

bool endOutput(burin_run *run) {
  Output &o = run->output;
  if (run->settings.time && o.steps > 1)
    printf("steps %llu, seconds per step %.9g; in the first iteration of the outermost loop %.9g, in the last %.9g\n",
           static_cast<unsigned long long>(o.steps), (o.lastStep - o.firstStep) / double(o.steps - 1), o.early, o.late);
  if (run->settings.time && o.steps > 0)
    printf("first step after %.9g seconds\n", o.firstStep - run->settings.began);
  if (!o.log)
    return true;
  bool fine = fflush(o.log) == 0 && !ferror(o.log);
  fine &= fclose(o.log) == 0;
  return fine || error("E0511", "is the disk full?", "the log `%s` can't be written", run->settings.log);
}
} // namespace burin_rt

using namespace burin_rt;

extern "C" void burin_record(burin_run *run, uint32_t record, double value) {
  Output &o = run->output;
  const burin_recorded &described = run->program->records[record];
  if (o.log)
    logValue(run, described.name, value);
  if (described.depth == 0) {
    printf("%s %.9g\n", described.name, plain(value));
    return;
  }
  o.sum[record] += value;
  ++o.times[record];
}
