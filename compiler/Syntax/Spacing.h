//===- Spacing.h - Blanks between two words -----------------------------------===//
#pragma once
#include "compiler/Syntax/Lexer.h"
#include "compiler/Syntax/Marks.h"

namespace burin::syntax {

/// What a word is to its neighbours.
struct Word {
  Token token;
  enum Role {
    Operand, ///< names, numbers, strings, and what opens or closes
    Prefix,  ///< `-x`, `..x`
    Infix,   ///< between blanks
    Tight,   ///< between none
    Postfix  ///< `80%`
  } role = Operand;
};

/// Reads words one by one and says what stands between each and the one before it.
class Spacing {
public:
  explicit Spacing(const Marks &marks) : marks(marks) {}
  /// The blanks before `token` if it stands on the line of the word before it. `next` is the token after it; `begins`:
  /// it begins a statement.
  unsigned blanksBefore(const Token &token, const Token &next, bool begins);

private:
  struct Open {
    char bracket;
    bool indexes; ///< `x[`, in which `*` is tight
    bool labels;
  };
  Word::Role roleOf(const Token &token, const Token &next, bool begins) const;
  bool endsOperand() const;
  bool follows(std::initializer_list<std::string_view> texts) const;
  unsigned between(const Word &word) const;
  unsigned beforeBracket(const Token &token) const;
  const Marks &marks;
  std::vector<Open> open;
  std::optional<Word> last, beforeLast;
};

} // namespace burin::syntax
