//===- TextFiles.h - Files that a program's axes come from -------------------===//
#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>
#include <utility>
#include <vector>

namespace burin {

/// The files that `pattern` names, with their texts, by name. The pattern is relative to `folder` and does not leave
/// it; `*` may stand in its last name. Ordinary files of at most 64 MiB each and 256 MiB together, at most 10,000.
/// None: `why`.
std::vector<std::pair<std::string, std::string>> readTexts(const std::string &folder, const std::string &pattern,
                                                           std::string &why);

/// Whether a file's real path is below a folder's.
bool isInside(llvm::StringRef file, llvm::StringRef folder);

} // namespace burin
