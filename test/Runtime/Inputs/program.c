// What the compiler writes, by hand: a small program's descriptor and its tasks, for tests of the runtime alone.
#include "runtime/Program.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRAIN_AXIS, TEST_AXIS, PIXEL, DIGIT, SIDE };
static const char *const sides[] = {"left", "right"};
static const struct burin_axis axes[] = {
    {"data.train", -1, 0, 0}, {"data.test", -1, 0, 0}, {"pixel", 3, 0, 0}, {"digit", 10, 0, 0}, {"side", 2, 2, sides}};
static const uint32_t pixels[] = {PIXEL};
#define SCALAR(element, bytes) {element, 0, bytes, 0, 0}
#define IMAGE {BURIN_F32, 0, 4, 1, pixels}

// w: f32[pixel], steps: int, best: digit, gains: f64[pixel]
static const struct burin_slot slots[] = {{"net.w", IMAGE, 0, 12, BURIN_PARAMETER},
                                          {"steps", SCALAR(BURIN_I64, 8), 64, 8, BURIN_STATE},
                                          {"best", {BURIN_INDEX, DIGIT, 1, 0, 0}, 128, 1, BURIN_STATE},
                                          {"net.gains", {BURIN_F64, 0, 8, 1, pixels}, 192, 24, BURIN_OPTIMISER}};

static const struct burin_field fields[] = {{"image", IMAGE, 0, 3},
                                            {"label", {BURIN_INDEX, DIGIT, 1, 0, 0}, 3, 1},
                                            {"side", {BURIN_INDEX, SIDE, 1, 0, 0}, 4, 1},
                                            {"first", SCALAR(BURIN_F32, 4), 0, 1},
                                            {"small", SCALAR(BURIN_I32, 4), 5, 1}};
static const struct burin_part parts[] = {{"train", 0, 0.8, 0, TRAIN_AXIS}, {"test", 0, 0.2, 1, TEST_AXIS}};
static const struct burin_data data[] = {{"data", "data.csv", burin_read_csv, 5, fields, 0, 2}};
static const uint32_t all[] = {0};

static const uint32_t saved[] = {0, 1, 2, 3}, other[] = {0, 1}, turned[] = {3, 1, 2, 0};
static const char *const names[] = {"net.w", "steps", "best", "net.gains"}, *const otherNames[] = {"net.w", "net.bias"};
static const struct burin_file files[] = {
    {"w.safetensors", 4, saved, names}, {"w.safetensors", 2, other, otherNames}, {"w.safetensors", 4, turned, names}};
static const struct burin_held held[] = {{"local:0", SCALAR(BURIN_F64, 8), 0, 8, 1}, {"local:1", {BURIN_INDEX, SIDE, 1, 0, 0}, 8, 1, 1},
                                         {"local:2", SCALAR(BURIN_I64, 8), 256, 8, 0}};
static const struct burin_loop loops[] = {{"epoch", 0, 1, 1, -1, 2, held}, {"b", 1, 1, 1, 0, 3, held}};
static const struct burin_recorded records[] = {{"loss", 2}, {"accuracy", 1}, {"total", 0}};

#define TASK(name) \
  static void name(void *persistent, void *step, void *scratch, const void *arguments, int64_t seed, struct burin_run *run)

struct weights {
  float w[16];
  int64_t steps[8];
  uint8_t best[64];
  double gains[3];
  char pad[40];
  int64_t again; // of the steps: held at the inner loop's head, beside the slots
};
struct options {
  int64_t epochs;
  float rate;
  uint8_t side, loud, count;
};

#ifndef PAUSE
#define PAUSE (void)0
#endif

TASK(initialise) {
  struct weights *p = persistent;
  for (int i = 0; i < 3; ++i)
    p->w[i] = (float)seed + (float)i / 3, p->gains[i] = 1.0 / 3 + i;
  p->steps[0] = p->again = 0, p->best[0] = 7;
}

#ifdef COUNT_ALLOCATIONS
extern int allocations;
#else
static int allocations;
#endif

