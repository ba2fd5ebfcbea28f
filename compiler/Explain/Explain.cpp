#include "compiler/Explain/Explain.h"
#include <fmt/format.h>

namespace burin {

llvm::ArrayRef<ErrorPage> errorPages() {
  static const ErrorPage pages[] = {
#include "compiler/Explain/Pages.inc"
  };
  return pages;
}

llvm::StringRef ErrorPage::title() const {
  llvm::StringRef line = llvm::StringRef(text).split('\n').first;
  return line.split(": ").second;
}

const ErrorPage *errorPage(llvm::StringRef code) {
  for (const ErrorPage &page : errorPages())
    if (code.equals_insensitive(page.code))
      return &page;
  return nullptr;
}

std::string errorIndex() {
  std::string out;
  for (const ErrorPage &page : errorPages())
    out += fmt::format("{}  {}\n", page.code, page.title().str());
  return out;
}

} // namespace burin
