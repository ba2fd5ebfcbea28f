#include "runtime/Words.h"
#include "runtime/Checksum.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

bool isUtf8(const char *p, uint32_t bytes) {
  for (const char *end = p + bytes; p < end;) {
    uint32_t n = bytesAt(p);
    if (n == 1 && (static_cast<unsigned char>(*p) >= 128 || !*p))
      return false;
    p += n;
  }
  return true;
}

uint32_t WordLabels::first(const char *word, uint32_t bytes) const {
  Checksum sum;
  sum.add(word, bytes);
  return uint32_t(sum.value()) & mask;
}

bool WordLabels::collect(const burin_axis &axis, const burin_field &field) {
  uint32_t places = 2;
  while (places < 2 * uint64_t(field.past_words - field.first_word)) // at most 2^20 labels
    places *= 2;
  labels = axis.labels, rare = rareLabel(axis), mask = places - 1;
  this->places = allocateZeroed<uint32_t>(places, "labels");
  if (!this->places)
    return false;
  for (uint32_t i = field.first_word; i < field.past_words; ++i) {
    uint32_t at = first(labels[i], uint32_t(strlen(labels[i])));
    while (this->places[at])
      at = (at + 1) & mask;
    this->places[at] = i + 1;
  }
  return true;
}

int64_t WordLabels::find(const char *word, uint32_t bytes) const {
  if (bytes > longestWord)
    return -1;
  for (uint32_t at = first(word, bytes); places[at]; at = (at + 1) & mask) {
    const char *label = labels[places[at] - 1];
    if (!strncmp(label, word, bytes) && !label[bytes])
      return places[at] - 1;
  }
  return isUtf8(word, bytes) ? rare : -1;
}

void WordLabels::release() { free(places), places = nullptr; }

static int64_t noLabel(const burin_axis &axis, const char *word, uint32_t bytes, uint64_t number, TextFault &fault) {
  fault.code = "E0516";
  bool fits = isUtf8(word, bytes);
  int shown = int(bytes < longestWord ? bytes : longestWord);
  if (bytes > longestWord)
    snprintf(fault.said, sizeof fault.said, "word %llu has more than %u bytes", static_cast<unsigned long long>(number),
             longestWord);
  else if (fits)
    snprintf(fault.said, sizeof fault.said, "`%.*s`, word %llu, is no label of `%.60s`", shown, word,
             static_cast<unsigned long long>(number), axis.name);
  else
    snprintf(fault.said, sizeof fault.said, "word %llu holds a byte that is no character in UTF-8",
             static_cast<unsigned long long>(number));
  snprintf(fault.help, sizeof fault.help,
           bytes > longestWord ? "words stand between blanks"
           : fits              ? "the axis' label `rare` stands for all other words: `dim %.60s = {rare} + words(…)`"
                               : "convert it to UTF-8",
           axis.name);
  return -1;
}

// The labels of what stands between blanks, and those of the field around them.
static int64_t readWords(const burin_program *program, const burin_field &field, const WordLabels &words,
                         const char *text, bool cut, void *out, TextFault &fault) {
  const burin_type &type = field.type;
  const char *axis = program->axes[type.axes[0]].name;
  uint64_t most = uint64_t(program->axes[type.axes[0]].extent), n = 0, number = 0;
  auto put = [&](int64_t label) {
    if (out && n < most)
      memcpy(static_cast<char *>(out) + n * type.bytes, &label, type.bytes); // little endian
    ++n;
  };
  if (cut) {
    fault.code = "E0517";
    snprintf(fault.said, sizeof fault.said, "the text is longer than as many words as `%.60s` holds", axis);
    snprintf(fault.help, sizeof fault.help, "shorten the text, or declare `dim %.60s <= …` larger", axis);
    return -1;
  }
  for (uint32_t k = 0; k < field.before_count; ++k)
    put(field.before[k]);
  for (const char *p = text; *p;) {
    const char *from = p;
    while (*p && !isBlank(*p))
      ++p;
    if (p > from) {
      ++number;
      int64_t label = words.find(from, uint32_t(p - from));
      if (label < 0)
        return noLabel(program->axes[type.index_axis], from, uint32_t(p - from), number, fault);
      put(label);
    }
    while (isBlank(*p))
      ++p;
  }
  if (!number) {
    fault = {"E0518", "the text has no word", "what stands along a bounded axis has at least one element"};
    return -1;
  }
  for (uint32_t k = 0; k < field.after_count; ++k)
    put(field.after[k]);
  if (n > most) {
    fault.code = "E0517";
    snprintf(fault.said, sizeof fault.said, "%llu words%s, and `%.60s` holds at most %llu",
             static_cast<unsigned long long>(number),
             field.before_count + field.after_count ? ", and labels around" : "", axis,
             static_cast<unsigned long long>(most));
    snprintf(fault.help, sizeof fault.help, "shorten the text, or declare `dim %.60s <= …` larger", axis);
    return -1;
  }
  if (out)
    fillAbsent(program, type, n, out);
  return int64_t(n);
}

static void *collectWords(const burin_program *program, const burin_field *field) {
  auto *words = allocate<WordLabels>(1, "labels");
  if (!words || words->collect(program->axes[field->type.index_axis], *field))
    return words;
  free(words);
  return nullptr;
}

static int64_t readLabels(const burin_program *program, const burin_field *field, const void *labels, const char *text,
                          int cut, void *out, void *fault) {
  return readWords(program, *field, *static_cast<const WordLabels *>(labels), text, cut, out,
                   *static_cast<TextFault *>(fault));
}

static void releaseWords(void *labels) {
  if (labels)
    static_cast<WordLabels *>(labels)->release();
  free(labels);
}
} // namespace burin_rt

extern "C" const burin_text burin_words = {burin_rt::collectWords, burin_rt::readLabels, burin_rt::releaseWords};
