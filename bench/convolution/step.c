// A convolutional network's training step with Adam as one would write it in C: plain loop nests, sizes that the compiler knows, maps innermost, the
// inner loops left to its vectoriser. `-D` gives BATCH.
enum { Batch = BATCH, Side = 28, Size = 5, C1 = 6, C2 = 16, Y1 = Side - Size + 1, P1 = Y1 / 2, Y2 = P1 - Size + 1, P2 = Y2 / 2, Classes = 10 };

typedef struct {
  float w1[Size][Size][C1], b1[C1], w2[Size][Size][C1][C2], b2[C2], w3[P2][P2][C2][Classes], b3[Classes];
} Weights;
enum { Count = sizeof(Weights) / sizeof(float) };

static Weights weights, gradient, first, second;
static float x[Batch][Side][Side], h1[Batch][Y1][Y1][C1], p1[Batch][P1][P1][C1], h2[Batch][Y2][Y2][C2], p2[Batch][P2][P2][C2], dz[Batch][Classes];
static unsigned char at1[Batch][P1][P1][C1], at2[Batch][P2][P2][C2]; // which of the four is the largest

#include "../step.h"

#define POOL(n, P, C, y, p, at)                                                                                                               \
  for (int i = 0; i < P; i++)                                                                                                                 \
    for (int j = 0; j < P; j++)                                                                                                               \
      for (int c = 0; c < C; c++) {                                                                                                           \
        float best = y[n][2 * i][2 * j][c];                                                                                                   \
        unsigned char where = 0;                                                                                                              \
        for (int k = 1; k < 4; k++)                                                                                                           \
          if (y[n][2 * i + k / 2][2 * j + k % 2][c] > best)                                                                                   \
            best = y[n][2 * i + k / 2][2 * j + k % 2][c], where = k;                                                                          \
        p[n][i][j][c] = best, at[n][i][j][c] = where;                                                                                         \
      }

static float forward_and_loss(const int *labels) {
  float loss = 0;
  for (int n = 0; n < Batch; n++) {
    for (int i = 0; i < Y1; i++)
      for (int j = 0; j < Y1; j++) {
        float a[C1];
        memcpy(a, weights.b1, sizeof a);
        for (int m = 0; m < Size; m++)
          for (int k = 0; k < Size; k++)
            for (int o = 0; o < C1; o++)
              a[o] += x[n][i + m][j + k] * weights.w1[m][k][o];
        for (int o = 0; o < C1; o++)
          h1[n][i][j][o] = a[o] > 0 ? a[o] : 0;
      }
    POOL(n, P1, C1, h1, p1, at1)
    for (int i = 0; i < Y2; i++)
      for (int j = 0; j < Y2; j++) {
        float a[C2];
        memcpy(a, weights.b2, sizeof a);
        for (int m = 0; m < Size; m++)
          for (int k = 0; k < Size; k++)
            for (int c = 0; c < C1; c++)
              for (int o = 0; o < C2; o++)
                a[o] += p1[n][i + m][j + k][c] * weights.w2[m][k][c][o];
        for (int o = 0; o < C2; o++)
          h2[n][i][j][o] = a[o] > 0 ? a[o] : 0;
      }
    POOL(n, P2, C2, h2, p2, at2)
    float z[Classes], top = -INFINITY, sum = 0;
    memcpy(z, weights.b3, sizeof z);
    for (int i = 0; i < P2; i++)
      for (int j = 0; j < P2; j++)
        for (int c = 0; c < C2; c++)
          for (int o = 0; o < Classes; o++)
            z[o] += p2[n][i][j][c] * weights.w3[i][j][c][o];
    for (int o = 0; o < Classes; o++)
      top = z[o] > top ? z[o] : top;
    for (int o = 0; o < Classes; o++)
      sum += dz[n][o] = expf(z[o] - top);
    for (int o = 0; o < Classes; o++)
      dz[n][o] = (dz[n][o] / sum - (o == labels[n])) / Batch;
    loss += top + logf(sum) - z[labels[n]];
  }
  return loss / Batch;
}

static void backward(void) {
  memset(&gradient, 0, sizeof gradient);
  for (int n = 0; n < Batch; n++) {
    static float dy2[Y2][Y2][C2], dp1[P1][P1][C1], dy1[Y1][Y1][C1];
    memset(dy2, 0, sizeof dy2), memset(dp1, 0, sizeof dp1), memset(dy1, 0, sizeof dy1);
    for (int o = 0; o < Classes; o++)
      gradient.b3[o] += dz[n][o];
    for (int i = 0; i < P2; i++)
      for (int j = 0; j < P2; j++)
        for (int c = 0; c < C2; c++) {
          float d = 0;
          for (int o = 0; o < Classes; o++) {
            d += dz[n][o] * weights.w3[i][j][c][o];
            gradient.w3[i][j][c][o] += p2[n][i][j][c] * dz[n][o];
          }
          int k = at2[n][i][j][c];
          dy2[2 * i + k / 2][2 * j + k % 2][c] = p2[n][i][j][c] > 0 ? d : 0;
        }
    for (int i = 0; i < Y2; i++)
      for (int j = 0; j < Y2; j++) {
        for (int o = 0; o < C2; o++)
          gradient.b2[o] += dy2[i][j][o];
        for (int m = 0; m < Size; m++)
          for (int k = 0; k < Size; k++)
            for (int c = 0; c < C1; c++) {
              float d = 0;
              for (int o = 0; o < C2; o++) {
                d += dy2[i][j][o] * weights.w2[m][k][c][o];
                gradient.w2[m][k][c][o] += p1[n][i + m][j + k][c] * dy2[i][j][o];
              }
              dp1[i + m][j + k][c] += d;
            }
      }
    for (int i = 0; i < P1; i++)
      for (int j = 0; j < P1; j++)
        for (int c = 0; c < C1; c++) {
          int k = at1[n][i][j][c];
          dy1[2 * i + k / 2][2 * j + k % 2][c] = p1[n][i][j][c] > 0 ? dp1[i][j][c] : 0;
        }
    for (int i = 0; i < Y1; i++)
      for (int j = 0; j < Y1; j++) {
        for (int o = 0; o < C1; o++)
          gradient.b1[o] += dy1[i][j][o];
        for (int m = 0; m < Size; m++)
          for (int k = 0; k < Size; k++)
            for (int o = 0; o < C1; o++)
              gradient.w1[m][k][o] += x[n][i + m][j + k] * dy1[i][j][o];
      }
  }
}

static void begin_with(const float *start) { memcpy(&weights, start, sizeof weights); } // as they stand here
