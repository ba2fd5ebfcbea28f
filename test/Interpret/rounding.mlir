// Results are rounded to their element after every operation; --interpret=double does not round.
// RUN: %burin-opt %s --interpret -o /dev/null | FileCheck %s
// RUN: %burin-opt %s --interpret=double=true -o /dev/null | FileCheck %s --check-prefix=DOUBLE

task.task @rounding(%seed: !burin.tensor<i64>) {
  %big = burin.constant dense<16777216.0> : !burin.tensor<f32>
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %sum = burin.add %big, %one : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %back = burin.sub %sum, %big : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  // CHECK: back 0
  // DOUBLE: back 1
  task.record "back", %back : !burin.tensor<f32>
  // As the runtime sets the processor: what is too small to be normal is zero, with its sign.
  %small = burin.constant dense<-1.0e-30> : !burin.tensor<f32>
  %tiny = burin.mul %small, %small : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  // CHECK: tiny 0
  // DOUBLE: tiny 1{{.*}}e-60
  task.record "tiny", %tiny : !burin.tensor<f32>
  %denormal = burin.constant dense<-1.0e-40> : !burin.tensor<f32>
  %inverse = burin.div %one, %denormal : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  // CHECK: inverse -inf
  task.record "inverse", %inverse : !burin.tensor<f32>
  task.return
}
