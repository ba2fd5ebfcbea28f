// The pool alone: every piece runs once, in any thread, and what a kernel wrote is there for the next.
#include "runtime/Threads.h"
#include <atomic>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

using namespace burin_rt;
constexpr uint32_t most = 300;
static uint32_t runs[most], counts[most];
static uint64_t sum[most];
static pthread_t by[most];
static pthread_t caller;

#define CHECK(x) ((x) ? void() : (fprintf(stderr, "line %d: %s\n", __LINE__, #x), exit(1)))

// Reads all that the kernel before wrote, as kernels do, and writes its own element.
static void count(const void *const *arguments, int64_t piece) {
  auto *from = static_cast<const uint32_t *>(arguments[0]);
  auto *to = static_cast<uint32_t *>(const_cast<void *>(arguments[1]));
  uint64_t before = 0;
  for (uint32_t i = 0; i < most; ++i)
    before += from[i];
  sum[piece] = before;
  to[piece] = from[piece] + 1;
  by[piece] = pthread_self();
}

// What a thread is like in which a piece runs. Each waits until all have begun, so each has a thread of its own.
static std::atomic<uint32_t> missing;
static void surroundings(const void *const *, int64_t piece) {
  volatile float tiny = 1e-38f;
  CHECK(tiny * 0.1f == 0);
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  CHECK(sigismember(&blocked, SIGINT) == !pthread_equal(pthread_self(), caller));
  by[piece] = pthread_self();
  --missing;
  while (missing)
    usleep(100);
}

static uint32_t threadsSeen(uint32_t pieces) {
  uint32_t different = 0;
  for (uint32_t i = 0; i < pieces; ++i) {
    bool fresh = true;
    for (uint32_t k = 0; k < i; ++k)
      fresh = fresh && !pthread_equal(by[i], by[k]);
    different += fresh;
  }
  return different;
}

int main(int argc, char **argv) {
  uint32_t threads = argc > 1 ? uint32_t(atoi(argv[1])) : 3, rounds = argc > 2 ? uint32_t(atoi(argv[2])) : 1000;
  caller = pthread_self();
  flushSubnormals();
  Pool *pool = threads > 1 ? startPool(threads) : nullptr;
  CHECK(pool || threads == 1);
  uint64_t total = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    uint32_t pieces = 1 + round * 7919 % most, *from = round % 2 ? counts : runs, *to = round % 2 ? runs : counts;
    const void *arguments[] = {from, to};
    for (uint32_t i = pieces; i < most; ++i)
      to[i] = from[i];
    runPieces(pool, count, arguments, pieces);
    for (uint32_t i = 0; i < pieces; ++i)
      CHECK(sum[i] == total && to[i] == from[i] + 1);
    total += pieces;
    if (round % 100 == 99)
      usleep(300); // workers fall asleep
  }
  missing = threads;
  runPieces(pool, surroundings, nullptr, threads);
  CHECK(threadsSeen(threads) == threads);
  stopPool(pool);
  printf("%u threads, %u kernels\n", threads, rounds);
}
