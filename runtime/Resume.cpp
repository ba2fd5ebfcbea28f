// Going on from a checkpoint: whether it is this program's and this task's, and how memory is filled from it.
#include "runtime/Checkpoint.h"
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include "runtime/Safetensors.h"
#include "runtime/Signals.h"
#include "runtime/Values.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {

bool canGoOn(const burin_program *program, const burin_task *task) {
  for (uint32_t i = 0; i < task->loop_count; ++i)
    if (program->loops[task->first_loop + i].resumable)
      return true;
  return false;
}

namespace {

/// A checkpoint that is being read.
struct Reading {
  burin_run *run;
  SafetensorsReader &file;
  const burin_program *p = run->program;
  const burin_task *task = run->settings.task;

  bool isAnothers(const char *what, const char *help = "go on with what wrote it, or begin anew without `--resume`") {
    return errorAt("E0533", {run->checkpoints.path}, help, "this checkpoint is of another run: %s", what);
  }
  bool is(const char *key, const char *own, const char *otherwise) {
    const char *value = file.metadata(key);
    return (value && !strcmp(value, own)) || isAnothers(otherwise);
  }
  bool checkProgram();
  bool takeSeed(const char *key, const char *option, bool given, int64_t &seed);
  bool takeOption(const burin_option &option, const char *given);
  bool lengthFits(const burin_option &option, const char *own);
  bool takeLoops();
  bool takeRecords();
  bool checkData();
  bool take(const char *name, const burin_type &type, void *out, uint64_t bytes);
  bool takeMemory();
  bool checkSurplus();
};

bool Reading::checkProgram() {
  char reason[512];
  const char *kind = file.metadata("burin.kind"), *other = file.metadata("burin.task");
  if (!kind || strcmp(kind, "checkpoint") != 0)
    return file.refuse("these are tensors, and no state of a run");
  snprintf(reason, sizeof reason, "it was written by the task `%.200s`, not by `%.200s`", other ? other : "",
           task->name);
  return is("burin.program", p->source_hash, "the program's text was changed since it was written") &&
         is("burin.plan", p->plan_hash, "the program was compiled by another burin, or with other sizes") &&
         is("burin.task", task->name, reason);
}

bool wholeNumber(const char *text, int64_t &out) { return text && !parseElement(nullptr, i64Scalar, text, &out); }

bool Reading::takeSeed(const char *key, const char *option, bool given, int64_t &seed) {
  int64_t written;
  if (!wholeNumber(file.metadata(key), written))
    return file.refuse("a seed is missing");
  if (given && seed != written) {
    char reason[160], help[160];
    snprintf(reason, sizeof reason, "it has `--%s %lld`, not %lld", option, static_cast<long long>(written),
             static_cast<long long>(seed));
    snprintf(help, sizeof help, "leave out `--%s`: it is taken from the checkpoint", option);
    return isAnothers(reason, help);
  }
  seed = written;
  return true;
}

// Its values, if it has them.
bool Reading::take(const char *name, const burin_type &type, void *out, uint64_t bytes) {
  TensorEntry *entry = file.find(name);
  char reason[300];
  snprintf(reason, sizeof reason, "`%.200s` is missing, or of another type or shape", name);
  if (!entry || !hasType(p, *entry, type))
    return file.refuse(reason);
  entry->used = true;
  return file.read(*entry, out) && (valuesFit(p, type, static_cast<const char *>(out), bytes) ||
                                    file.refuse("an index in it is beyond its axis"));
}

// Kernels index by lengths without looking.
bool Reading::lengthFits(const burin_option &option, const char *own) {
  if (option.reads != BURIN_LENGTH)
    return true;
  int64_t n = 0, most = 0;
  memcpy(&n, own, sizeof n);
  for (uint32_t i = 0; i < task->option_count; ++i)
    for (uint32_t k = 0; task->options[i].lengths && k < task->options[i].type.rank; ++k)
      if (const burin_option &o = task->options[i]; &option - task->options == int64_t(o.lengths[k]))
        most = p->axes[o.type.axes[k]].extent;
  return (n >= 1 && n <= most) || file.refuse("a length in it is beyond its axis");
}

bool Reading::takeOption(const burin_option &option, const char *given) {
  char name[512];
  if (snprintf(name, sizeof name, "%s%s", optionPrefix, option.name) >= int(sizeof name))
    return file.refuse("an option's name is too long");
  uint64_t bytes = elementCount(p, option.type) * option.type.bytes;
  char *own = static_cast<char *>(run->settings.arguments) + option.offset;
  if (!given)
    return take(name, option.type, own, bytes) && lengthFits(option, own);
  void *written = allocate(bytes, option.name);
  bool fine = written && take(name, option.type, written, bytes), same = fine && memcmp(written, own, bytes) == 0;
  free(written);
  if (same || !fine)
    return fine;
  char reason[300], help[300];
  snprintf(reason, sizeof reason, "it has another `--%.200s`", option.name);
  snprintf(help, sizeof help, "leave out `--%.200s`: it is taken from the checkpoint", option.name);
  return isAnothers(reason, help);
}

// A natural number of at most 18 digits and the character behind it.
bool takeNumber(const char *&text, int64_t &out, char behind) {
  const char *start = text;
  for (out = 0; *text >= '0' && *text <= '9' && text - start < 18; ++text)
    out = out * 10 + (*text - '0');
  if (text == start || *text != behind)
    return false;
  if (!behind)
    return true;
  ++text;
  return *text != 0;
}

// `LOOP:AT/COUNT`, outermost first: a way into the task's loops.
bool Reading::takeLoops() {
  Resumption &r = run->resumption;
  for (uint32_t l = 0; l < p->loop_count; ++l)
    r.at[l] = -1;
  const char *text = file.metadata("burin.loops");
  uint32_t around = UINT32_MAX;
  for (bool more = true; more;) {
    int64_t loop = 0, at = 0, count = 0;
    more = text && strchr(text, ' ');
    bool fine = text && takeNumber(text, loop, ':') && takeNumber(text, at, '/') &&
                takeNumber(text, count, more ? ' ' : '\0') && loop >= task->first_loop &&
                loop < int64_t(task->first_loop) + task->loop_count && p->loops[loop].resumable &&
                p->loops[loop].parent == around && at < count;
    if (!fine)
      return file.refuse("it stands in loops that the task does not have");
    r.target = around = uint32_t(loop);
    r.at[loop] = at, r.count[loop] = count;
  }
  return true;
}

bool Reading::takeRecords() {
  char sum[64], times[64];
  for (uint32_t r = 0; r < p->record_count; ++r) {
    snprintf(sum, sizeof sum, "record:%u:sum", r), snprintf(times, sizeof times, "record:%u:times", r);
    if ((file.find(sum) || file.find(times)) &&
        !(take(sum, f64Scalar, &run->output.sum[r], 8) && take(times, i64Scalar, &run->output.times[r], 8)))
      return false;
  }
  return true;
}

bool Reading::checkData() {
  for (uint32_t i = 0; i < task->data_count; ++i) {
    const burin_data &data = p->data[task->data[i]];
    char key[512];
    Checksum::Text sum;
    snprintf(key, sizeof key, "burin.data.%s", data.name);
    const char *written = file.metadata(key);
    if (!written || strcmp(written, run->checkpoints.data[task->data[i]].print(sum)) != 0) {
      snprintf(key, sizeof key, "the data in `%.400s` were changed since it was written", data.path);
      return isAnothers(key);
    }
  }
  return true;
}

bool Reading::takeMemory() {
  for (uint32_t i = 0; i < p->slot_count; ++i)
    if (const burin_slot &s = p->slots[i];
        s.kind != BURIN_LOCAL && !take(s.name, s.type, run->persistent + s.offset, s.bytes))
      return false;
  const burin_loop &loop = p->loops[run->resumption.target];
  for (uint32_t i = 0; i < loop.held_count; ++i) {
    const burin_held &h = loop.held[i];
    if (!take(h.name, h.type, (h.in_step ? run->step : run->persistent) + h.offset, h.bytes))
      return false;
  }
  return true;
}

bool Reading::checkSurplus() {
  for (const TensorEntry &entry : file)
    if (!entry.used)
      return file.refuse("it has tensors that the task has no use for");
  return true;
}

bool openToResume(burin_run *run) {
  Resumption &r = run->resumption;
  static const SafetensorsReader::Words words = {"this is no checkpoint", "E0531", "E0532",
                                                 "leave out `--resume` to begin anew; a run that is finished leaves no "
                                                 "checkpoint, `--checkpoint FILE` names another"};
  r.at = allocateZeroed<int64_t>(run->program->loop_count, "loops");
  r.count = allocateZeroed<int64_t>(run->program->loop_count, "loops");
  if (!r.at || !r.count || !r.file->open(run->checkpoints.path, words))
    return false;
  Reading reading{run, *r.file};
  Settings &s = run->settings;
  bool fine = reading.checkProgram() && reading.takeSeed("burin.seed", "seed", s.seedGiven, s.seed) &&
              reading.takeSeed("burin.split_seed", "split-seed", s.splitSeedGiven, s.splitSeed) && reading.takeLoops();
  for (uint32_t i = 0; fine && i < s.task->option_count; ++i)
    fine = reading.takeOption(s.task->options[i], s.texts[i]);
  return fine;
}
} // namespace

