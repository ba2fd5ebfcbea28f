//===- OtherWords.h - What those who know other languages write first -----------===//
#pragma once
#include <string_view>

namespace burin::syntax {

/// What is written here for a word of Python, of its libraries or of C; empty for any other word.
std::string_view insteadOf(std::string_view word);

} // namespace burin::syntax
