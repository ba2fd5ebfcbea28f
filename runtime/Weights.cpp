// `save` and `load`: slots of the program in safetensors files.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include "runtime/Safetensors.h"
#include "runtime/Values.h"
#include <stdlib.h>
#include <string.h>

namespace burin_rt {
namespace {

bool hasSplit(const burin_program *p) {
  for (uint32_t i = 0; i < p->data_count; ++i)
    if (p->data[i].part_count > 1)
      return true;
  return false;
}

bool save(const burin_run *run, const burin_file &file) {
  const burin_program *p = run->program;
  char splitSeed[32];
  snprintf(splitSeed, sizeof splitSeed, "%lld", static_cast<long long>(run->settings.splitSeed));
  const Metadata metadata[] = {
      {"burin.version", "1"}, {"burin.program", p->source_hash}, {"burin.split_seed", splitSeed}};
  TensorSource *tensors = allocateZeroed<TensorSource>(file.slot_count, file.path);
  if (!tensors)
    return false;
  for (uint32_t i = 0; i < file.slot_count; ++i) {
    const burin_slot &s = p->slots[file.slots[i]];
    tensors[i] = {file.names[i], s.type, run->persistent + s.offset, s.bytes};
  }
  bool fine = writeSafetensors(file.path, {p, metadata, hasSplit(p) ? 3u : 2u, tensors, file.slot_count}, "E0520");
  free(tensors);
  return fine;
}

bool checkSplit(const burin_run *run, const SafetensorsReader &reader, const char *path) {
  char own[32];
  snprintf(own, sizeof own, "%lld", static_cast<long long>(run->settings.splitSeed));
  const char *splitSeed = reader.metadata("burin.split_seed");
  if (!splitSeed || !hasSplit(run->program) || !strcmp(splitSeed, own))
    return true;
  return errorAt(
      "E0523", {path}, "give the same `--split-seed`: under another split, rows of the test part were trained on",
      "these weights were trained under `--split-seed %s`, and this run has `--split-seed %s`", splitSeed, own);
}

void printEntry(const TensorEntry &entry) {
  printText(entry.element);
  fputs(" [", stderr);
  Json shape = entry.shape;
  shape.take('[');
  uint64_t extent;
  for (bool first = true; shape.number(extent); first = false, shape.take(','))
    fprintf(stderr, "%s%llu", first ? "" : ", ", static_cast<unsigned long long>(extent));
  fputc(']', stderr);
}

// Names, types and shapes against what the program wants. All that differ are listed.
bool matchSlots(const burin_run *run, SafetensorsReader &reader, const burin_file &file) {
  const burin_program *p = run->program;
  uint32_t wrong = 0;
  auto begin = [&](const char *what, const char *name) {
    if (wrong++ == 0)
      errorAt("E0522", {file.path}, "nothing was loaded", "these weights are of another model");
    fprintf(stderr, "    %s: ", what);
    printText(name);
  };
  for (uint32_t i = 0; i < file.slot_count; ++i) {
    const burin_slot &slot = p->slots[file.slots[i]];
    TensorEntry *entry = reader.find(file.names[i]);
    if (entry)
      entry->used = true;
    if (entry && hasType(p, *entry, slot.type))
      continue;
    begin(entry ? "another type or shape" : "missing", file.names[i]);
    if (entry) {
      fputs(": ", stderr);
      printEntry(*entry);
      fputs(" in the file, ", stderr);
      printType(stderr, p, slot.type, true);
      fputs(" in the program", stderr);
    }
    fputc('\n', stderr);
  }
  for (const TensorEntry &entry : reader)
    if (!entry.used) {
      begin("surplus", entry.name);
      fputc('\n', stderr);
    }
  return wrong == 0;
}

bool load(const burin_run *run, const burin_file &file) {
  SafetensorsReader reader;
  bool fine = reader.open(file.path,
                          {"these are no weights", "E0520", "E0521", "train first: weights are written by a `save`"}) &&
              checkSplit(run, reader, file.path) && matchSlots(run, reader, file);
  for (uint32_t i = 0; fine && i < file.slot_count; ++i) {
    const burin_slot &slot = run->program->slots[file.slots[i]];
    char *place = run->persistent + slot.offset;
    fine = reader.read(*reader.find(file.names[i]), place) && (valuesFit(run->program, slot.type, place, slot.bytes) ||
                                                               reader.refuse("an index in it is beyond its axis"));
  }
  return fine;
}
} // namespace
} // namespace burin_rt

using namespace burin_rt;

// A file that can't be written or read ends the program: going on would train or predict on something else.
extern "C" void burin_save(burin_run *run, uint32_t file) {
  if (!save(run, run->program->files[file]))
    exit(1);
}
extern "C" void burin_load(burin_run *run, uint32_t file) {
  if (!load(run, run->program->files[file]))
    exit(1);
}
