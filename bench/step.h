// What the C peers share: Adam, and a program around the step that reads the folder bench/workloads.py wrote and prints
// one line of JSON. Included after `Batch`, `Count`, `Weights weights, gradient, first, second` and the examples
// `x[Batch]`.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void begin_with(const float *start); // the weights, layer by layer: weights [from][to], then biases
static float forward_and_loss(const int *labels);
static void backward(void);

static void adam(int step) {
  const float lr = 1e-3f, b1 = 0.9f, b2 = 0.999f, eps = 1e-8f, c1 = 1 - powf(b1, step), c2 = 1 - powf(b2, step);
  float *p = (float *)&weights, *m = (float *)&first, *v = (float *)&second;
  const float *g = (const float *)&gradient;
  for (int i = 0; i < Count; i++) {
    m[i] = b1 * m[i] + (1 - b1) * g[i];
    v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
    p[i] -= lr * (m[i] / c1) / (sqrtf(v[i] / c2) + eps);
  }
}

static void *read_file(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "rb");
  if (!f || fseek(f, 0, SEEK_END))
    exit((perror(path), 1));
  size_t bytes = ftell(f);
  rewind(f);
  void *data = malloc(bytes);
  if (fread(data, 1, bytes, f) != bytes)
    exit((perror(path), 1));
  fclose(f);
  return data;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 4)
    return fprintf(stderr, "step FOLDER EPOCHS STEPS_PER_EPOCH\n"), 2;
  const float *images = read_file(argv[1], "images.f32");
  const int *all = read_file(argv[1], "labels.i32"), *order = read_file(argv[1], "order.i32");
  int epochs = atoi(argv[2]), per_epoch = atoi(argv[3]), steps = epochs * per_epoch;
  begin_with(read_file(argv[1], "start.f32"));
  float *losses = malloc(steps * sizeof(float));
  double begin = now();
  for (int step = 0; step < steps; step++) {
    if (step == per_epoch)
      begin = now();
    int labels[Batch];
    for (int n = 0; n < Batch; n++) {
      int row = order[step * Batch + n];
      memcpy(x[n], (const char *)images + row * sizeof x[n], sizeof x[n]);
      labels[n] = all[row];
    }
    losses[step] = forward_and_loss(labels);
    backward();
    adam(step + 1);
  }
  double seconds = (now() - begin) / (steps - per_epoch), early = 0, late = 0;
  for (int i = 0; i < per_epoch; i++)
    early += losses[i] / per_epoch, late += losses[steps - per_epoch + i] / per_epoch;
  printf("{\"seconds_per_step\": %.9g, \"losses\": [%.9g, %.9g]}\n", seconds, early, late);
}
