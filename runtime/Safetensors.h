//===- Safetensors.h - Files of named tensors -----------------------------------===//
//
// The format: eight bytes, the header's length; the header, JSON: names to types, shapes and places, and texts under
// `__metadata__`; the tensors' data, without gaps. What is known of programs and their slots stands in Weights.cpp.
//
// What burin writes carries checksums. `burin.checksum` is the header's, with its length, and with zeros for its own
// digits; it stands first, so that no damage can hide it. `burin.checksum.NAME`, for each tensor, is its values'. So
// every byte of the file is under one of them. Files of others have none, and are read as they are.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "runtime/Json.h"
#include "runtime/Program.h"

namespace burin_rt {

/// How a type's elements are called: F32, F64, I32, I64, U8, U16, BOOL.
const char *elementName(const burin_type &type);

/// A tensor to be written, in order of its place.
struct TensorSource {
  const char *name;
  burin_type type;
  const void *values;
  uint64_t bytes;
};
/// A text under `__metadata__`.
struct Metadata {
  const char *key, *value;
};

/// What stands in a file, besides checksums.
struct Contents {
  const burin_program *program; ///< its axes
  const Metadata *metadata;
  uint32_t metadataCount;
  const TensorSource *tensors;
  uint32_t tensorCount;
};
/// Writes a file with checksums, whole or not at all. False: an error was printed under `code`.
bool writeSafetensors(const char *path, const Contents &contents, const char *code);

/// How a header with checksums begins, up to the digits.
constexpr const char headerStart[] = "{\"__metadata__\":{\"burin.checksum\":\"xxh64:";
constexpr uint32_t headerStartLength = sizeof headerStart - 1;
constexpr const char tensorChecksum[] = "burin.checksum.";

/// One tensor of a file's header.
struct TensorEntry {
  const char *name, *element;
  Json shape;          ///< stands before the list
  uint64_t begin, end; ///< in the data
  bool used;           ///< for its reader's use
};

/// Reads a file. All that its header says is checked against the file before anything else is done with it; the
/// functions that return false have printed an error.
class SafetensorsReader {
public:
  /// Opens a file and checks its header: its checksum, JSON of the format, names once, tensors without gaps or overlaps
  /// that fill the file. `notFound` is the help where there is no file to read, an error under `missingCode`; the
  /// others are under `code` and begin with `is` ("these are no weights").
  struct Words {
    const char *is, *missingCode, *code, *notFound;
  };
  bool open(const char *path, const Words &words);
  ~SafetensorsReader();

  /// The text under `__metadata__`, or null.
  const char *metadata(const char *key) const;
  TensorEntry *find(const char *name);
  TensorEntry *begin() { return entries; }
  TensorEntry *end() { return entries + count; }
  /// All values of a tensor, as they were written.
  bool read(const TensorEntry &entry, void *out);
  /// Says why the file is not read.
  bool refuse(const char *reason);

private:
  bool readHeader();
  bool checkHeader();
  bool checkMetadata();
  const char *checksumOf(const char *tensor) const;
  bool parseHeader();
  bool parseEntry(Json &json, TensorEntry &entry);
  bool parseMetadata(Json &json);
  bool checkPlaces();

  const char *path = nullptr;
  Words words{};
  int descriptor = -1;
  uint64_t size = 0, length = 0; ///< of the file, of its header
  char *header = nullptr;
  TensorEntry *entries = nullptr; ///< by name
  uint32_t count = 0;
  Metadata *texts = nullptr; ///< by key
  uint32_t textCount = 0;
  bool verified = false; ///< the header has a checksum, and it fits
};

/// Whether a tensor in a file has this type and shape.
bool hasType(const burin_program *program, const TensorEntry &entry, const burin_type &type);

} // namespace burin_rt
