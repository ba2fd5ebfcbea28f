// --help and --describe.
#include "runtime/Run.h"
#include "runtime/Values.h"
#include <string.h>

namespace burin_rt {

// `mean f32, worst f32`.
static void printResultTypes(const burin_program *program, const burin_task &task) {
  for (uint32_t k = 0; k < task.result_count; ++k) {
    const burin_result &r = task.results[k];
    if (r.is_length)
      continue;
    printf("%s%s%s", k ? ", " : " -> ", r.name, *r.name ? " " : "");
    printType(stdout, program, r.type);
  }
  putchar('\n');
}

// One number where all elements are equal; else the first of them.
static void printDefault(const burin_program *program, const burin_option &o) {
  constexpr uint64_t most = 8;
  const char *values = static_cast<const char *>(o.initial);
  uint64_t count = elementCount(program, o.type), shown = 1;
  if (memcmp(values, values + o.type.bytes, (count - 1) * o.type.bytes) != 0)
    shown = count < most ? count : most;
  printf("  (default");
  for (uint64_t k = 0; k < shown; ++k) {
    putchar(' ');
    printElement(stdout, program, o.type, values + k * o.type.bytes);
  }
  printf(shown == most && shown < count ? " …)\n" : ")\n");
}

void printHelp(const burin_program *program, const burin_task *only) {
  if (only) {
    printf("%s %s", program->name, only->name);
    printResultTypes(program, *only);
  } else {
    printf("%s TASK [--option value …]\n\n", program->name);
  }
  for (uint32_t i = 0; i < program->task_count; ++i) {
    const burin_task &task = program->tasks[i];
    if (only && only != &task)
      continue;
    if (!only) {
      printf("  %s", task.name);
      printResultTypes(program, task);
    }
    for (uint32_t k = 0; k < task.option_count; ++k) {
      const burin_option &o = task.options[k];
      if (o.reads == BURIN_LENGTH)
        continue;
      printf("    --%s ", o.name);
      printType(stdout, program, o.type);
      if (!o.initial)
        printf("  (required%s)\n", o.reads == BURIN_TEXT ? ": a text" : o.type.rank ? ": a .npy file" : "");
      else {
        printDefault(program, o);
      }
    }
  }
  printf(
      "\n  --seed N          picks initial values, shuffles and draws (0)\n  --split-seed N    picks the split of "
      "data sets (0)\n"
      "  --log FILE.jsonl  writes every recorded value\n  --directory DIR   works there: paths are relative to it\n"
      "  --threads N       computes on N threads (as many as there are processors); the results are the same\n"
      "  --checkpoint FILE keeps the run there, to go on if it is interrupted (PROGRAM-TASK.checkpoint.safetensors)\n"
      "  --checkpoint-every SECONDS   how often; 0: at every step, `never`: not at all (600)\n"
      "  --resume          goes on with an interrupted run; its options and seeds need not be given again\n"
      "  --time            prints the time of a step\n  --poison          fills memory with NaN first: a read "
      "before a write shows\n"
      "  --describe        axes, parameters, memory\n");
}

void describeProgram(const burin_program *program) {
  printf("%s\n  source %s\n\naxes\n", program->name, program->source_hash);
  for (uint32_t i = 0; i < program->axis_count; ++i) {
    const burin_axis &a = program->axes[i];
    bool part = false; // `row:24`
    for (uint32_t k = 0; k < i && !part; ++k)
      part = strcmp(program->axes[k].name, a.name) == 0;
    if (part)
      continue;
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
    printType(stdout, program, s.type, true);
    printf("  %llu\n", static_cast<unsigned long long>(elementCount(program, s.type)));
    parameters += elementCount(program, s.type);
  }
  printf("  %llu in all\n\nmemory\n  parameters and states %llu bytes\n", static_cast<unsigned long long>(parameters),
         static_cast<unsigned long long>(program->persistent_bytes));
  for (uint32_t i = 0; i < program->task_count; ++i)
    printf("  task %s %llu bytes besides\n", program->tasks[i].name,
           static_cast<unsigned long long>(stepBytes(program, &program->tasks[i]) + program->tasks[i].argument_bytes +
                                           program->tasks[i].scratch_bytes));
}
} // namespace burin_rt
