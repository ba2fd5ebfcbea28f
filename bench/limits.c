// What one core can do: multiply-adds in registers for each width of vector that it has, and bytes a second that it reads, and that it copies, from arrays
// of several sizes. Prints one line of JSON. Compiled with `gcc -O3`; each width has a function of its own with its own target.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

enum { Chains = 12 }; // independent sums: more than latency times units of any core so far, and no more than AVX2 has registers

// Twelve sums in registers: variables of their own, since gcc keeps an array in memory. The empty asm stops it from working the loop out.
#define STEP(S)                                                                                                                  \
  S = S * x + y;                                                                                                                 \
  __asm__ volatile("" : "+v"(S));
#define FMA(NAME, TARGET, LANES)                                                                                                 \
  typedef float NAME##_t __attribute__((vector_size(4 * LANES)));                                                                \
  __attribute__((target(TARGET), noinline)) static double NAME(void) {                                                           \
    NAME##_t x, y, a, b, c, d, e, f, g, h, i, j, k, l;                                                                           \
    for (int n = 0; n < LANES; n++)                                                                                              \
      x[n] = 0.999f, y[n] = 0.001f;                                                                                              \
    a = b = c = d = e = f = g = h = i = j = k = l = x;                                                                           \
    double best = 0;                                                                                                             \
    for (int repeat = 0; repeat < 8; repeat++) {                                                                                 \
      const int rounds = 100000;                                                                                                 \
      double begin = now();                                                                                                      \
      for (int r = 0; r < rounds; r++) {                                                                                         \
        STEP(a) STEP(b) STEP(c) STEP(d) STEP(e) STEP(f) STEP(g) STEP(h) STEP(i) STEP(j) STEP(k) STEP(l)                          \
      }                                                                                                                          \
      double rate = 2.0 * LANES * Chains * rounds / (now() - begin) / 1e9;                                                       \
      best = rate > best ? rate : best;                                                                                          \
    }                                                                                                                            \
    volatile float sink = a[0] + b[0] + c[0] + d[0] + e[0] + f[0] + g[0] + h[0] + i[0] + j[0] + k[0] + l[0];                     \
    (void)sink;                                                                                                                  \
    return best;                                                                                                                 \
  }
FMA(fma_128, "avx2,fma", 4)
FMA(fma_256, "avx2,fma", 8)
FMA(fma_512, "avx512f", 16)

typedef float v8 __attribute__((vector_size(32)));

__attribute__((target("avx2"), noinline)) static float read_all(const v8 *a, size_t n) {
  v8 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  for (size_t i = 0; i < n; i += 4)
    s0 += a[i], s1 += a[i + 1], s2 += a[i + 2], s3 += a[i + 3];
  s0 += s1 + s2 + s3;
  return s0[0] + s0[7];
}

__attribute__((target("avx2"), noinline)) static void copy_all(v8 *restrict to, const v8 *restrict from, size_t n) {
  for (size_t i = 0; i < n; i++) {
    to[i] = from[i];
    __asm__ volatile("" ::: "memory"); // a loop, not memcpy, which would go round the caches
  }
}

static void bandwidth(size_t bytes, const char *separator) {
  v8 *from = aligned_alloc(64, bytes), *to = aligned_alloc(64, bytes);
  if (!from || !to)
    exit((perror("memory"), 1));
  memset(from, 0, bytes), memset(to, 0, bytes);
  size_t n = bytes / sizeof(v8), repeats = ((size_t)64 << 20) / bytes + 1;
  double read = 0, copied = 0;
  volatile float sink;
  for (int round = 0; round < 3; round++) {
    double begin = now();
    for (size_t r = 0; r < repeats; r++)
      sink = read_all(from, n);
    double middle = now();
    for (size_t r = 0; r < repeats; r++)
      copy_all(to, from, n);
    double r = bytes * repeats / (middle - begin) / 1e9, c = 2.0 * bytes * repeats / (now() - middle) / 1e9;
    read = r > read ? r : read, copied = c > copied ? c : copied;
  }
  (void)sink;
  printf("%s\"%zu KiB\": {\"read\": %.4g, \"copy\": %.4g}", separator, bytes >> 10, read, copied);
  free(from), free(to);
}

int main(void) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    return fprintf(stderr, "limits: this needs a core with AVX2\n"), 1;
  printf("{\"gflops\": {\"128 bits\": %.4g, \"256 bits\": %.4g", fma_128(), fma_256());
  if (__builtin_cpu_supports("avx512f"))
    printf(", \"512 bits\": %.4g", fma_512());
  printf("}, \"gigabytes_per_second\": {");
  size_t sizes[] = {16, 256, 4096, 131072}; // KiB: within a first, a second and a third cache, and beyond
  for (int i = 0; i < 4; i++)
    bandwidth(sizes[i] << 10, i ? ", " : "");
  printf("}}\n");
}
