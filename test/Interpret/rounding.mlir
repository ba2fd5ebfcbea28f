// Results are rounded to their element after every operation; --interpret=arithmetic=double and binary128 do not.
// RUN: %burin-opt %s --interpret -o /dev/null | FileCheck %s
// RUN: %burin-opt %s --interpret=arithmetic=double -o /dev/null | FileCheck %s --check-prefixes=WIDE,DOUBLE
// RUN: %burin-opt %s --interpret=arithmetic=binary128 -o /dev/null | FileCheck %s --check-prefixes=WIDE,QUAD

task.task @rounding(%seed: !burin.tensor<i64>) {
  %big = burin.constant dense<16777216.0> : !burin.tensor<f32>
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %sum = burin.add %big, %one : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %back = burin.sub %sum, %big : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  // CHECK: back 0
  // WIDE: back 1
  task.record "back", %back : !burin.tensor<f32>
  // As the runtime sets the processor: what is too small to be normal is zero, with its sign.
  %small = burin.constant dense<-1.0e-30> : !burin.tensor<f32>
  %tiny = burin.mul %small, %small : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  // CHECK: tiny 0
  // WIDE: tiny 1{{.*}}e-60
  task.record "tiny", %tiny : !burin.tensor<f32>
  %denormal = burin.constant dense<-1.0e-40> : !burin.tensor<f32>
  %inverse = burin.div %one, %denormal : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  // CHECK: inverse -inf
  task.record "inverse", %inverse : !burin.tensor<f32>
  // 2^100 + 1 has more digits than a double. A constant is what its type holds; functions have all digits.
  %double = burin.constant dense<1.0> : !burin.tensor<f64>
  %large = burin.constant dense<1267650600228229401496703205376.0> : !burin.tensor<f64>
  %larger = burin.add %large, %double : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %one_more = burin.sub %larger, %large : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  // DOUBLE: one more 0
  // QUAD: one more 1
  task.record "one more", %one_more : !burin.tensor<f64>
  %e = burin.exp %double : (!burin.tensor<f64>) -> !burin.tensor<f64>
  // QUAD: e 2.71828182845904523536028747135266
  task.record "e", %e : !burin.tensor<f64>
  task.return
}
