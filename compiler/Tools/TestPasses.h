//===- TestPasses.h - Passes of burin-opt that only tests need --------------------===//
#pragma once

namespace burin {
void registerTestPasses();
} // namespace burin
