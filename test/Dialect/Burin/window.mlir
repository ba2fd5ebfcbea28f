// burin.window reads at sums of multiples of indices, and is 0 where there is no element.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.window %{{.*}} [#burin.place<"r" = 0 + 2 * "i" + 1 * "m">] : (!burin.tensor<f32[r 5]>) -> !burin.tensor<f32[i 2, m 2]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, 2.5, 3.5, 4.5, 5.5]> : !burin.tensor<f32[r 5]>
  %y = burin.window %x [#burin.place<"r" = 0 + 2 * "i" + 1 * "m">] : (!burin.tensor<f32[r 5]>) -> !burin.tensor<f32[i 2, m 2]>
  %expected = burin.constant dense<[[1.5, 2.5], [3.5, 4.5]]> : !burin.tensor<f32[i 2, m 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 2, m 2]>
  task.return
}

// Outside there are zeros; a divisor leaves zeros between.
// CHECK: #burin.place<"r" = -1 + 1 * "p" by 2>
task.task @outside(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, 2.5, 3.5]> : !burin.tensor<f32[r 3]>
  %y = burin.window %x [#burin.place<"r" = -2 + 1 * "i">] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32[i 6]>
  %expected = burin.constant dense<[0.0, 0.0, 1.5, 2.5, 3.5, 0.0]> : !burin.tensor<f32[i 6]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 6]>
  %z = burin.window %x [#burin.place<"r" = -1 + 1 * "p" by 2>] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32[p 7]>
  %zeros = burin.constant dense<[0.0, 1.5, 0.0, 2.5, 0.0, 3.5, 0.0]> : !burin.tensor<f32[p 7]>
  task.expect %z, %zeros tolerance 0.0 : !burin.tensor<f32[p 7]>
  task.return
}

