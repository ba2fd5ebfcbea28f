// When a checkpoint is written, and what stands in it.
#include "runtime/Checkpoint.h"
#include "runtime/Errors.h"
#include "runtime/Replace.h"
#include "runtime/Run.h"
#include "runtime/Safetensors.h"
#include "runtime/Signals.h"
#include "runtime/Values.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {

bool noteData(burin_run *run) {
  if (!run->checkpoints.kept)
    return true;
  const burin_program *p = run->program;
  run->checkpoints.data = allocate<Checksum>(p->data_count, "data sets");
  if (!run->checkpoints.data)
    return false;
  for (uint32_t i = 0; i < run->settings.task->data_count; ++i) {
    uint32_t number = run->settings.task->data[i];
    const burin_data &data = p->data[number];
    for (uint32_t part = data.first_part; part < data.first_part + data.part_count; ++part)
      for (uint32_t f = 0; f < data.field_count; ++f) {
        const burin_type &type = data.fields[f].type;
        run->checkpoints.data[number].add(run->parts[part].columns[f],
                                          run->parts[part].rows * elementCount(p, type) * type.bytes);
      }
  }
  return true;
}

namespace {

/// Texts and tensors of a checkpoint while it is made; memory that lasts as long.
class Maker {
public:
  Maker(burin_run *run, uint32_t loop) : run(run), p(run->program), task(run->settings.task), loop(loop) {}
  ~Maker() { free(tensors), free(metadata), free(memory); }
  bool make();
  Contents contents() const { return {p, metadata, metadataCount, tensors, tensorCount}; }

private:
  const char *text(const char *format, ...) __attribute__((format(printf, 2, 3)));
  void says(const char *key, const char *value) { metadata[metadataCount++] = {key, value}; }
  void holds(const char *name, const burin_type &type, const void *values, uint64_t bytes) {
    tensors[tensorCount++] = {name, type, values, bytes};
  }
  void describe();
  const char *openLoops();
  void collect();

  burin_run *run;
  const burin_program *p;
  const burin_task *task;
  uint32_t loop;
  TensorSource *tensors = nullptr;
  Metadata *metadata = nullptr;
  char *memory = nullptr;
  uint32_t tensorCount = 0, metadataCount = 0;
  uint64_t used = 0, room = 0;
};

const char *Maker::text(const char *format, ...) {
  char *start = memory + used;
  va_list values;
  va_start(values, format);
  int n = vsnprintf(start, room - used, format, values);
  va_end(values);
  used += uint64_t(n) + 1;
  return start;
}

// `LOOP:AT/COUNT`, outermost first.
const char *Maker::openLoops() {
  const Output &o = run->output;
  const char *start = memory + used;
  for (uint32_t k = 0; k < o.depth; ++k) {
    uint32_t l = o.open[k];
    text("%s%u:%lld/%lld", k ? " " : "", l, static_cast<long long>(o.at[l]), static_cast<long long>(o.count[l]));
    used -= k + 1 < o.depth; // over the NUL
  }
  return start;
}

void Maker::describe() {
  const Settings &s = run->settings;
  says("burin.version", "1");
  says("burin.kind", "checkpoint");
  says("burin.program", p->source_hash);
  says("burin.plan", p->plan_hash);
  says("burin.task", task->name);
  says("burin.seed", text("%lld", static_cast<long long>(s.seed)));
  says("burin.split_seed", text("%lld", static_cast<long long>(s.splitSeed)));
  says("burin.loops", openLoops());
  if (const Output &o = run->output; o.log) {
    Checksum::Text sum;
    says("burin.log", text("%llu %s", static_cast<unsigned long long>(o.logBytes), o.logged.print(sum)));
  }
  for (uint32_t i = 0; i < task->data_count; ++i) {
    Checksum::Text sum;
    says(text("burin.data.%s", p->data[task->data[i]].name),
         text("%s", run->checkpoints.data[task->data[i]].print(sum)));
  }
}

void Maker::collect() {
  for (uint32_t i = 0; i < p->slot_count; ++i)
    if (const burin_slot &s = p->slots[i]; s.kind != BURIN_LOCAL)
      holds(s.name, s.type, run->persistent + s.offset, s.bytes);
  for (uint32_t i = 0; i < p->loops[loop].held_count; ++i) {
    const burin_held &h = p->loops[loop].held[i];
    holds(h.name, h.type, (h.in_step ? run->step : run->persistent) + h.offset, h.bytes);
  }
  for (uint32_t i = 0; i < task->option_count; ++i) {
    const burin_option &o = task->options[i];
    holds(text("%s%s", optionPrefix, o.name), o.type, static_cast<char *>(run->settings.arguments) + o.offset,
          elementCount(p, o.type) * o.type.bytes);
  }
  for (uint32_t r = 0; r < p->record_count; ++r)
    if (run->output.times[r]) {
      holds(text("record:%u:sum", r), f64Scalar, &run->output.sum[r], 8);
      holds(text("record:%u:times", r), i64Scalar, &run->output.times[r], 8);
    }
}

bool Maker::make() {
  constexpr uint64_t number = 64; // the longest text of a few numbers
  uint64_t mostTensors = p->slot_count + p->loops[loop].held_count + task->option_count + 2ull * p->record_count;
  room = number * (8 + run->output.depth + 2ull * p->record_count);
  for (uint32_t i = 0; i < task->option_count; ++i)
    room += number + strlen(task->options[i].name);
  for (uint32_t i = 0; i < task->data_count; ++i)
    room += 2 * number + strlen(p->data[task->data[i]].name);
  tensors = allocateZeroed<TensorSource>(mostTensors, "a checkpoint");
  metadata = allocateZeroed<Metadata>(10 + task->data_count, "a checkpoint");
  memory = allocateZeroed<char>(room, "a checkpoint");
  if (!tensors || !metadata || !memory)
    return false;
  describe();
  collect();
  return true;
}

bool writeCheckpoint(burin_run *run, uint32_t loop, const char *code) {
  if (!flushLog(run, code))
    return false;
  Maker maker(run, loop);
  return maker.make() && writeSafetensors(run->checkpoints.path, maker.contents(), code);
}

[[noreturn]] void stop(burin_run *run, int signal) {
  leaveProgress(run);
  fflush(stdout);
  fprintf(stderr, "stopped by %s at ", signalName(signal));
  printPlace(stderr, run);
  fprintf(stderr, "; the run is kept in %s, and the same command with `--resume` goes on\n", run->checkpoints.path);
  exit(128 + signal);
}
} // namespace

void considerCheckpoint(burin_run *run, uint32_t loop) {
  Checkpoints &c = run->checkpoints;
  int signal = stopSignal();
  if (!signal && coarseNow() < c.next)
    return;
  constexpr double again = 60; // seconds until a write that failed is tried again
  bool fine = writeCheckpoint(run, loop, signal ? "E0530" : "W0530");
  c.ours |= fine;
  if (signal && fine)
    stop(run, signal);
  if (signal)
    exit(1);
  c.next = coarseNow() + (fine || run->settings.checkpointEvery > again ? run->settings.checkpointEvery : again);
}

void endCheckpoints(burin_run *run) {
  if (run->checkpoints.ours)
    removeReplaced(run->checkpoints.path);
}
} // namespace burin_rt
