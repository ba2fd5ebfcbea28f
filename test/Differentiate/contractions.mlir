// Contractions: the gradient along a direction beside central differences, in f64.
// RUN: %burin-opt %s --graph-to-grad --interpret -o /dev/null
// RUN: %burin-opt %s --graph-to-grad | FileCheck %s --implicit-check-not=burin.grad --implicit-check-not=call
// CHECK: task.expect

// A contraction by its left operand: the other's free axes are summed.
func.func private @contractLeft(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %w = burin.constant dense<[[0.453125, 1.453125], [-0.296875, -0.875], [-1.96875, -0.21875], [-1.015625, 0.28125]]> : !burin.tensor<f64[b 4, o 2]>
  %y = burin.contract %x, %w over ["b"] : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[b 4, o 2]>) -> !burin.tensor<f64[a 3, o 2]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3, o 2]>) -> !burin.tensor<f64[a 3, o 2]>
  %l = burin.reduce "sum" %z over ["a", "o"] : (!burin.tensor<f64[a 3, o 2]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.contractLeft(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-0.328125, 0.265625, -0.59375, -1.296875], [0.25, -0.234375, -0.734375, 0.4375], [1.265625, -0.359375, -0.890625, -1.25]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-1.28125, -1.390625, -1.140625, 1.703125], [1.078125, 0.875, 0.640625, -1.546875], [-0.3125, 1.203125, 1.90625, 1.609375]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractLeft(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @contractLeft(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @contractLeft(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// And by its right, with an aligned axis.
func.func private @contractRight(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %w = burin.constant dense<[[[0.71875, -0.390625, 0.484375, 0.453125], [0.984375, -1.484375, -1.671875, 0.828125]], [[1.34375, 1.3125, 0.28125, -0.6875], [1.546875, -0.265625, 1.4375, 1.921875]], [[0.1875, 0.859375, -1.375, -1.140625], [-0.578125, 0.40625, -0.9375, 1.984375]]]> : !burin.tensor<f64[a 3, o 2, b 4]>
  %y = burin.contract %w, %x over ["b"] : (!burin.tensor<f64[a 3, o 2, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, o 2]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3, o 2]>) -> !burin.tensor<f64[a 3, o 2]>
  %l = burin.reduce "sum" %z over ["a", "o"] : (!burin.tensor<f64[a 3, o 2]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.contractRight(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.3125, -1.046875, 1.25, -1.78125], [1.875, 1.5625, 0.609375, -0.3125], [-0.453125, -1.46875, -0.171875, 1.8125]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.671875, 0.15625, -0.984375, 1.375], [-1.0625, 0.9375, -1.109375, 0.265625], [-0.28125, -1.03125, -0.375, -0.359375]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractRight(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @contractRight(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @contractRight(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A contraction that leaves the other nothing to sum.
func.func private @contractOuter(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %w = burin.constant dense<[-1.28125, -1.21875, -0.875, -0.296875]> : !burin.tensor<f64[b 4]>
  %y = burin.contract %w, %x over ["b"] : (!burin.tensor<f64[b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %l = burin.reduce "sum" %z over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.contractOuter(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.375, 0.453125, 0.84375, 1.09375], [-0.375, 1.078125, 1.109375, 0.3125], [-0.359375, 1.625, -1.1875, -0.5625]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[0.4375, -1.671875, 1.4375, -1.546875], [1.1875, 1.96875, -0.859375, 1.421875], [-1.765625, -1.78125, -0.546875, 0.859375]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractOuter(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @contractOuter(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @contractOuter(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A contraction with itself.
func.func private @contractBoth(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %r = burin.rename %x : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64["a'" 3, b 4]>
  %y = burin.contract %x, %r over ["b"] : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64["a'" 3, b 4]>) -> !burin.tensor<f64[a 3, "a'" 3]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3, "a'" 3]>) -> !burin.tensor<f64[a 3, "a'" 3]>
  %l = burin.reduce "sum" %z over ["a", "a'"] : (!burin.tensor<f64[a 3, "a'" 3]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.contractBoth(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.8125, -1.96875, 1.71875, -1.015625], [0.328125, 1.078125, 1.640625, -1.59375], [-0.484375, -1.328125, 1.765625, -1.375]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[1.46875, 0.453125, -0.1875, -1.75], [-1.203125, -1.796875, 0.578125, 1.15625], [-1.671875, 0.671875, 1.8125, -0.265625]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractBoth(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @contractBoth(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @contractBoth(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A contraction that goes on from an accumulator.
func.func private @contractFrom(%x: !burin.tensor<f64[a 3]>) -> !burin.tensor<f64> {
  %w = burin.constant dense<[[1.9375, 1.46875, 1.796875, -1.21875], [-1.203125, -1.890625, 1.703125, -1.359375], [-1.703125, -0.5, -1.09375, -1.265625]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %x, %w : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %y = burin.contract %p, %w from %x over ["b"] : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %l = burin.reduce "sum" %z over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.contractFrom(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-0.796875, 1.71875, -1.921875]> : !burin.tensor<f64[a 3]>
  %direction = burin.constant dense<[-0.640625, -0.703125, -1.6875]> : !burin.tensor<f64[a 3]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3]>) {
    %y = func.call @contractFrom(%v) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %found = burin.reduce "sum" %p over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %above = func.call @contractFrom(%forward) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  %below = func.call @contractFrom(%backward) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}
