#include "compiler/Support/Diagnostics.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <algorithm>
#include <fmt/format.h>

namespace burin {

SourceFile::SourceFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
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
uint32_t Sources::add(std::string name, std::string text) {
  files.push_back(std::make_unique<SourceFile>(std::move(name), std::move(text)));
  return uint32_t(files.size() - 1);
}

Diagnostic &DiagnosticEngine::add(Severity severity, std::string code, std::optional<Location> place,
                                  std::string message) {
  // A body is checked for every instance of it; its mistake is said once.
  if (place)
    for (const Diagnostic &d : diagnostics)
      if (d.code == code && d.place && d.place->file == place->file && d.place->offset == place->offset &&
          d.place->length == place->length)
        return surplus = Diagnostic{severity, std::move(code), std::move(message), {}, place, {}, {}};
  if (severity == Severity::Error && ++errors > limit)
    return surplus = Diagnostic{severity, std::move(code), std::move(message), {}, place, {}, {}};
  return diagnostics.emplace_back(Diagnostic{severity, std::move(code), std::move(message), {}, place, {}, {}});
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
  bool misuse = std::all_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic &d) {
    return d.severity == Severity::Warning || (d.code >= "E0501" && d.code <= "E0505");
  });
  return !hasErrors() ? 0 : misuse ? 2 : 1;
}

// What can't be shown is shown as `?`: control characters and, where text is no UTF-8, all that is not ASCII.
static std::string shown(std::string text) {
  bool valid = llvm::json::isUTF8(text);
  for (char &c : text)
    if (c == '\t')
      c = ' ';
    else if (static_cast<unsigned char>(c) < 32 || c == 127 || (!valid && (c & 0x80)))
      c = '?';
  return text;
}
static size_t characters(std::string_view text) {
  return size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// A source line with its mark. Long lines are cut around it.
void DiagnosticEngine::printExcerpt(llvm::raw_ostream &out, Location place, const std::string &text, char mark,
                                    unsigned margin) const {
  const SourceFile &file = sources.file(place.file);
  LineColumn at = file.position(place.offset);
  std::string line(file.line(at.line));
  size_t column = std::min<size_t>(at.column - 1, line.size());
  size_t length = std::clamp<size_t>(place.length, 1, std::max<size_t>(1, line.size() - column));
  constexpr size_t width = 120;
  if (line.size() > width) {
    size_t start = column > width / 2 ? column - width / 2 : 0;
    line = line.substr(start, width);
    column -= start;
    length = std::min(length, width - column);
  }
  line = shown(std::move(line));
  std::string_view view(line);
  size_t marked = std::max<size_t>(1, characters(view.substr(column, length)));
  out << fmt::format("{:>{}} | {}\n", at.line, margin, line);
  out << fmt::format("{:>{}} | {}{}{}\n", "", margin, std::string(characters(view.substr(0, column)), ' '),
                     std::string(marked, mark), text.empty() ? "" : " " + shown(text));
}

void DiagnosticEngine::print(llvm::raw_ostream &out) const {
  std::vector<const Diagnostic *> sorted;
  for (const Diagnostic &d : diagnostics)
    sorted.push_back(&d);
  std::stable_sort(sorted.begin(), sorted.end(), [](auto *a, auto *b) {
    auto key = [](const Diagnostic &d) {
      return std::make_pair(d.place ? d.place->file + 1 : 0, d.place ? d.place->offset : 0);
    };
    return key(*a) < key(*b);
  });
  for (const Diagnostic *d : sorted) {
    out << (d->severity == Severity::Error ? "error[" : "warning[") << d->code << "]: " << shown(d->message) << "\n";
    unsigned margin = 1;
    if (d->place) {
      LineColumn at = sources.position(*d->place);
      unsigned largest = at.line;
      for (auto &origin : d->origins)
        largest = std::max(largest, sources.position(origin.place).line);
      margin = unsigned(std::to_string(largest).size());
      out << fmt::format("{:>{}}--> {}:{}:{}\n{:>{}} |\n", "", margin, sources.file(d->place->file).name(), at.line,
                         at.column, "", margin);
      printExcerpt(out, *d->place, d->labelText, '^', margin);
    }
    for (auto &origin : d->origins) {
      if (d->place && origin.place.file != d->place->file)
        out << fmt::format("{:>{}}::: {}:{}\n", "", margin, sources.file(origin.place.file).name(),
                           sources.position(origin.place).line);
      else
        out << fmt::format("{:>{}} |\n", "", margin);
      printExcerpt(out, origin.place, origin.text, '-', margin);
    }
    for (auto &help : d->helps)
      out << fmt::format("{:>{}} = help: {}\n", "", margin, shown(help));
    out << "\n";
  }
  if (errors > limit)
    out << fmt::format("{} more errors\n", errors - limit);
}

// `modle` for `model`, which edit distance counts as two.
static bool swapsNeighbours(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.size() < 3)
    return false;
  size_t k = size_t(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
  return k + 1 < a.size() && a[k] == b[k + 1] && a[k + 1] == b[k] && a.substr(k + 2) == b.substr(k + 2);
}

std::optional<std::string> nearestName(std::string_view name, const std::vector<std::string> &candidates) {
  // Of one or two letters every other such name is near: only the other case is meant then.
  unsigned best = name.size() < 3 ? 1 : std::max<unsigned>(1, unsigned(name.size()) / 3) + 1;
  std::optional<std::string> found;
  for (const std::string &candidate : candidates)
    if (llvm::StringRef(name.data(), name.size()).equals_insensitive(candidate) || swapsNeighbours(name, candidate))
      return candidate;
  for (const std::string &candidate : candidates) {
    unsigned distance = llvm::StringRef(name.data(), name.size()).edit_distance(candidate, true, best);
    if (distance < best)
      best = distance, found = candidate;
  }
  return found;
}

} // namespace burin
