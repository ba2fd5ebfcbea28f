// Random bits: splitmix64 (Steele, Lea, Flood 2014). What needs types of the dialect is in dialects/Burin/Generate.cpp.
#include "dialects/Interfaces/Choices.h"

namespace burin {

Choices::~Choices() = default;

uint64_t Choices::bits() {
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

uint64_t Choices::below(uint64_t n) { return uint64_t((unsigned __int128)(bits()) * n >> 64); }

} // namespace burin
