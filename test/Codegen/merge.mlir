// Kernels that differ only in what their axes are called have one function. Which axes are the same, extents, kinds and attributes are no names.
// RUN: %burin build %s --emit=kernels | FileCheck %s --check-prefix=BEFORE
// RUN: %burin build %s --emit=loops | FileCheck %s

// BEFORE-COUNT-9: func.func private
// BEFORE-NOT: func.func private

// CHECK-LABEL: func.func @task.same(
// CHECK: call @[[$SUM:[a-zA-Z_0-9]+]](
// CHECK: call @[[$SUM]](
// CHECK-LABEL: func.func @task.other(
// CHECK-NOT: call @[[$SUM]](
// CHECK-COUNT-4: call @
// CHECK-LABEL: func.func @task.windows(
// CHECK: call @[[$WINDOW:[a-zA-Z_0-9]+]](
// CHECK: call @[[$WINDOW]](
// CHECK-NOT: call @[[$WINDOW]](
// CHECK-COUNT-7: func.func private
// CHECK-NOT: func.func private
task.task @same(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[a 8, b 4]>, %y: !burin.tensor<f32[c 8, d 4]>) -> (!burin.tensor<f32[a 8]>, !burin.tensor<f32[c 8]>) attributes {options = [{name = "x"}, {name = "y"}]} {
  %0 = burin.reduce "sum" %x over ["b"] : (!burin.tensor<f32[a 8, b 4]>) -> !burin.tensor<f32[a 8]>
  %1 = burin.reduce "sum" %y over ["d"] : (!burin.tensor<f32[c 8, d 4]>) -> !burin.tensor<f32[c 8]>
  task.return %0, %1 : !burin.tensor<f32[a 8]>, !burin.tensor<f32[c 8]>
}

// Over the other axis; over another extent; and axes that are called like the kinds of their reductions.
task.task @other(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[a 8, b 4]>, %z: !burin.tensor<f32[a 8, e 5]>, %p: !burin.tensor<f32[max 8, b 4]>, %q: !burin.tensor<f32[min 8, b 4]>) -> (!burin.tensor<f32[b 4]>, !burin.tensor<f32[a 8]>, !burin.tensor<f32[b 4]>, !burin.tensor<f32[b 4]>) attributes {options = [{name = "x"}, {name = "z"}, {name = "p"}, {name = "q"}]} {
  %0 = burin.reduce "sum" %x over ["a"] : (!burin.tensor<f32[a 8, b 4]>) -> !burin.tensor<f32[b 4]>
  %1 = burin.reduce "sum" %z over ["e"] : (!burin.tensor<f32[a 8, e 5]>) -> !burin.tensor<f32[a 8]>
  %2 = burin.reduce "max" %p over ["max"] : (!burin.tensor<f32[max 8, b 4]>) -> !burin.tensor<f32[b 4]>
  %3 = burin.reduce "min" %q over ["min"] : (!burin.tensor<f32[min 8, b 4]>) -> !burin.tensor<f32[b 4]>
  task.return %0, %1, %2, %3 : !burin.tensor<f32[b 4]>, !burin.tensor<f32[a 8]>, !burin.tensor<f32[b 4]>, !burin.tensor<f32[b 4]>
}

// Windows that are equal, and one that begins elsewhere.
task.task @windows(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[r 9]>, %y: !burin.tensor<f32[s 9]>) -> (!burin.tensor<f32[i 7]>, !burin.tensor<f32[j 7]>, !burin.tensor<f32[j 7]>) attributes {options = [{name = "x"}, {name = "y"}]} {
  %0 = burin.window %x [#burin.place<"r" = 0 + 1 * "i" + 1 * "m">] : (!burin.tensor<f32[r 9]>) -> !burin.tensor<f32[i 7, m 2]>
  %1 = burin.reduce "max" %0 over ["m"] : (!burin.tensor<f32[i 7, m 2]>) -> !burin.tensor<f32[i 7]>
  %2 = burin.window %y [#burin.place<"s" = 0 + 1 * "j" + 1 * "n">] : (!burin.tensor<f32[s 9]>) -> !burin.tensor<f32[j 7, n 2]>
  %3 = burin.reduce "max" %2 over ["n"] : (!burin.tensor<f32[j 7, n 2]>) -> !burin.tensor<f32[j 7]>
  %4 = burin.window %y [#burin.place<"s" = 1 + 1 * "j" + 1 * "n">] : (!burin.tensor<f32[s 9]>) -> !burin.tensor<f32[j 7, n 2]>
  %5 = burin.reduce "max" %4 over ["n"] : (!burin.tensor<f32[j 7, n 2]>) -> !burin.tensor<f32[j 7]>
  task.return %1, %3, %5 : !burin.tensor<f32[i 7]>, !burin.tensor<f32[j 7]>, !burin.tensor<f32[j 7]>
}
