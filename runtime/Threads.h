//===- Threads.h - Threads that share a kernel -----------------------------------===//
//
// A kernel that is worth it comes in pieces, as many as its shape says, which read and write nothing of each other. So
// it makes no difference to a result who runs which piece, or how many threads there are.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "runtime/Program.h"

namespace burin_rt {

constexpr uint32_t mostThreads = 256;

/// So many as there are processors for this process, 1 to `mostThreads`.
uint32_t availableThreads();
/// From now on subnormals are zero in the calling thread, operands and results.
void flushSubnormals();

struct Pool;
/// Starts `threads - 1` threads, which wait for work with all signals blocked; the caller is the last. Null: an error
/// was printed.
Pool *startPool(uint32_t threads);
/// Ends them and frees the pool. Null is no pool.
void stopPool(Pool *pool);
/// Runs all pieces of a kernel and returns when the last is done. Without a pool the caller runs them one by one.
void runPieces(Pool *pool, burin_kernel kernel, const void *const *arguments, uint32_t pieces);

} // namespace burin_rt
