//===- Explain.h - What a code means: the pages of docs/errors -----------------===//
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace burin {

struct ErrorPage {
  const char *code, *text;
  /// What the first line says after the code.
  llvm::StringRef title() const;
};

/// The pages in order of their codes, as they stand in docs/errors, embedded.
llvm::ArrayRef<ErrorPage> errorPages();

/// The page of a code, in letters of either case; null without one.
const ErrorPage *errorPage(llvm::StringRef code);

/// All codes with their titles, one a line.
std::string errorIndex();

} // namespace burin
