//===- Library.h - The standard library's text --------------------------------===//
#pragma once
#include "llvm/ADT/ArrayRef.h"

namespace burin {
struct LibraryFile {
  const char *name, *text;
};
/// The library's files, as they stand in this folder, embedded.
llvm::ArrayRef<LibraryFile> libraryFiles();
} // namespace burin
