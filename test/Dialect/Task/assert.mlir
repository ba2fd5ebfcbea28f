// task.assert: what its verifier asks, and what it does where a condition does not hold.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o /dev/null

task.task @axes(%seed: !burin.tensor<i64>) {
  %c = burin.constant dense<true> : !burin.tensor<i1[i 2]>
  // expected-error @below {{[condition] is a bool without axes}}
  task.assert "c", %c : !burin.tensor<i1[i 2]>
  task.return
}

// -----

task.task @number(%seed: !burin.tensor<i64>) {
  // expected-error @below {{[condition] is a bool without axes}}
  task.assert "seed", %seed : !burin.tensor<i64>
  task.return
}

// -----

task.task @sides(%seed: !burin.tensor<i64>) {
  %c = burin.constant dense<true> : !burin.tensor<i1>
  // expected-error @below {{[sides] are two values of one type without axes, with a sign between them}}
  "task.assert"(%c, %seed) {text = "c"} : (!burin.tensor<i1>, !burin.tensor<i64>) -> ()
  task.return
}

// -----

task.task @fails(%seed: !burin.tensor<i64>) {
  %c = burin.ne %seed, %seed : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i1>
  // expected-error @below {{`seed != seed` does not hold}}
  task.assert "seed != seed", %c sides(%seed, %seed : !burin.tensor<i64>, !burin.tensor<i64>) "!=" : !burin.tensor<i1>
  task.return
}
