// Any bytes as a program's text: it is parsed, or refused with errors that can be shown. What is parsed does not depend
// on comments, blank lines, indentation and line ends inside brackets: its tokens alone, written one after the other,
// give the same tree.
#include "compiler/Syntax/Parser.h"
#include "compiler/Syntax/Lexer.h"
#include "test/Fuzz/Fuzz.h"
using namespace burin;
using namespace burin::syntax;

static std::string shown(const DiagnosticEngine &diagnostics) {
  std::string text;
  llvm::raw_string_ostream out(text);
  diagnostics.print(out);
  return text;
}

// The tokens as text, apart where they were apart.
static std::string onlyTokens(uint32_t file, DiagnosticEngine &diagnostics) {
  std::string text;
  for (const Token &token : tokenize(file, diagnostics).list) {
    std::string_view source = diagnostics.sources.file(file).text();
    fuzz::require(token.place.offset + uint64_t(token.place.length) <= source.size() || token.kind == Token::NewLine,
                  "a token lies in the text");
    if (token.kind == Token::NewLine)
      text += '\n';
    else if (token.kind != Token::End)
      text += (token.spaceBefore ? " " : "") + std::string(token.text) + std::string(token.primes, '\'');
  }
  return text;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Run run;
  Sources sources;
  DiagnosticEngine diagnostics(sources);
  uint32_t file = sources.add("input.burin", std::string(reinterpret_cast<const char *>(data), size));
  auto tree = parse(file, diagnostics);
  if (diagnostics.hasErrors()) {
    std::string errors = shown(diagnostics);
    fuzz::require(errors.rfind("error[E01", 0) == 0, "a refused text has an error of its syntax");
    for (char c : errors)
      fuzz::require(c == '\n' || (static_cast<unsigned char>(c) >= 32 && c != 127), "no control characters are shown");
    return 0;
  }
  std::string printed = print(*tree);
  DiagnosticEngine again(sources);
  uint32_t rewritten = sources.add("tokens.burin", onlyTokens(file, again));
  auto same = parse(rewritten, again);
  fuzz::require(!again.hasErrors(), "the tokens of a text that is parsed are parsed");
  fuzz::require(print(*same) == printed, "the tokens of a text give the text's tree");
  return 0;
}