bool beginCheckpoints(burin_run *run) {
  Settings &s = run->settings;
  Checkpoints &c = run->checkpoints;
  if (!canGoOn(run->program, s.task))
    return true;
  int length = s.checkpoint
                   ? snprintf(c.path, sizeof c.path, "%s", s.checkpoint)
                   : snprintf(c.path, sizeof c.path, "%s-%s.checkpoint.safetensors", run->program->name, s.task->name);
  if (length >= int(sizeof c.path))
    return errorAt("E0530", {s.checkpoint}, nullptr, "can't write the file: %s", strerror(ENAMETOOLONG));
  c.kept = s.checkpointEvery >= 0;
  c.next = coarseNow() + s.checkpointEvery;
  if (c.kept)
    catchSignals();
  if (s.resume)
    return openToResume(run);
  if (c.kept && access(c.path, F_OK) == 0)
    fprintf(stderr,
            "note: %s is the checkpoint of an earlier run: `--resume` goes on with it; this run begins anew, and "
            "replaces it "
            "when it writes its own\n",
            c.path);
  return true;
}

bool restore(burin_run *run) {
  Resumption &r = run->resumption;
  if (!run->settings.resume)
    return true;
  Reading reading{run, *r.file};
  r.active = reading.checkData() && reading.takeMemory() && reading.takeRecords() && reading.checkSurplus();
  run->checkpoints.ours = r.active;
  return r.active;
}

void arrive(burin_run *run) {
  run->resumption.active = false;
  fputs("resumed at ", stderr);
  printPlace(stderr, run);
  fprintf(stderr, " from %s\n", run->checkpoints.path);
}

int64_t resumedCount(burin_run *run, uint32_t loop, int64_t count) {
  const Resumption &r = run->resumption;
  if (run->program->loops[loop].counted && count != r.count[loop]) {
    r.file->refuse("a loop in it has another length");
    exit(1);
  }
  return r.count[loop];
}
} // namespace burin_rt
