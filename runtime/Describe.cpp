// --help and --describe.
#include "runtime/Run.h"
#include <string.h>

namespace burin_rt {

uint64_t elementCount(const struct burin_program *program, const burin_type &type) {
  uint64_t n = 1;
  for (uint32_t i = 0; i < type.rank; ++i)
    n *= uint64_t(program->axes[type.axes[i]].extent);
  return n;
}

void printType(FILE *out, const struct burin_program *program, const burin_type &type) {
  static const char *const names[] = {"f32", "f64", "i32", "int", "u8", "bool"};
  fputs(type.element == BURIN_INDEX ? program->axes[type.index_axis].name : names[type.element], out);
  for (uint32_t i = 0; i < type.rank; ++i)
    fprintf(out, "%s%s", i ? ", " : "[", program->axes[type.axes[i]].name);
  if (type.rank)
    fputc(']', out);
}

static void printElement(const struct burin_program *program, const burin_type &type, const void *value) {
  int64_t n = 0;
  float f;
  double d;
  switch (type.element) {
  case BURIN_F32:
    memcpy(&f, value, 4);
    printf("%.9g", double(f));
    return;
  case BURIN_F64:
    memcpy(&d, value, 8);
    printf("%.17g", d);
    return;
  case BURIN_I32: {
    int32_t i;
    memcpy(&i, value, 4);
    printf("%d", i);
    return;
  }
  case BURIN_BOOL:
    printf("%s", *static_cast<const uint8_t *>(value) ? "true" : "false");
    return;
  default:
    break;
  }
  memcpy(&n, value, type.bytes);
  if (type.element == BURIN_INDEX && uint64_t(n) < program->axes[type.index_axis].label_count)
    printf("%s", program->axes[type.index_axis].labels[n]);
  else
    printf("%lld", static_cast<long long>(n));
}

// A scalar on a line; a tensor as rows over its last axis.
void printResult(const struct burin_program *program, const burin_type &type, const void *value) {
  uint64_t n = elementCount(program, type), row = type.rank ? uint64_t(program->axes[type.axes[type.rank - 1]].extent) : 1;
  for (uint64_t i = 0; i < n; ++i) {
    printElement(program, type, static_cast<const char *>(value) + i * type.bytes);
    putchar((i + 1) % row == 0 ? '\n' : ' ');
  }
}

void printHelp(const struct burin_program *program, const burin_task *only) {
  if (only)
    printf("%s %s\n", program->name, only->name);
  else
    printf("%s TASK [--option value …]\n\n", program->name);
  for (uint32_t i = 0; i < program->task_count; ++i) {
    const burin_task &task = program->tasks[i];
    if (only && only != &task)
      continue;
    if (!only)
      printf("  %s\n", task.name);
    for (uint32_t k = 0; k < task.option_count; ++k) {
      const burin_option &o = task.options[k];
      printf("    --%s ", o.name);
      printType(stdout, program, o.type);
      if (!o.initial)
        printf("  (required%s)\n", o.type.rank ? ": a .npy file" : "");
      else {
        printf("  (default ");
        printElement(program, o.type, o.initial);
        printf(")\n");
      }
    }
  }
  printf("\n  --seed N          picks initial values, shuffles and draws (0)\n  --split-seed N    picks the split of data sets (0)\n"
         "  --log FILE.jsonl  writes every recorded value\n  --directory DIR   works there: paths are relative to it\n"
         "  --time            prints the time of a step\n  --poison          fills memory with NaN first: a read before a write shows\n"
         "  --describe        axes, parameters, memory\n");
}

void describeProgram(const struct burin_program *program) {
  printf("%s\n  source %s\n\naxes\n", program->name, program->source_hash);
  for (uint32_t i = 0; i < program->axis_count; ++i) {
    const burin_axis &a = program->axes[i];
    if (a.extent >= 0)
      printf("  %s %lld\n", a.name, static_cast<long long>(a.extent));
    else
      printf("  %s (rows of the file)\n", a.name);
  }
  uint64_t parameters = 0;
  printf("\nparameters\n");
  for (uint32_t i = 0; i < program->slot_count; ++i) {
    const burin_slot &s = program->slots[i];
    if (s.kind != BURIN_PARAMETER)
      continue;
    printf("  %s ", s.name);
    printType(stdout, program, s.type);
    printf(" %llu\n", static_cast<unsigned long long>(elementCount(program, s.type)));
    parameters += elementCount(program, s.type);
  }
  printf("  %llu in all\n\nmemory\n  parameters and states %llu bytes\n", static_cast<unsigned long long>(parameters), static_cast<unsigned long long>(program->persistent_bytes));
  for (uint32_t i = 0; i < program->task_count; ++i)
    printf("  task %s %llu bytes besides\n", program->tasks[i].name, static_cast<unsigned long long>(program->tasks[i].step_bytes + program->tasks[i].scratch_bytes));
}
} // namespace burin_rt
