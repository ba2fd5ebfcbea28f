// Whole sets with and without tiles give the same numbers; sums over a set alone, the same bits. 700 rows are 2 tiles and a part of
// one, 30 a part of one, and without rows there are identities.
// RUN: %burin-opt %s --interpret -o /dev/null > %t.whole
// RUN: %burin-opt %s --tile-sets --interpret -o /dev/null > %t.tiles
// RUN: %burin-opt %s "--tile-sets=rows=16" --simplify --interpret -o /dev/null > %t.small
// RUN: diff %t.whole %t.tiles
// RUN: diff %t.whole %t.small
// RUN: FileCheck %s < %t.tiles
!rows = !burin.tensor<f32["d.train" ?]>
!x = !burin.tensor<f32["d.train" ?, pixel 3]>
!s = !burin.tensor<f32>

task.data @d "csv" "d.csv" fields [{name = "x", type = !burin.tensor<f32[pixel 3]>, first = 0, count = 3}, {name = "label", type = !burin.tensor<!burin.index<pixel 3>>, first = 3, count = 1}, {name = "age", type = !burin.tensor<f32>, first = 4, count = 1}] parts [{name = "train", axis = "d.train", share = 0.8 : f64, rest = false}, {name = "test", axis = "d.test", share = 0.1 : f64, rest = false}, {name = "none", axis = "d.none", share = 0.1 : f64, rest = true}] {rows = array<i64: 700, 30, 0>}

// CHECK: accuracy -> {{[1-9]}}
task.task @accuracy(%seed: !burin.tensor<i64>) -> !s {
  %x = task.column @d "train" "x" : <f32["d.train" ?, pixel 3]>
  %label = task.column @d "train" "label" : <!burin.index<pixel 3>["d.train" ?]>
  %top = burin.arg_reduce "max" %x over "pixel" : (!x) -> !burin.tensor<!burin.index<pixel 3>["d.train" ?]>
  %hit = burin.eq %top, %label : (!burin.tensor<!burin.index<pixel 3>["d.train" ?]>, !burin.tensor<!burin.index<pixel 3>["d.train" ?]>) -> !burin.tensor<i1["d.train" ?]>
  %one = burin.cast %hit : (!burin.tensor<i1["d.train" ?]>) -> !rows
  %sum = burin.reduce "sum" %one over ["d.train"] : (!rows) -> !s
  task.return %sum : !s
}

// Kinds of reduction, one of them over another axis as well.
// CHECK: kinds ->
task.task @kinds(%seed: !burin.tensor<i64>) -> (!s, !burin.tensor<f32[pixel 3]>, !s, !burin.tensor<i1>, !burin.tensor<i64>) {
  %x = task.column @d "train" "x" : <f32["d.train" ?, pixel 3]>
  %sum = burin.reduce "sum" %x over ["d.train", "pixel"] : (!x) -> !s
  %max = burin.reduce "max" %x over ["d.train"] : (!x) -> !burin.tensor<f32[pixel 3]>
  %min = burin.reduce "min" %x over ["d.train", "pixel"] : (!x) -> !s
  %two = burin.constant dense<2.0> : !s
  %less = burin.lt %x, %two : (!x, !s) -> !burin.tensor<i1["d.train" ?, pixel 3]>
  %all = burin.reduce "all" %less over ["d.train", "pixel"] : (!burin.tensor<i1["d.train" ?, pixel 3]>) -> !burin.tensor<i1>
  %i = burin.iota : <!burin.index<"d.train" ?>["d.train" ?]>
  %k = burin.cast %i : (!burin.tensor<!burin.index<"d.train" ?>["d.train" ?]>) -> !burin.tensor<i64["d.train" ?]>
  %rows = burin.reduce "sum" %k over ["d.train"] : (!burin.tensor<i64["d.train" ?]>) -> !burin.tensor<i64>
  task.return %sum, %max, %min, %all, %rows : !s, !burin.tensor<f32[pixel 3]>, !s, !burin.tensor<i1>, !burin.tensor<i64>
}
// CHECK: kinds -> true
// CHECK-NEXT: kinds -> 244650

