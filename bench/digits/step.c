// The digits training step as one would write it in C: fixed sizes, unit strides, the inner loops left to the compiler's vectoriser.
// Reads the folder that bench/digits/work.py wrote; prints one line of JSON.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { Batch = 32, Pixels = 64, Hidden = 128, Digits = 10 };

typedef struct {
  float w1[Pixels][Hidden], b1[Hidden], w2[Digits][Hidden], b2[Digits]; // w2 transposed: every inner loop runs over Hidden
} Weights;
enum { Count = sizeof(Weights) / sizeof(float) };

static Weights weights, gradient, first, second;
static float x[Batch][Pixels], h[Batch][Hidden], dh[Batch][Hidden], dz[Batch][Digits];

static float forward_and_loss(const int *y) {
  float loss = 0;
  for (int n = 0; n < Batch; n++) {
    float a[Hidden];
    memcpy(a, weights.b1, sizeof a);
    for (int k = 0; k < Pixels; k++)
      for (int j = 0; j < Hidden; j++)
        a[j] += x[n][k] * weights.w1[k][j];
    for (int j = 0; j < Hidden; j++)
      h[n][j] = a[j] > 0 ? a[j] : 0;
    float z[Digits], top = -INFINITY, sum = 0;
    for (int o = 0; o < Digits; o++) {
      float s = weights.b2[o];
      for (int j = 0; j < Hidden; j++)
        s += h[n][j] * weights.w2[o][j];
      z[o] = s;
      top = s > top ? s : top;
    }
    for (int o = 0; o < Digits; o++)
      sum += dz[n][o] = expf(z[o] - top);
    for (int o = 0; o < Digits; o++)
      dz[n][o] = (dz[n][o] / sum - (o == y[n])) / Batch;
    loss += top + logf(sum) - z[y[n]];
  }
  return loss / Batch;
}

static void backward(void) {
  memset(&gradient, 0, sizeof gradient);
  for (int n = 0; n < Batch; n++) {
    memset(dh[n], 0, sizeof dh[n]);
    for (int o = 0; o < Digits; o++) {
      gradient.b2[o] += dz[n][o];
      for (int j = 0; j < Hidden; j++) {
        dh[n][j] += dz[n][o] * weights.w2[o][j];
        gradient.w2[o][j] += dz[n][o] * h[n][j];
      }
    }
    for (int j = 0; j < Hidden; j++) {
      dh[n][j] = h[n][j] > 0 ? dh[n][j] : 0;
      gradient.b1[j] += dh[n][j];
    }
  }
  for (int k = 0; k < Pixels; k++)
    for (int n = 0; n < Batch; n++)
      for (int j = 0; j < Hidden; j++)
        gradient.w1[k][j] += x[n][k] * dh[n][j];
}

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

static void *read_file(const char *folder, const char *name, size_t *bytes) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "rb");
  if (!f || fseek(f, 0, SEEK_END))
    exit((perror(path), 1));
  *bytes = ftell(f);
  rewind(f);
  void *data = malloc(*bytes);
  if (fread(data, 1, *bytes, f) != *bytes)
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
  if (argc != 3)
    return fprintf(stderr, "step FOLDER WARM_UP_STEPS\n"), 2;
  size_t bytes;
  const float *images = read_file(argv[1], "images.f32", &bytes), *start = read_file(argv[1], "start.f32", &bytes);
  const int *labels = read_file(argv[1], "labels.i32", &bytes), *order = read_file(argv[1], "order.i32", &bytes);
  int steps = bytes / sizeof(int) / Batch, warm_up = atoi(argv[2]);
  memcpy(weights.w1, start, sizeof weights.w1); // start: w1, b1, w2 [Hidden][Digits], b2
  for (int j = 0; j < Hidden; j++)
    for (int o = 0; o < Digits; o++)
      weights.w2[o][j] = start[Pixels * Hidden + Hidden + j * Digits + o];
  float *losses = malloc(steps * sizeof(float));
  double begin = now();
  for (int step = 0; step < steps; step++) {
    if (step == warm_up)
      begin = now();
    int y[Batch];
    for (int n = 0; n < Batch; n++) {
      int row = order[step * Batch + n];
      memcpy(x[n], images + (size_t)row * Pixels, sizeof x[n]);
      y[n] = labels[row];
    }
    losses[step] = forward_and_loss(y);
    backward();
    adam(step + 1);
  }
  double seconds = (now() - begin) / (steps - warm_up), early = 0;
  for (int step = 0; step < warm_up; step++)
    early += losses[step] / warm_up;
  printf("{\"seconds_per_step\": %.9g, \"early_loss\": %.9g}\n", seconds, early);
}
