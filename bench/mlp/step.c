// A perceptron's training step with Adam as one would write it in C: sizes that the compiler knows, unit strides, the inner loops left to its vectoriser.
// `-D` gives BATCH, INPUTS, HIDDEN, CLASSES, and LAYERS, the number of hidden layers.
// Reads the folder that bench/inputs.py wrote; prints one line of JSON.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { Batch = BATCH, Inputs = INPUTS, Hidden = HIDDEN, Classes = CLASSES, Layers = LAYERS };

typedef struct {
  float w0[Inputs][Hidden], b0[Hidden];
  struct { float w[Hidden][Hidden], b[Hidden]; } inner[Layers - 1];
  float wz[Classes][Hidden], bz[Classes]; // transposed: every inner loop runs over Hidden
} Weights;
enum { Count = sizeof(Weights) / sizeof(float) };

static Weights weights, gradient, first, second;
static float x[Batch][Inputs], h[Layers][Batch][Hidden], dh[Layers][Batch][Hidden], dz[Batch][Classes];

// y = relu(x w + b); four inputs at a time, so that a row of sums is read and written a quarter as often.
static inline __attribute__((always_inline)) void dense(int inputs, const float *restrict in, const float (*restrict w)[Hidden],
                                                        const float *restrict b, float (*restrict out)[Hidden]) {
  for (int n = 0; n < Batch; n++) {
    float a[Hidden];
    const float *row = in + n * inputs;
    memcpy(a, b, sizeof a);
    for (int k = 0; k < inputs; k += 4)
      for (int j = 0; j < Hidden; j++)
        a[j] += row[k] * w[k][j] + row[k + 1] * w[k + 1][j] + row[k + 2] * w[k + 2][j] + row[k + 3] * w[k + 3][j];
    for (int j = 0; j < Hidden; j++)
      out[n][j] = a[j] > 0 ? a[j] : 0;
  }
}

// The gradient of w and b from that of the sums, which `d` becomes here; four examples at a time.
static inline __attribute__((always_inline)) void dense_gradient(int inputs, const float *restrict in, float (*restrict d)[Hidden],
                                                                 const float (*restrict out)[Hidden], float (*restrict dw)[Hidden],
                                                                 float *restrict db) {
  for (int n = 0; n < Batch; n++)
    for (int j = 0; j < Hidden; j++) {
      d[n][j] = out[n][j] > 0 ? d[n][j] : 0;
      db[j] += d[n][j];
    }
  for (int k = 0; k < inputs; k++) {
    float a[Hidden] = {0};
    for (int n = 0; n < Batch; n += 4) {
      float x0 = in[n * inputs + k], x1 = in[(n + 1) * inputs + k], x2 = in[(n + 2) * inputs + k], x3 = in[(n + 3) * inputs + k];
      for (int j = 0; j < Hidden; j++)
        a[j] += x0 * d[n][j] + x1 * d[n + 1][j] + x2 * d[n + 2][j] + x3 * d[n + 3][j];
    }
    memcpy(dw[k], a, sizeof a);
  }
}

static float forward_and_loss(const int *y) {
  dense(Inputs, x[0], weights.w0, weights.b0, h[0]);
  for (int l = 1; l < Layers; l++)
    dense(Hidden, h[l - 1][0], weights.inner[l - 1].w, weights.inner[l - 1].b, h[l]);
  float loss = 0;
  for (int n = 0; n < Batch; n++) {
    float z[Classes], top = -INFINITY, sum = 0;
    for (int o = 0; o < Classes; o++) {
      float s = weights.bz[o];
      for (int j = 0; j < Hidden; j++)
        s += h[Layers - 1][n][j] * weights.wz[o][j];
      z[o] = s;
      top = s > top ? s : top;
    }
    for (int o = 0; o < Classes; o++)
      sum += dz[n][o] = expf(z[o] - top);
    for (int o = 0; o < Classes; o++)
      dz[n][o] = (dz[n][o] / sum - (o == y[n])) / Batch;
    loss += top + logf(sum) - z[y[n]];
  }
  return loss / Batch;
}

static void backward(void) {
  memset(&gradient, 0, sizeof gradient);
  for (int n = 0; n < Batch; n++) {
    float *d = dh[Layers - 1][n];
    memset(d, 0, sizeof dh[0][0]);
    for (int o = 0; o < Classes; o++) {
      gradient.bz[o] += dz[n][o];
      for (int j = 0; j < Hidden; j++) {
        d[j] += dz[n][o] * weights.wz[o][j];
        gradient.wz[o][j] += dz[n][o] * h[Layers - 1][n][j];
      }
    }
  }
  for (int l = Layers - 1; l > 0; l--) {
    dense_gradient(Hidden, h[l - 1][0], dh[l], h[l], gradient.inner[l - 1].w, gradient.inner[l - 1].b);
    for (int n = 0; n < Batch; n++)
      for (int k = 0; k < Hidden; k++) {
        float s = 0;
        for (int j = 0; j < Hidden; j++)
          s += dh[l][n][j] * weights.inner[l - 1].w[k][j];
        dh[l - 1][n][k] = s;
      }
  }
  dense_gradient(Inputs, x[0], dh[0], h[0], gradient.w0, gradient.b0);
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

static const float *copied(float *to, const float *from, size_t count) {
  memcpy(to, from, count * sizeof(float));
  return from + count;
}

int main(int argc, char **argv) {
  if (argc != 4)
    return fprintf(stderr, "step FOLDER EPOCHS STEPS_PER_EPOCH\n"), 2;
  size_t bytes;
  const float *images = read_file(argv[1], "images.f32", &bytes), *start = read_file(argv[1], "start.f32", &bytes);
  const int *labels = read_file(argv[1], "labels.i32", &bytes), *order = read_file(argv[1], "order.i32", &bytes);
  int epochs = atoi(argv[2]), per_epoch = atoi(argv[3]), steps = epochs * per_epoch;
  start = copied(weights.w0[0], start, Inputs * Hidden + Hidden); // layer by layer: weights [from][to], then biases
  for (int l = 1; l < Layers; l++)
    start = copied(weights.inner[l - 1].w[0], start, Hidden * Hidden + Hidden);
  for (int j = 0; j < Hidden; j++)
    for (int o = 0; o < Classes; o++)
      weights.wz[o][j] = *start++;
  copied(weights.bz, start, Classes);
  float *losses = malloc(steps * sizeof(float));
  double begin = now();
  for (int step = 0; step < steps; step++) {
    if (step == per_epoch)
      begin = now();
    int y[Batch];
    for (int n = 0; n < Batch; n++) {
      int row = order[step * Batch + n];
      memcpy(x[n], images + (size_t)row * Inputs, sizeof x[n]);
      y[n] = labels[row];
    }
    losses[step] = forward_and_loss(y);
    backward();
    adam(step + 1);
  }
  double seconds = (now() - begin) / (steps - per_epoch), early = 0, late = 0;
  for (int i = 0; i < per_epoch; i++)
    early += losses[i] / per_epoch, late += losses[steps - per_epoch + i] / per_epoch;
  printf("{\"seconds_per_step\": %.9g, \"losses\": [%.9g, %.9g]}\n", seconds, early, late);
}