// Other axes stay; an axis of a place that x has besides is aligned with it: a diagonal. Factors may be negative. What is
// taken at one index has no axis left.
task.task @aligned(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : !burin.tensor<f32[r 2, c 3]>
  %y = burin.window %x [#burin.place<"c" = 2 + -1 * "r">] : (!burin.tensor<f32[r 2, c 3]>) -> !burin.tensor<f32[r 2]>
  %expected = burin.constant dense<[3.0, 5.0]> : !burin.tensor<f32[r 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[r 2]>
  %z = burin.window %x [#burin.place<"c" = -1 + 1 * "r" + 1 * "m">] : (!burin.tensor<f32[r 2, c 3]>) -> !burin.tensor<f32[r 2, m 4]>
  %moved = burin.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 0.0]]> : !burin.tensor<f32[r 2, m 4]>
  task.expect %z, %moved tolerance 0.0 : !burin.tensor<f32[r 2, m 4]>
  %u = burin.window %x [#burin.place<"r" = 1>] : (!burin.tensor<f32[r 2, c 3]>) -> !burin.tensor<f32[c 3]>
  %row = burin.constant dense<[4.0, 5.0, 6.0]> : !burin.tensor<f32[c 3]>
  task.expect %u, %row tolerance 0.0 : !burin.tensor<f32[c 3]>
  task.return
}

// The adjoint adds up what was read from each place: of an outer place 1, of an inner one 2 or 3.
task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, 3.0, 4.0]> : !burin.tensor<f32[r 4]>
  %w = burin.constant dense<[[1.0, 2.0, 3.0], [10.0, 20.0, 30.0], [100.0, 200.0, 300.0], [1000.0, 2000.0, 3000.0]]> : !burin.tensor<f32[i 4, m 3]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[r 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[r 4]>) {
    %y = burin.window %px [#burin.place<"r" = -1 + 1 * "i" + 1 * "m">] : (!burin.tensor<f32[r 4]>) -> !burin.tensor<f32[i 4, m 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 4, m 3]>, !burin.tensor<f32[i 4, m 3]>) -> !burin.tensor<f32[i 4, m 3]>
    %s = burin.reduce "sum" %z over ["i", "m"] : (!burin.tensor<f32[i 4, m 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[12.0, 123.0, 1230.0, 2300.0]> : !burin.tensor<f32[r 4]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[r 4]>
  task.return
}

// Of what is read at a stride, what lies between has none; of one place, what is not there.
task.task @gradient_strided(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0]]> : !burin.tensor<f32[b 2, r 5]>
  %w = burin.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : !burin.tensor<f32[b 2, i 2]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[b 2, r 5]> -> (!burin.tensor<f32>, !burin.tensor<f32[b 2, r 5]>) {
    %y = burin.window %px [#burin.place<"r" = 4 + -3 * "i">] : (!burin.tensor<f32[b 2, r 5]>) -> !burin.tensor<f32[b 2, i 2]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[b 2, i 2]>, !burin.tensor<f32[b 2, i 2]>) -> !burin.tensor<f32[b 2, i 2]>
    %s = burin.reduce "sum" %z over ["b", "i"] : (!burin.tensor<f32[b 2, i 2]>) -> !burin.tensor<f32>
    %one = burin.window %px [#burin.place<"r" = 2>, #burin.place<"b" = 1>] : (!burin.tensor<f32[b 2, r 5]>) -> !burin.tensor<f32>
    %t = burin.add %s, %one : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    burin.yield %t : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[[0.0, 2.0, 0.0, 0.0, 1.0], [0.0, 4.0, 1.0, 0.0, 3.0]]> : !burin.tensor<f32[b 2, r 5]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[b 2, r 5]>
  task.return
}

// A product of windows: read where it lies, its gradient in x a product of windows again.
task.task @convolution(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : !burin.tensor<f32[r 5]>
  %k = burin.constant dense<[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]> : !burin.tensor<f32[m 3, o 2]>
  %w = burin.constant dense<[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]> : !burin.tensor<f32[i 3, o 2]>
  %l, %dx, %dk = burin.grad (%px = %x, %pk = %k) : !burin.tensor<f32[r 5]>, !burin.tensor<f32[m 3, o 2]> -> (!burin.tensor<f32>, !burin.tensor<f32[r 5]>, !burin.tensor<f32[m 3, o 2]>) {
    %v = burin.window %px [#burin.place<"r" = 0 + 1 * "i" + 1 * "m">] : (!burin.tensor<f32[r 5]>) -> !burin.tensor<f32[i 3, m 3]>
    %y = burin.contract %v, %pk over ["m"] : (!burin.tensor<f32[i 3, m 3]>, !burin.tensor<f32[m 3, o 2]>) -> !burin.tensor<f32[i 3, o 2]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 3, o 2]>, !burin.tensor<f32[i 3, o 2]>) -> !burin.tensor<f32[i 3, o 2]>
    %s = burin.reduce "sum" %z over ["i", "o"] : (!burin.tensor<f32[i 3, o 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %value = burin.constant dense<500.0> : !burin.tensor<f32>
  task.expect %l, %value tolerance 0.0 : !burin.tensor<f32>
  %ex = burin.constant dense<[1.0, 12.0, 34.0, 52.0, 33.0]> : !burin.tensor<f32[r 5]>
  task.expect %dx, %ex tolerance 0.0 : !burin.tensor<f32[r 5]>
  %ek = burin.constant dense<[[4.0, 5.0], [6.0, 7.0], [8.0, 9.0]]> : !burin.tensor<f32[m 3, o 2]>
  task.expect %dk, %ek tolerance 0.0 : !burin.tensor<f32[m 3, o 2]>
  task.return
}

// -----

func.func private @window_place(%x: !burin.tensor<f32[r 3, c 4]>) {
  // expected-error @below {{takes the axis "q"}}
  %y = burin.window %x [#burin.place<"q" = 0 + 1 * "i">] : (!burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32[r 3, c 4, i 2]>
  return
}

// -----

func.func private @window_place(%x: !burin.tensor<f32[r 3, c 4]>) {
  // expected-error @below {{takes the axis "r" twice [window_place]}}
  %y = burin.window %x [#burin.place<"r" = 0 + 1 * "i">, #burin.place<"r" = 0 + 1 * "j">] : (!burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32[c 4, i 2, j 2]>
  return
}

// -----

func.func private @window_place(%x: !burin.tensor<f32[r 3]>) {
  // expected-error @below {{factors that are not 0, and a divisor from 1 [window_place]}}
  %y = burin.window %x [#burin.place<"r" = 0 + 0 * "i">] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32[i 2]>
  return
}

// -----

func.func private @window_place(%x: !burin.tensor<f32[r 3]>) {
  // expected-error @below {{names the axis "i" twice [window_place]}}
  %y = burin.window %x [#burin.place<"r" = 0 + 1 * "i" + 1 * "i">] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32[i 2]>
  return
}

// -----

func.func private @window_place(%x: !burin.tensor<f32[r 3]>) {
  // expected-error @below {{has places beyond 2^40 [window_place]}}
  %y = burin.window %x [#burin.place<"r" = 0 + 2000000000000 * "i">] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32[i 2]>
  return
}

// -----

func.func private @window_axes(%x: !burin.tensor<f32[r 3, c 4]>) {
  // expected-error @below {{has the new axis "i" in two places [window_axes]}}
  %y = burin.window %x [#burin.place<"r" = 0 + 1 * "i">, #burin.place<"c" = 0 + 1 * "i">] : (!burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32[i 2]>
  return
}

// -----

func.func private @window_axes(%x: !burin.tensor<f32[r 3, c 4]>) {
  // expected-error @below {{has result axes of}}
  %y = burin.window %x [#burin.place<"r" = 0 + 1 * "i">] : (!burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32[i 2]>
  return
}

// -----

func.func private @window_axes(%x: !burin.tensor<f32[r 3]>) {
  // expected-error @below {{has a place along "i"}}
  %y = burin.window %x [#burin.place<"r" = 0 + 1 * "i">] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32[j 2]>
  return
}

// -----

func.func private @element_rule(%x: !burin.tensor<f32[r 3]>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.window %x [#burin.place<"r" = 0 + 1 * "i">] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f64[i 2]>
  return
}
