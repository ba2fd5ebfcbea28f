// Reductions: the gradient along a direction beside central differences, in f64.
// RUN: %burin-opt %s --graph-to-grad --interpret -o /dev/null
// RUN: %burin-opt %s --graph-to-grad | FileCheck %s --implicit-check-not=burin.grad --implicit-check-not=call
// CHECK: task.expect

// A sum broadcasts back.
func.func private @sum(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %y = burin.reduce "sum" %x over ["a"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[b 4]>
  %z = burin.sin %y : (!burin.tensor<f64[b 4]>) -> !burin.tensor<f64[b 4]>
  %l = burin.reduce "sum" %z over ["b"] : (!burin.tensor<f64[b 4]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.sum(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.15625, 1.265625, -1.671875, -1.03125], [1.375, -1.53125, 1.046875, 1.15625], [-1.546875, -1.828125, 0.421875, 0.390625]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[1.03125, 0.296875, -1.0, -0.578125], [1.71875, -1.9375, -1.578125, 0.4375], [1.921875, -1.078125, -1.640625, -0.9375]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @sum(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @sum(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @sum(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A product: the product of the others.
func.func private @prod(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %y = burin.reduce "prod" %x over ["b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %l = burin.reduce "sum" %z over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.prod(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.46875, -0.46875, 1.171875, 0.828125], [0.546875, 0.78125, -1.59375, 0.1875], [1.25, 1.03125, -0.921875, 1.1875]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.375, -1.90625, -0.3125, 0.6875], [-1.953125, -0.6875, -1.78125, 1.84375], [0.953125, -1.21875, 1.546875, 0.328125]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @prod(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @prod(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @prod(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A product over two axes.
func.func private @prodTwo(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %y = burin.reduce "prod" %x over ["b", "a"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %z = burin.sin %y : (!burin.tensor<f64>) -> !burin.tensor<f64>
  return %z : !burin.tensor<f64>
}
task.task @test.prodTwo(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.265625, -1.0, -0.6875, -1.421875], [-1.75, 0.3125, -0.28125, 1.875], [-1.0625, -0.828125, 1.984375, 1.390625]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.234375, -0.375, -0.671875, -0.515625], [-0.765625, 1.203125, -0.734375, 1.15625], [1.75, -0.65625, -0.171875, -1.609375]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @prodTwo(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @prodTwo(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @prodTwo(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// The largest.
func.func private @max(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %y = burin.reduce "max" %x over ["a"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[b 4]>
  %z = burin.sin %y : (!burin.tensor<f64[b 4]>) -> !burin.tensor<f64[b 4]>
  %l = burin.reduce "sum" %z over ["b"] : (!burin.tensor<f64[b 4]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.max(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.171875, 0.640625, 0.359375, 1.46875], [1.234375, 1.15625, 1.53125, -0.609375], [0.546875, -0.953125, 0.25, -0.171875]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-1.40625, 1.015625, -0.265625, -1.484375], [1.890625, 1.34375, -1.53125, 0.234375], [0.515625, -0.6875, 0.15625, 0.875]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @max(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @max(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @max(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// The smallest, over two axes.
func.func private @minTwo(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %y = burin.reduce "min" %x over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %z = burin.sin %y : (!burin.tensor<f64>) -> !burin.tensor<f64>
  return %z : !burin.tensor<f64>
}
task.task @test.minTwo(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.25, 0.640625, -1.90625, 0.578125], [0.515625, -0.8125, 0.3125, 0.703125], [-0.640625, -0.328125, 1.78125, -0.4375]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[1.328125, -0.9375, -0.75, 1.40625], [-0.3125, -1.46875, 1.671875, 1.59375], [0.453125, -0.234375, 1.609375, -1.96875]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @minTwo(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @minTwo(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @minTwo(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
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
task.task @test.softmax(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.421875, 0.359375, 1.8125, 1.265625], [-1.40625, -1.125, 0.15625, 1.75], [-1.640625, -1.46875, 0.65625, -1.84375]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[0.625, -0.609375, 1.140625, 0.296875], [1.96875, 1.6875, -1.375, -0.296875], [-0.8125, 1.453125, 1.390625, -0.171875]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @softmax(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @softmax(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @softmax(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}
