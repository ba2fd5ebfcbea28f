// Any bytes as a text whose rows are its characters, or words: it is read, and then every label is one of the axis; or
// it is refused with an error. What is counted is what an obvious walk counts, and each label is the one that is meant.
#include "runtime/Data.h"
#include "runtime/Sequences.h"
#include "runtime/Words.h"
#include "test/Fuzz/Fuzz.h"
#include <stdlib.h>
#include <string.h>
#include <string>
#include <vector>
using namespace burin_rt;

enum { TRAIN, TEST, BARE, RARE };
static const char *const bare[] = {"a", "b", "\n", "\xC3\xA9", "\xE8\xAA\x9E", "stop"}, *const rare[] = {"rare", "a",
                                                                                                         "ab",
                                                                                                         "\xC3\xA9"};
static const burin_axis axes[] = {
    {"data.train", -1, 0, nullptr}, {"data.test", -1, 0, nullptr}, {"bare", 6, 6, bare}, {"rare", 4, 4, rare}};
static const burin_part described[] = {{"train", 0, 0.7, 0, TRAIN, nullptr, 0, nullptr},
                                       {"test", 0, 0.3, 1, TEST, nullptr, 0, nullptr}};
static const burin_field fields[] = {
    {"value", {BURIN_INDEX, BARE, 1, 0, nullptr}, 0, 0, BURIN_TEXT, 0, 0, 0, nullptr, nullptr, 0, 0, nullptr, nullptr},
    {"value", {BURIN_INDEX, RARE, 2, 0, nullptr}, 0, 0, BURIN_TEXT, 0, 0, 0, nullptr, nullptr, 0, 0, nullptr, nullptr},
    {"value", {BURIN_INDEX, BARE, 1, 0, nullptr}, 0, 0, BURIN_WORDS, 0, 0, 0, nullptr, nullptr, 0, 6, nullptr, nullptr},
    {"value",
     {BURIN_INDEX, RARE, 4, 0, nullptr},
     0,
     0,
     BURIN_WORDS,
     0,
     0,
     0,
     nullptr,
     nullptr,
     1,
     4,
     nullptr,
     nullptr}};

// The rows as they would be read at once; false: they are refused.
static bool obvious(const std::string &text, const burin_field &field, std::vector<uint32_t> &out) {
  const burin_axis &axis = axes[field.type.index_axis];
  bool words = field.reads == BURIN_WORDS;
  auto find = [&](const std::string &row) {
    for (uint32_t i = words ? field.first_word : 0; i < axis.label_count; ++i)
      if (row == axis.labels[i])
        return int(i);
    return int(rareLabel(axis));
  };
  size_t at = text.rfind("\xEF\xBB\xBF", 0) == 0 ? 3 : 0;
  while (at < text.size()) {
    size_t past = at;
    if (words) {
      while (past < text.size() && !isBlank(text[past]))
        ++past;
      if (past == at) {
        ++at;
        continue;
      }
    } else {
      past += bytesAt(text.c_str() + at);
    }
    std::string row = text.substr(at, past - at);
    int label = find(row);
    if (!isUtf8(row.c_str(), uint32_t(row.size())) || row.size() > longestWord || label < 0)
      return false;
    out.push_back(uint32_t(label)), at = past;
  }
  return out.size() >= 2; // fewer leave a part without rows
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  fuzz::Run run;
  fuzz::setFile(bytes, size);
  for (const burin_field &field : fields) {
    burin_data set = {"data", fuzz::path, burin_read_text, 1, &field, 0, 2};
    burin_program program = {};
    program.axis_count = 4, program.axes = axes, program.data_count = 1, program.data = &set, program.part_count = 2,
    program.parts = described;
    Part parts[2] = {};
    std::vector<uint32_t> wanted;
    bool reads = obvious(std::string(bytes, bytes + size), field, wanted);
    fuzz::Printed printed;
    bool fine = set.read(&program, 0, 1, parts);
    printed.requireErrorIf(!fine);
    fuzz::require(fine == reads, "what is no text of the axis is refused, and all else is read");
    uint64_t next = 0;
    for (const Part &part : parts) {
      for (uint64_t i = 0; fine && i < part.rows; ++i) {
        uint32_t label = 0;
        memcpy(&label, static_cast<const char *>(part.columns[0]) + i * field.type.bytes, field.type.bytes);
        fuzz::require(label == wanted[next++], "each row is its label, in the order of the text");
      }
      if (part.columns)
        free(part.columns[0]);
      free(part.columns);
    }
    fuzz::require(!fine || next == wanted.size(), "parts have all rows");
  }
  return 0;
}