// A chain of products and sums goes on from tile to tile; a scatter counts.
// CHECK: chain ->
task.task @chain(%seed: !burin.tensor<i64>) -> (!burin.tensor<f32[pixel 3, "pixel'" 3]>, !burin.tensor<f32[pixel 3]>) {
  %x = task.column @d "test" "x" : <f32["d.test" ?, pixel 3]>
  %y = burin.rename %x : (!burin.tensor<f32["d.test" ?, pixel 3]>) -> !burin.tensor<f32["d.test" ?, "pixel'" 3]>
  %g = burin.contract %x, %y over ["d.test"] : (!burin.tensor<f32["d.test" ?, pixel 3]>, !burin.tensor<f32["d.test" ?, "pixel'" 3]>) -> !burin.tensor<f32[pixel 3, "pixel'" 3]>
  %label = task.column @d "test" "label" : <!burin.index<pixel 3>["d.test" ?]>
  %age = task.column @d "test" "age" : <f32["d.test" ?]>
  %one = burin.constant dense<1.0> : !s
  %ones = burin.broadcast %one : (!s) -> !burin.tensor<f32["d.test" ?]>
  %counts = burin.scatter_add %ones[%label] at ["pixel"] : (!burin.tensor<f32["d.test" ?]>, !burin.tensor<!burin.index<pixel 3>["d.test" ?]>) -> !burin.tensor<f32[pixel 3]>
  task.return %g, %counts : !burin.tensor<f32[pixel 3, "pixel'" 3]>, !burin.tensor<f32[pixel 3]>
}
// CHECK: chain -> [10, 10, 10]

// CHECK: variance -> 0.4998
task.task @variance(%seed: !burin.tensor<i64>) -> !s {
  %x = task.column @d "train" "age" : <f32["d.train" ?]>
  %n = task.rows @d "train" : <i64>
  %count = burin.cast %n : (!burin.tensor<i64>) -> !s
  %sum = burin.reduce "sum" %x over ["d.train"] : (!rows) -> !s
  %mean = burin.div %sum, %count : (!s, !s) -> !s
  %difference = burin.sub %x, %mean : (!rows, !s) -> !rows
  %square = burin.mul %difference, %difference : (!rows, !rows) -> !rows
  %squares = burin.reduce "sum" %square over ["d.train"] : (!rows) -> !s
  %variance = burin.div %squares, %count : (!s, !s) -> !s
  task.return %variance : !s
}

// CHECK: nothing -> -0
// CHECK-NEXT: nothing -> -inf
task.task @nothing(%seed: !burin.tensor<i64>) -> (!s, !s) {
  %x = task.column @d "none" "age" : <f32["d.none" ?]>
  %sum = burin.reduce "sum" %x over ["d.none"] : (!burin.tensor<f32["d.none" ?]>) -> !s
  %max = burin.reduce "max" %x over ["d.none"] : (!burin.tensor<f32["d.none" ?]>) -> !s
  task.return %sum, %max : !s, !s
}

// CHECK: batch ->
task.task @batch(%seed: !burin.tensor<i64>) -> !burin.tensor<f32[b 4]> {
  %x = task.column @d "train" "x" : <f32["d.train" ?, pixel 3]>
  %e = burin.exp %x : (!x) -> !x
  %total = burin.reduce "sum" %e over ["pixel"] : (!x) -> !rows
  %k = burin.constant dense<[5, 699, 0, 5]> : !burin.tensor<i64[b 4]>
  %i = burin.cast %k : (!burin.tensor<i64[b 4]>) -> !burin.tensor<!burin.index<"d.train" ?>[b 4]>
  %rows = burin.gather %total[%i] at ["d.train"] : (!rows, !burin.tensor<!burin.index<"d.train" ?>[b 4]>) -> !burin.tensor<f32[b 4]>
  task.return %rows : !burin.tensor<f32[b 4]>
}

// CHECK: integers -> 1
// CHECK-NEXT: integers -> 700
task.task @integers(%seed: !burin.tensor<i64>) -> (!burin.tensor<i64>, !burin.tensor<i32>) {
  %i = burin.iota : <!burin.index<"d.train" ?>["d.train" ?]>
  %k = burin.cast %i : (!burin.tensor<!burin.index<"d.train" ?>["d.train" ?]>) -> !burin.tensor<i64["d.train" ?]>
  %one = burin.constant dense<1> : !burin.tensor<i64>
  %number = burin.add %k, %one : (!burin.tensor<i64["d.train" ?]>, !burin.tensor<i64>) -> !burin.tensor<i64["d.train" ?]>
  %least = burin.reduce "min" %number over ["d.train"] : (!burin.tensor<i64["d.train" ?]>) -> !burin.tensor<i64>
  %short = burin.cast %number : (!burin.tensor<i64["d.train" ?]>) -> !burin.tensor<i32["d.train" ?]>
  %negated = burin.neg %short : (!burin.tensor<i32["d.train" ?]>) -> !burin.tensor<i32["d.train" ?]>
  %smallest = burin.reduce "min" %negated over ["d.train"] : (!burin.tensor<i32["d.train" ?]>) -> !burin.tensor<i32>
  %most = burin.neg %smallest : (!burin.tensor<i32>) -> !burin.tensor<i32>
  task.return %least, %most : !burin.tensor<i64>, !burin.tensor<i32>
}
