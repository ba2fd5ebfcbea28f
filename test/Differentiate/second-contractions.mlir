// Second derivatives: contractions, by the gradient of a gradient beside central differences of the gradient, in f64.
// RUN: %burin-opt %s --graph-to-grad --interpret -o /dev/null
// RUN: %burin-opt %s --graph-to-grad | FileCheck %s --implicit-check-not=burin.grad --implicit-check-not=call
// CHECK: task.expect

// A contraction by its left operand: the other's free axes are summed.
func.func private @contractLeft(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %w = burin.constant dense<[[-0.3125, -0.8125], [-0.515625, 0.21875], [1.484375, 1.828125], [0.8125, 0.484375]]> : !burin.tensor<f64[b 4, o 2]>
  %y = burin.contract %x, %w over ["b"] : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[b 4, o 2]>) -> !burin.tensor<f64[a 3, o 2]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3, o 2]>) -> !burin.tensor<f64[a 3, o 2]>
  %l = burin.reduce "sum" %z over ["a", "o"] : (!burin.tensor<f64[a 3, o 2]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
func.func private @contractLeft.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractLeft(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[-0.15625, -0.703125, -0.84375, 1.921875], [-1.265625, -0.90625, 1.6875, 1.796875], [0.328125, -1.5625, 0.546875, 1.234375]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.contractLeft(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.53125, 0.875, 0.203125, 0.640625], [0.234375, 0.28125, -0.65625, -1.640625], [-1.953125, -0.671875, 0.703125, 0.15625]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.203125, -0.359375, 1.578125, 1.703125], [1.734375, 1.96875, 1.78125, 0.40625], [0.515625, -1.75, -1.359375, -0.796875]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractLeft.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @contractLeft.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @contractLeft.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A contraction that leaves the other nothing to sum.
func.func private @contractOuter(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %w = burin.constant dense<[1.0625, 1.71875, -1.171875, -0.9375]> : !burin.tensor<f64[b 4]>
  %y = burin.contract %w, %x over ["b"] : (!burin.tensor<f64[b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %l = burin.reduce "sum" %z over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
func.func private @contractOuter.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractOuter(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[-0.640625, 0.28125, -1.109375, 0.46875], [1.921875, -0.296875, 1.390625, -0.5625], [-0.984375, 1.5625, 0.5, -0.421875]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.contractOuter(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.640625, -1.703125, 0.734375, 1.28125], [0.890625, 1.625, 0.546875, 0.640625], [-0.453125, -0.796875, -1.453125, 0.21875]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.15625, -1.828125, 1.984375, 0.234375], [0.609375, -0.25, -1.34375, 1.171875], [-1.046875, 1.703125, -0.359375, 0.578125]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractOuter.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @contractOuter.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @contractOuter.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
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
func.func private @contractBoth.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractBoth(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[1.46875, -1.421875, -1.453125, -0.9375], [1.484375, 0.984375, -0.765625, 0.1875], [1.4375, 0.5625, -1.015625, -1.0]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.contractBoth(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.796875, -0.953125, 1.0625, -0.40625], [-0.25, -1.4375, 0.328125, 1.625], [-0.4375, 0.71875, -1.1875, -0.28125]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.921875, 1.65625, -0.75, -1.828125], [-1.96875, 0.78125, -1.359375, -1.390625], [1.375, -1.8125, -0.234375, 1.1875]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @contractBoth.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @contractBoth.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @contractBoth.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// Logsumexp minus a logit.
func.func private @softmax(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %m = burin.reduce "max" %x over ["b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3]>
  %s = burin.stop %m : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %d = burin.sub %x, %s : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3, b 4]>
  %e = burin.exp %d : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %t = burin.reduce "sum" %e over ["b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3]>
  %g = burin.log %t : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %y = burin.add %g, %s : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %l = burin.reduce "sum" %z over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
func.func private @softmax.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @softmax(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[-0.234375, -1.484375, 1.34375, 1.25], [1.453125, 0.765625, -1.0, 1.46875], [1.046875, 0.5, -0.15625, 1.078125]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.softmax(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.046875, 1.828125, -1.765625, 0.953125], [-0.28125, -0.859375, 0.875, -1.75], [1.15625, -0.3125, 1.703125, -0.25]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.203125, -1.375, -0.53125, -1.921875], [0.71875, -1.515625, 1.375, 0.46875], [1.9375, 1.953125, 0.4375, 0.5625]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @softmax.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @softmax.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @softmax.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}
