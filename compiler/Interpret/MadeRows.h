//===- MadeRows.h - Rows of data sets where no file is read ---------------------===//
#pragma once
#include "compiler/Interpret/Array.h"
#include "dialects/Task/Task.h"

namespace burin::interpret {

/// A field of as many made up rows: numbers from -1 to 1, indices that are in their axis, lengths from 1 to what the
/// sequences hold. The same at each call; null after a report at the op, where there would be too many elements.
Ref madeColumn(task::ColumnOp op, task::DataOp data, unsigned field, int64_t rows);

} // namespace burin::interpret
