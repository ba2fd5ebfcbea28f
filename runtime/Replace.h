//===- Replace.h - Files that are replaced whole or not at all --------------------===//
#pragma once
#include <limits.h>
#include <stdint.h>

namespace burin_rt {

/// Where a file of weights lies. A link is followed if it stays in its folder (the one that `path` names, however that
/// is reached); one that leads out of it, or nowhere, is refused: an error is printed under `code`. `out` must then be
/// opened without following links.
bool followInFolder(const char *path, char (&out)[PATH_MAX], const char *code);

/// Writes `FILE.tmp` beside a file, which takes its place when it is complete and on the disk. Until then, and if
/// anything fails, the old file stays as it was. Processes that write one file wait for each other; what one that died
/// has left is cleared away by the next.
class Replacement {
public:
  /// `code`: of the errors. They are printed by `begin` and `commit`.
  bool begin(const char *path, const char *code);
  /// Remembers a failure for `commit`.
  void write(const void *bytes, uint64_t size);
  /// To the disk, and in place.
  bool commit();
  ~Replacement();

private:
  int openTemporary();
  bool fail(int reason);
  const char *path = nullptr, *code = nullptr;
  char target[PATH_MAX], temporary[PATH_MAX + 8];
  int descriptor = -1, reason = 0;
};

/// Clears away a file and what an interrupted Replacement of it has left. Says nothing.
void removeReplaced(const char *path);

} // namespace burin_rt
