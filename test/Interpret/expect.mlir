// task.expect fails the program where values differ, and says where.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o /dev/null

task.task @relative_above_one(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<[100.0, 0.001]> : !burin.tensor<f32[i 2]>
  %b = burin.constant dense<[100.5, 0.005]> : !burin.tensor<f32[i 2]>
  task.expect %a, %b tolerance 0.006 : !burin.tensor<f32[i 2]>
  task.return
}

// -----

task.task @element(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : !burin.tensor<f32[i 2, j 2]>
  %b = burin.constant dense<[[1.0, 2.0], [3.5, 4.0]]> : !burin.tensor<f32[i 2, j 2]>
  // expected-error @below {{expected [[1, 2], [3.5, 4]], found [[1, 2], [3, 4]]: element 2 is 3}}
  task.expect %a, %b tolerance 0.1 : !burin.tensor<f32[i 2, j 2]>
  task.return
}

// -----

task.task @not_a_number(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<0x7FC00000> : !burin.tensor<f32>
  %b = burin.constant dense<1.0> : !burin.tensor<f32>
  // expected-error @below {{element 0 is nan}}
  task.expect %a, %b tolerance 1.0e30 : !burin.tensor<f32>
  task.return
}

// -----

task.task @infinity(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<3.0> : !burin.tensor<f32>
  %b = burin.constant dense<0x7F800000> : !burin.tensor<f32>
  // expected-error @below {{expected inf, found 3}}
  task.expect %a, %b tolerance 0.1 : !burin.tensor<f32>
  task.return
}

// -----

// Integers have no tolerance.
task.task @integers(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<3> : !burin.tensor<i64>
  %b = burin.constant dense<4> : !burin.tensor<i64>
  // expected-error @below {{expected 4, found 3}}
  task.expect %a, %b tolerance 10.0 : !burin.tensor<i64>
  task.return
}
