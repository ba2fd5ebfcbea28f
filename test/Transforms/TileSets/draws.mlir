// A row draws what it draws wherever it is computed: by the number that its elements have in the whole set.
// RUN: %burin-opt %s --tile-sets=rows=16 | FileCheck %s

task.data @d "csv" "d.csv" fields [{count = 1 : i64, first = 0 : i64, name = "age", type = !burin.tensor<f32>}] parts [{name = "", axis = "d", share = 1.0 : f64, rest = true}]
// CHECK-LABEL: func.func @draw(
// CHECK: burin.for
// CHECK: %[[ROW:.*]] = burin.cast %{{.*}} -> !burin.tensor<!burin.index<d ?>["d%" 16]>

// CHECK: %[[NUMBER:.*]] = burin.cast %[[ROW]] {{.*}} -> !burin.tensor<i64["d%" 16]>
// CHECK: %[[STRIDE:.*]] = burin.constant dense<3>
// CHECK: burin.mul %[[NUMBER]], %[[STRIDE]]
// CHECK: burin.random_at %arg0, %{{.*}} : (!burin.tensor<i64>, !burin.tensor<i64["d%" 16, j 3]>) -> !burin.tensor<f32["d%" 16, j 3]>
// CHECK: burin.accumulate "sum"
func.func @draw(%key: !burin.tensor<i64>) -> !burin.tensor<f32> {
  %x = burin.random %key : !burin.tensor<i64> -> !burin.tensor<f32[d ?, j 3]>
  %y = burin.reduce "sum" %x over ["d", "j"] : (!burin.tensor<f32[d ?, j 3]>) -> !burin.tensor<f32>
  func.return %y : !burin.tensor<f32>
}

// A search is two reductions: the largest, and the first row that is as large or a NaN.
// CHECK-LABEL: func.func @search(
// CHECK: burin.for
// CHECK: burin.accumulate "max"
// CHECK: burin.for
// CHECK-DAG: burin.eq
// CHECK-DAG: burin.ne
// CHECK: burin.accumulate "min"
// CHECK: burin.cast %{{.*}} -> !burin.tensor<!burin.index<d ?>>
// CHECK-NOT: arg_reduce
func.func @search() -> !burin.tensor<!burin.index<d ?>> {
  %x = task.column @d "" "age" : <f32[d ?]>
  %y = burin.arg_reduce "max" %x over "d" : (!burin.tensor<f32[d ?]>) -> !burin.tensor<!burin.index<d ?>>
  func.return %y : !burin.tensor<!burin.index<d ?>>
}
