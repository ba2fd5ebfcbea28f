// Threads that share a kernel: each takes the pieces of its own share, then what others have not begun.
//
// A share is one word: the next piece and the end. Whoever raises `next` by compare-and-swap runs that piece. The
// kernel at hand changes only when all its pieces are done, so who got a piece reads the right one, however late it
// came.
#include "runtime/Threads.h"
#include "runtime/Errors.h"
#include <atomic>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace burin_rt {

using Word = std::atomic<uint32_t>;

struct alignas(64) Share {
  std::atomic<uint64_t> pieces; ///< the next one; in the high half the end
};

struct Pool {
  // The kernel at hand.
  burin_kernel kernel;
  const void *const *arguments;
  uint32_t pieces;
  alignas(64) Word round;  ///< counts kernels: workers wait for it to change
  alignas(64) Word done;   ///< pieces of the kernel at hand
  alignas(64) Word asleep; ///< workers that are in futex_wait or on their way
  Word awaited;            ///< whether the caller sleeps until all pieces are done
  std::atomic<bool> ending;
  uint32_t threads;
  bool spins; ///< there is a processor for each thread
  Share *shares;
  pthread_t *workers;
};

/// A worker and its number, from 1; the caller's is 0.
struct Worker {
  Pool *pool;
  uint32_t number;
};

void flushSubnormals() {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" ::"r"(control | (1u << 24)));
#else
#error "how does this processor flush subnormals?"
#endif
}

uint32_t availableThreads() {
  // More bits than cpu_set_t has: a kernel for more processors refuses a mask that is too small.
  static unsigned long mask[16384 / (8 * sizeof(unsigned long))];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  uint32_t count = 0;
  for (long i = 0; i < bytes / long(sizeof *mask); ++i)
    count += uint32_t(__builtin_popcountl(mask[i]));
  return count < 1 ? 1 : count > mostThreads ? mostThreads : count;
}

static void wait(Word &word, uint32_t value) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}
static void wake(Word &word, uint32_t count) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

static uint64_t nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return uint64_t(now.tv_sec) * 1000000000 + uint64_t(now.tv_nsec);
}

// Whether `reached` came true before the time was over. To sleep and be woken costs tens of microseconds.
template <typename Condition> static bool spin(uint64_t limit, Condition reached) {
  for (uint64_t start = nanoseconds(); nanoseconds() - start < limit;)
    for (int i = 0; i < 16; ++i) {
      if (reached())
        return true;
#if defined(__x86_64__)
      _mm_pause();
#else
      __asm__ volatile("yield");
#endif
    }
  return reached();
}

// All pieces that are left, its own share's first.
static void takePieces(Pool *pool, uint32_t number) {
  uint32_t ran = 0;
  for (uint32_t k = 0; k < pool->threads; ++k) {
    std::atomic<uint64_t> &share = pool->shares[(number + k) % pool->threads].pieces;
    for (uint64_t word = share.load(std::memory_order_acquire); uint32_t(word) < word >> 32;)
      if (share.compare_exchange_weak(word, word + 1, std::memory_order_acq_rel, std::memory_order_acquire)) {
        pool->kernel(pool->arguments, uint32_t(word));
        ++ran;
        word = share.load(std::memory_order_acquire);
      }
  }
  if (!ran)
    return;
  uint32_t pieces = pool->pieces; // before the caller learns that this kernel is done, and begins another
  if (pool->done.fetch_add(ran) + ran == pieces && pool->awaited.load())
    wake(pool->done, 1);
}

static void *work(void *argument) {
  auto [pool, number] = *static_cast<Worker *>(argument);
  free(argument);
  flushSubnormals();
  for (uint32_t seen = 0;;) {
    auto changed = [&] { return pool->round.load(std::memory_order_acquire) != seen; };
    if (!pool->spins || !spin(50000, changed)) {
      pool->asleep.fetch_add(1);
      while (pool->round.load() == seen)
        wait(pool->round, seen);
      pool->asleep.fetch_sub(1);
    }
    seen = pool->round.load();
    if (pool->ending.load())
      return nullptr;
    takePieces(pool, number);
  }
}

static void nextRound(Pool *pool, uint32_t workers) {
  pool->round.fetch_add(1);
  if (pool->asleep.load())
    wake(pool->round, workers);
}

static void join(Pool *pool, uint32_t workers) {
  pool->ending.store(true);
  nextRound(pool, INT_MAX);
  for (uint32_t i = 0; i < workers; ++i)
    pthread_join(pool->workers[i], nullptr);
  free(pool->workers);
  free(pool->shares);
  free(pool);
}

// 0, or why the worker can't be started.
static int startWorker(Pool *pool, uint32_t number) {
  auto *worker = static_cast<Worker *>(malloc(sizeof(Worker)));
  if (!worker)
    return ENOMEM;
  *worker = {pool, number};
  pthread_attr_t attributes;
  int failure = pthread_attr_init(&attributes);
  if (!failure) {
    // As much as the first thread has: code without optimisation keeps every value there. It takes memory where it is
    // touched.
    pthread_attr_setstacksize(&attributes, 8 << 20);
    failure = pthread_create(&pool->workers[number - 1], &attributes, work, worker);
    pthread_attr_destroy(&attributes);
  }
  if (failure)
    free(worker);
  return failure;
}

Pool *startPool(uint32_t threads) {
  auto *pool = allocateZeroed<Pool>(1, "threads");
  auto *shares = allocateZeroed<Share>(threads, "threads");
  auto *workers = allocateZeroed<pthread_t>(threads, "threads");
  if (!pool || !shares || !workers) {
    free(pool), free(shares), free(workers);
    return nullptr;
  }
  pool->threads = threads, pool->shares = shares, pool->workers = workers;
  pool->spins = threads <= availableThreads();
  // A signal is for the thread that knows where the task stands.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  uint32_t started = 0;
  int failure = 0;
  while (started + 1 < threads && !(failure = startWorker(pool, started + 1)))
    ++started;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!failure)
    return pool;
  join(pool, started);
  char help[100];
  snprintf(help, sizeof help, "the system gave %u: ask for fewer, as by `--threads %u`; the results are the same",
           started + 1, started + 1);
  error("E0514", help, "can't start %u threads: %s", threads, strerror(failure));
  return nullptr;
}

void stopPool(Pool *pool) {
  if (pool)
    join(pool, pool->threads - 1);
}

void runPieces(Pool *pool, burin_kernel kernel, const void *const *arguments, uint32_t pieces) {
  if (!pool) {
    for (uint32_t piece = 0; piece < pieces; ++piece)
      kernel(arguments, piece);
    return;
  }
  pool->kernel = kernel, pool->arguments = arguments, pool->pieces = pieces;
  pool->done.store(0, std::memory_order_relaxed);
  uint32_t shares = pool->threads < pieces ? pool->threads : pieces;
  for (uint64_t i = 0; i < shares; ++i)
    pool->shares[i].pieces.store(pieces * i / shares | (pieces * (i + 1) / shares) << 32, std::memory_order_release);
  nextRound(pool, shares - 1);
  takePieces(pool, 0);
  auto finished = [&] { return pool->done.load(std::memory_order_acquire) == pieces; };
  if (pool->spins ? spin(200000, finished) : finished())
    return;
  pool->awaited.store(1);
  for (uint32_t done; (done = pool->done.load()) != pieces;)
    wait(pool->done, done);
  pool->awaited.store(0);
}
} // namespace burin_rt
