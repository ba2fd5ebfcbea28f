// Gives the target of meanings programs with one random mistake of a word: `fuzz-edits COUNT SEED FILE ...`. A word or
// sign is left out, doubled, exchanged with its neighbour, or replaced by or preceded by one from any of the files. A
// text that breaks a property is left in `edits-found.burin`.
#include "compiler/Support/Diagnostics.h"
#include "compiler/Syntax/Lexer.h"
#include "test/Fuzz/Fuzz.h"
#include <fcntl.h>
#include <random>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
using namespace burin;

namespace {
struct Program {
  std::string text;
  std::vector<std::pair<size_t, size_t>> words; ///< begin, end
  std::string_view word(size_t k) const {
    return std::string_view(text).substr(words[k].first, words[k].second - words[k].first);
  }
};

std::optional<Program> read(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return perror(path), std::nullopt;
  Program out;
  for (int c; (c = fgetc(file)) != EOF;)
    out.text.push_back(char(c));
  fclose(file);
  Sources sources;
  DiagnosticEngine diagnostics(sources);
  for (const syntax::Token &t : syntax::tokenize(sources.add(path, out.text), diagnostics).list)
    if (t.kind != syntax::Token::NewLine && t.kind != syntax::Token::End)
      out.words.push_back({t.place.offset, t.place.offset + t.place.length});
  return out;
}

std::string edited;

void keep(int signal) {
  int file = open("edits-found.burin", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file >= 0 && write(file, edited.data(), edited.size()) == ssize_t(edited.size()))
    close(file);
  ::signal(signal, SIG_DFL);
  raise(signal);
}

// The text with one mistake.
std::string edit(const std::vector<Program> &programs, std::minstd_rand &chance) {
  auto pick = [&](size_t below) { return std::uniform_int_distribution<size_t>(0, below - 1)(chance); };
  const Program &p = programs[pick(programs.size())], &other = programs[pick(programs.size())];
  size_t k = pick(p.words.size());
  auto [begin, end] = p.words[k];
  std::string before = p.text.substr(0, begin), word(p.word(k)), after = p.text.substr(end);
  std::string strange(other.word(pick(other.words.size())));
  switch (pick(5)) {
  case 0:
    return before + after;
  case 1:
    return before + word + " " + word + after;
  case 2:
    if (k + 1 == p.words.size())
      return before + after;
    return before + std::string(p.word(k + 1)) + p.text.substr(end, p.words[k + 1].first - end) + word +
           p.text.substr(p.words[k + 1].second);
  case 3:
    return before + strange + after;
  default:
    return before + strange + " " + word + after;
  }
}
} // namespace

int main(int argc, char **argv) {
  if (argc < 4)
    return fprintf(stderr, "fuzz-edits COUNT SEED FILE ...\n"), 1;
  long count = atol(argv[1]);
  std::minstd_rand chance(unsigned(atol(argv[2])) + 1);
  std::vector<Program> programs;
  for (int i = 3; i < argc; ++i) {
    auto program = read(argv[i]);
    if (!program || program->words.empty())
      return 1;
    programs.push_back(std::move(*program));
  }
  for (int s : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGALRM})
    signal(s, keep);
  for (long n = 0; n < count; ++n) {
    edited = edit(programs, chance);
    alarm(100); // what does not end ends here
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(edited.data()), edited.size());
  }
  printf("%ld edits of %zu programs\n", count, programs.size());
  return 0;
}
