// task.task: what its verifier asks. (roundtrip.mlir has right ones.)
// RUN: %burin-opt %s --split-input-file --verify-diagnostics -o /dev/null

// expected-error @below {{[result_names] names 1 results of 2}}
task.task @fewer(%seed: !burin.tensor<i64>) -> (!burin.tensor<i64>, !burin.tensor<i64>) attributes {result_names = ["x"]} {
  task.return %seed, %seed : !burin.tensor<i64>, !burin.tensor<i64>
}

// -----

// expected-error @below {{[result_names] names 2 results of 1}}
task.task @more(%seed: !burin.tensor<i64>) -> !burin.tensor<i64> attributes {result_names = ["x", "y"]} {
  task.return %seed : !burin.tensor<i64>
}
