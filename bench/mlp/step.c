// A perceptron's training step with Adam as one would write it in C: sizes that the compiler knows, unit strides, the inner loops left to its vectoriser.
// `-D` gives BATCH, INPUTS, HIDDEN, CLASSES, and LAYERS, the number of hidden layers.
enum { Batch = BATCH, Inputs = INPUTS, Hidden = HIDDEN, Classes = CLASSES, Layers = LAYERS };

typedef struct {
  float w0[Inputs][Hidden], b0[Hidden];
  struct { float w[Hidden][Hidden], b[Hidden]; } inner[Layers - 1];
  float wz[Classes][Hidden], bz[Classes]; // transposed: every inner loop runs over Hidden
} Weights;
enum { Count = sizeof(Weights) / sizeof(float) };

static Weights weights, gradient, first, second;
static float x[Batch][Inputs], h[Layers][Batch][Hidden], dh[Layers][Batch][Hidden], dz[Batch][Classes];

#include "../step.h"

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

static const float *copied(float *to, const float *from, size_t count) {
  memcpy(to, from, count * sizeof(float));
  return from + count;
}

static void begin_with(const float *start) {
  start = copied(weights.w0[0], start, Inputs * Hidden + Hidden);
  for (int l = 1; l < Layers; l++)
    start = copied(weights.inner[l - 1].w[0], start, Hidden * Hidden + Hidden);
  for (int j = 0; j < Hidden; j++)
    for (int o = 0; o < Classes; o++)
      weights.wz[o][j] = *start++;
  copied(weights.bz, start, Classes);
}
