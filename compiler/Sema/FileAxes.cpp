// Axes whose labels stand in files that are read when the program is compiled.
#include "compiler/Sema/Analyzer.h"
#include "llvm/Support/ConvertUTF.h"
#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace burin::sema {
namespace {

constexpr size_t mostLabels = 1u << 20, longestWord = 255;

// The code points of a text, each as it stands in UTF-8; the place of a byte that is none.
std::optional<size_t> codePoints(const std::string &text, std::set<std::string> &out) {
  auto *p = reinterpret_cast<const llvm::UTF8 *>(text.data()), *end = p + text.size(), *begin = p;
  while (p < end) {
    unsigned length = llvm::getNumBytesForUTF8(*p);
    if (length > size_t(end - p) || !llvm::isLegalUTF8Sequence(p, end) || *p == 0)
      return size_t(p - begin);
    out.insert(std::string(p, p + length));
    p += length;
  }
  return std::nullopt;
}

bool isBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// What stands between blanks, counted.
std::optional<size_t> countWords(const std::string &text, std::unordered_map<std::string, uint64_t> &out) {
  for (size_t k = 0; k < text.size();) {
    while (k < text.size() && isBlank(text[k]))
      ++k;
    size_t first = k;
    while (k < text.size() && !isBlank(text[k]) && text[k])
      ++k;
    if (k - first > longestWord || (k < text.size() && !text[k]) || out.size() > 16 * mostLabels)
      return first;
    if (k > first)
      ++out[text.substr(first, k - first)];
  }
  return std::nullopt;
}
} // namespace

// `characters("book.txt")`: its code points, in their order. `words("data/*.txt", least: 5)`: what stands between
// blanks at least so often, the most frequent first, equally frequent ones by code point.
bool Analyzer::labelsFromFiles(const syntax::Expr &source, const Axis &axis, std::vector<std::string> &out) {
  const std::string &kind = source.operands[0]->name;
  bool words = kind == "words";
  double least = 1;
  const syntax::Expr *file = nullptr;
  for (auto &entry : source.entries) {
    const syntax::Expr &v = *entry.value;
    if (entry.name.empty() && !file && v.kind == syntax::Expr::String)
      file = &v;
    else if (words && entry.name == "least" && v.kind == syntax::Expr::Number && v.whole && v.number >= 1)
      least = v.number;
    else
      return error("E0234", v.place, fmt::format("`{}` takes a file's name{}", kind, words ? " and `least:`" : ""),
                   "here", words ? "write `words(\"data/*.txt\", least: 5)`" : "write `characters(\"data/book.txt\")`"),
             false;
  }
  if (!file)
    return error("E0234", source.place, fmt::format("`{}` takes a file's name", kind), "none here",
                 fmt::format("write `{}(\"data/book.txt\")`", kind)),
           false;
  std::string why = "files can't be read here";
  auto texts = options.texts ? options.texts(file->text, why) : std::vector<std::pair<std::string, std::string>>();
  if (texts.empty())
    return error("E0234", file->place, fmt::format("the labels of `{}` can't be read: {}", axis.name, why), "this file",
                 "the name is relative to the program's folder"),
           false;
  std::set<std::string> points;
  std::unordered_map<std::string, uint64_t> counts;
  for (auto &[name, text] : texts) {
    auto wrong = words ? countWords(text, counts) : codePoints(text, points);
    if (wrong)
      return error("E0234", file->place,
                   fmt::format("the labels of `{}` can't be read: byte {} of `{}` is {}", axis.name, *wrong, name,
                               words ? "a NUL, or begins a word of more than 255 bytes, or one too many"
                                     : "no character in UTF-8"),
                   "this file", words ? "name text files" : "convert the file to UTF-8"),
             false;
  }
  out.assign(points.begin(), points.end()); // in UTF-8 the order of bytes is that of code points
  if (words) {
    std::vector<std::pair<std::string, uint64_t>> sorted;
    for (auto &[word, n] : counts)
      if (double(n) >= least)
        sorted.push_back({word, n});
    std::sort(sorted.begin(), sorted.end(),
              [](auto &a, auto &b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
    for (auto &[word, n] : sorted)
      out.push_back(word);
  }
  if (out.empty() || out.size() > mostLabels)
    return error("E0234", source.place,
                 fmt::format("`{}` gives `{}` {} labels, and an axis has from 1 to 2^20", kind, axis.name, out.size()),
                 "from these files", words ? "choose `least:` so that some remain" : "name a file with a text in it"),
           false;
  return true;
}

} // namespace burin::sema