// --epochs, --rate, --side, --loud, --count
TASK(train) {
  struct weights *p = persistent;
  const struct options *o = arguments;
  int before = allocations;
  double *counted = step; // held at the loops' heads
  uint8_t *side = (uint8_t *)step + 8;
  if (!burin_resuming(run))
    *counted = 0, *side = o->side;
  int64_t epochs = burin_loop_enter(run, 0, o->epochs);
  for (int64_t epoch = burin_loop_first(run, 0); epoch < epochs; ++epoch) {
    burin_loop_next(run, 0, epoch);
    int64_t steps = burin_loop_enter(run, 1, 4);
    for (int64_t b = burin_loop_first(run, 1); b < steps; ++b) {
      burin_loop_next(run, 1, b);
      p->again = ++p->steps[0], ++*counted;
      PAUSE;
      burin_record(run, 0, (double)((float)(b + 1) * o->rate));
    }
    burin_loop_exit(run, 1);
    burin_record(run, 1, (double)epoch / 3);
  }
  burin_loop_exit(run, 0);
  burin_record(run, 2, (double)p->steps[0]);
  if (*counted != (double)p->steps[0] || p->again != p->steps[0] || *side != o->side)
    abort();
  if (allocations != before) {
    printf("%d allocations\n", allocations - before);
    exit(3);
  }
  if (o->side == 1)
    burin_record(run, 1, NAN), burin_record(run, 2, INFINITY);
  burin_save(run, 0);
}
static const int64_t two = 2;
static const float half = 0.5f;
static const uint8_t none = 0;
static const struct burin_option trainOptions[] = {{"epochs", SCALAR(BURIN_I64, 8), 0, &two},
                                                   {"rate", SCALAR(BURIN_F32, 4), 8, &half},
                                                   {"side", {BURIN_INDEX, SIDE, 1, 0, 0}, 12, &none},
                                                   {"loud", SCALAR(BURIN_BOOL, 1), 13, &none},
                                                   {"count", SCALAR(BURIN_U8, 1), 14, &none}};

TASK(predict) { memcpy((char *)step + 64, arguments, 12); }
static const struct burin_option predictOptions[] = {{"image", IMAGE, 0, 0}};
TASK(whole) { memcpy(step, arguments, 12); }
static const struct burin_option wholeOptions[] = {{"image", {BURIN_I32, 0, 4, 1, pixels}, 0, 0}};

TASK(weights) {
  struct weights *p = persistent;
  burin_load(run, 0);
  printf("w %.9g %.9g %.9g steps %lld gains %.17g %.17g %.17g\n", p->w[0], p->w[1], p->w[2], (long long)p->steps[0], p->gains[0], p->gains[1],
         p->gains[2]);
  *(uint8_t *)step = p->best[0];
}
TASK(load_other) { burin_load(run, 1); }
TASK(load_turned) { burin_load(run, 2); }

// Every row of every part, in order.
TASK(show) {
  for (uint32_t part = 0; part < 2; ++part)
    for (int64_t r = 0; r < burin_rows(run, part); ++r) {
      const float *image = (const float *)burin_column(run, part, 0) + 3 * r;
      printf("%s %g %g %g digit %d side %s first %g small %d\n", parts[part].name, image[0], image[1], image[2],
             ((const uint8_t *)burin_column(run, part, 1))[r], sides[((const uint8_t *)burin_column(run, part, 2))[r]],
             ((const float *)burin_column(run, part, 3))[r], ((const int32_t *)burin_column(run, part, 4))[r]);
      for (uint32_t field = 0; field < 5; ++field)
        if ((uintptr_t)burin_column(run, part, field) % 64)
          abort();
    }
}
TASK(counted) { printf("allocations %d\n", allocations); }
// What memory is like before it is written, and whether subnormals are flushed.
TASK(memory) {
  volatile float tiny = 1e-38f;
  printf("step %02x scratch %02x subnormal %g\n", *(uint8_t *)step, *(uint8_t *)scratch, (double)(tiny * 0.1f));
}

static const struct burin_result predicted[] = {{"", IMAGE, 64}}, wholes[] = {{"", {BURIN_I32, 0, 4, 1, pixels}, 0}},
                                 label[] = {{"", {BURIN_INDEX, DIGIT, 1, 0, 0}, 0}};
static const struct burin_task tasks[] = {
    {"train", train, 5, trainOptions, 15, 0, 0, 64, 64, 0, 0, 0, 0, 2},
    {"predict", predict, 1, predictOptions, 12, 1, predicted, 128, 0, 0, 0},
    {"whole", whole, 1, wholeOptions, 12, 1, wholes, 64, 0, 0, 0},
    {"weights", weights, 0, 0, 0, 1, label, 64, 0, 0, 0},
    {"load_other", load_other, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {"load_turned", load_turned, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {"show", show, 0, 0, 0, 0, 0, 0, 0, 1, all},
    {"memory", memory, 0, 0, 0, 0, 0, 64, 64, 0, 0},
    {"counted", counted, 0, 0, 0, 0, 0, 0, 0, 0, 0}};

#ifndef HASH
#define HASH "0123abcd"
#endif
#ifndef ABI
#define ABI BURIN_ABI
#endif
#ifndef FEATURES
#define FEATURES 0
#endif
const struct burin_program burin_program = {ABI, "sample", HASH, "plan", FEATURES, 5, axes, 4, slots, 264, 0, 0, initialise, 1, data, 2, parts, 3, files, 2, loops, 3, records, 0, 0,
                                            9, tasks};
