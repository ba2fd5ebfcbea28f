#include "compiler/Library/Library.h"

llvm::ArrayRef<burin::LibraryFile> burin::libraryFiles() {
  static const LibraryFile files[] = {
#include "compiler/Library/Files.inc"
  };
  return files;
}
