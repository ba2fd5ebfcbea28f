#include "compiler/Support/Diagnostics.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/bit.h"
#include <algorithm>

namespace burin {

SourceFile::SourceFile(std::string name, std::string text, bool library)
    : name_(std::move(name)), text_(std::move(text)), library(library) {
  lines.push_back(0);
  for (uint32_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n')
      lines.push_back(i + 1);
}
LineColumn SourceFile::position(uint32_t offset) const {
  auto next = std::upper_bound(lines.begin(), lines.end(), offset);
  unsigned line = unsigned(next - lines.begin());
  return {line, offset - lines[line - 1] + 1};
}
std::string_view SourceFile::line(unsigned number) const {
  uint32_t start = lines[number - 1], end = number < lines.size() ? lines[number] - 1 : uint32_t(text_.size());
  if (end > start && text_[end - 1] == '\r')
    --end;
  return std::string_view(text_).substr(start, end - start);
}
uint32_t SourceFile::offset(LineColumn position) const {
  if (position.line == 0 || position.line > lines.size())
    return uint32_t(text_.size());
  return std::min<uint32_t>(lines[position.line - 1] + std::max(position.column, 1u) - 1, uint32_t(text_.size()));
}
std::optional<uint32_t> Sources::find(std::string_view name) const {
  for (uint32_t i = 0; i < files.size(); ++i)
    if (files[i]->name() == name)
      return i;
  return std::nullopt;
}
uint32_t Sources::add(std::string name, std::string text, bool library) {
  files.push_back(std::make_unique<SourceFile>(std::move(name), std::move(text), library));
  return uint32_t(files.size() - 1);
}

Diagnostic &DiagnosticEngine::add(Severity severity, std::string code, std::optional<Location> place,
                                  std::string message) {
  Diagnostic made{severity, std::move(code), std::move(message), {}, place, {}, {}};
  // A body is checked for every instance of it; its mistake is said once.
  if (place) {
    auto at = std::make_pair(uint64_t(place->file) << 32 | place->offset,
                             uint64_t(place->length) << 32 | uint32_t(llvm::hash_value(made.code)));
    if (!seen.insert(at).second)
      return surplus = std::move(made);
  }
  size_t &count = severity == Severity::Error ? errors : warnings;
  if (++count > limit)
    return surplus = std::move(made);
  auto call = std::find_if(calls.rbegin(), calls.rend(), [&](Location c) { return place && c.file != place->file; });
  if (call != calls.rend() && severity == Severity::Error)
    made.origin(*call, "called here");
  return diagnostics.emplace_back(std::move(made));
}
Diagnostic &DiagnosticEngine::error(std::string code, Location place, std::string message) {
  return add(Severity::Error, std::move(code), place, std::move(message));
}
Diagnostic &DiagnosticEngine::error(std::string code, std::string message) {
  return add(Severity::Error, std::move(code), std::nullopt, std::move(message));
}
Diagnostic &DiagnosticEngine::warning(std::string code, Location place, std::string message) {
  return add(Severity::Warning, std::move(code), place, std::move(message));
}

int DiagnosticEngine::exitCode() const {
  bool misuse = hasErrors() && std::all_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic &d) {
                  return d.severity == Severity::Warning || (d.code >= "E0501" && d.code <= "E0505");
                });
  return !stops() ? 0 : misuse ? 2 : 1;
}

// `modle` for `model`, which edit distance counts as two.
static bool swapsNeighbours(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.size() < 3)
    return false;
  size_t k = size_t(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
  return k + 1 < a.size() && a[k] == b[k + 1] && a[k + 1] == b[k] && a.substr(k + 2) == b.substr(k + 2);
}

static uint64_t lettersOf(std::string_view name) {
  uint64_t letters = 0;
  for (char c : name)
    letters |= uint64_t(1) << (c & 63);
  return letters;
}

std::optional<std::string> nearestName(std::string_view name, const std::vector<std::string> &candidates) {
  // Of one or two letters every other such name is near: only the other case is meant then.
  unsigned best = name.size() < 3 ? 1 : std::max<unsigned>(1, unsigned(name.size()) / 3) + 1;
  std::optional<std::string> found;
  for (const std::string &candidate : candidates)
    if (llvm::StringRef(name.data(), name.size()).equals_insensitive(candidate) || swapsNeighbours(name, candidate))
      return candidate;
  uint64_t letters = lettersOf(name);
  for (const std::string &candidate : candidates) {
    // Each edit changes at most two letters of those that stand in one and not in the other.
    if (unsigned(llvm::popcount(letters ^ lettersOf(candidate))) > 2 * best)
      continue;
    unsigned distance = llvm::StringRef(name.data(), name.size()).edit_distance(candidate, true, best);
    if (distance < best)
      best = distance, found = candidate;
  }
  return found;
}

} // namespace burin
