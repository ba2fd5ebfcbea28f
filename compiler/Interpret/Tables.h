//===- Tables.h - The runtime's tables, in memory --------------------------------===//
#pragma once
#include "compiler/Target/Cpu/Descriptor.h"
#include "runtime/Program.h"
#include "llvm/Support/Allocator.h"

namespace burin::interpret {

/// A `burin_program` from a Descriptor, for functions that are not generated. Everything it points to lives as long as
/// this does.
class Tables {
public:
  Tables(const Descriptor &descriptor, burin_function initialise, burin_function run);
  const struct burin_program *program() const { return &result; }

private:
  template <typename To, typename List, typename Make> const To *table(const List &list, Make make);
  const char *text(const std::string &s);
  burin_type type(const Descriptor::Type &type);
  burin_task task(const Descriptor::Task &task, burin_function run);
  llvm::BumpPtrAllocator memory;
  struct burin_program result{};
};

} // namespace burin::interpret
