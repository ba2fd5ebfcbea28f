// Second derivatives: reductions and indices, by the gradient of a gradient beside central differences of the gradient, in f64.
// RUN: %burin-opt %s --graph-to-grad --interpret -o /dev/null
// RUN: %burin-opt %s --graph-to-grad | FileCheck %s --implicit-check-not=burin.grad --implicit-check-not=call
// CHECK: task.expect

// A broadcast sums back.
func.func private @broadcast(%x: !burin.tensor<f64[a 3]>) -> !burin.tensor<f64> {
  %y = burin.broadcast %x : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3, b 4]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %l = burin.reduce "sum" %z over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
func.func private @broadcast.gradient(%x: !burin.tensor<f64[a 3]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3]>) {
    %y = func.call @broadcast(%v) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[1.375, -0.78125, 0.21875]> : !burin.tensor<f64[a 3]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %s = burin.reduce "sum" %p over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.broadcast(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-0.515625, 0.46875, 1.5]> : !burin.tensor<f64[a 3]>
  %direction = burin.constant dense<[1.9375, 0.484375, 0.375]> : !burin.tensor<f64[a 3]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3]>) {
    %y = func.call @broadcast.gradient(%v) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %found = burin.reduce "sum" %p over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %above = func.call @broadcast.gradient(%forward) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  %below = func.call @broadcast.gradient(%backward) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
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
func.func private @prod.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @prod(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[-1.421875, 1.890625, 1.265625, -0.65625], [1.625, 0.671875, 0.890625, -0.875], [1.671875, -1.03125, -0.5, -0.734375]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.prod(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.765625, 1.609375, -1.640625, -0.59375], [0.984375, 1.9375, -0.40625, 0.609375], [-0.1875, -0.15625, 0.75, -1.1875]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[1.21875, -0.96875, 1.328125, -0.5625], [1.390625, 0.46875, -0.171875, -1.5625], [-1.046875, -0.28125, -1.890625, 0.953125]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @prod.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @prod.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @prod.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
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
func.func private @max.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @max(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[0.171875, -1.4375, 1.34375, 1.359375], [0.640625, -1.953125, -0.234375, -1.21875], [-0.953125, -0.625, -0.265625, -0.171875]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.max(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-0.4375, 0.546875, 1.78125, -1.171875], [0.28125, 1.40625, -1.921875, 1.578125], [-0.90625, 1.640625, 0.3125, 0.5]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.359375, 0.609375, -0.390625, 1.9375], [-0.6875, 1.515625, 0.734375, -0.3125], [-0.484375, 1.953125, -1.828125, -0.46875]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @max.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @max.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @max.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// Indices along an axis that the table keeps: no two meet in one element.
func.func private @gather(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %k = burin.constant dense<[2, 0, 3]> : !burin.tensor<i64[a 3]>
  %i = burin.cast %k : (!burin.tensor<i64[a 3]>) -> !burin.tensor<!burin.index<b 4>[a 3]>
  %y = burin.gather %x[%i] at ["b"] : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<!burin.index<b 4>[a 3]>) -> !burin.tensor<f64[a 3]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %l = burin.reduce "sum" %z over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
func.func private @gather.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @gather(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[0.53125, 0.8125, -0.90625, 1.09375], [-1.859375, -1.015625, -1.296875, 1.734375], [-0.9375, -1.28125, -0.4375, -0.203125]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.gather(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-0.359375, -0.84375, -1.546875, -0.421875], [-1.625, -0.28125, 0.546875, -1.90625], [0.359375, -0.5625, -0.375, -0.21875]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-1.796875, 1.109375, -0.40625, -1.734375], [-0.734375, 0.828125, 0.671875, 0.71875], [-1.578125, 1.96875, 1.6875, 1.84375]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @gather.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @gather.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @gather.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// Indices along a new axis, two of them equal: both are added.
func.func private @gatherAgain(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %k = burin.constant dense<[2, 0, 2, 1, 2]> : !burin.tensor<i64[n 5]>
  %i = burin.cast %k : (!burin.tensor<i64[n 5]>) -> !burin.tensor<!burin.index<b 4>[n 5]>
  %y = burin.gather %x[%i] at ["b"] : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<!burin.index<b 4>[n 5]>) -> !burin.tensor<f64[a 3, n 5]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3, n 5]>) -> !burin.tensor<f64[a 3, n 5]>
  %l = burin.reduce "sum" %z over ["a", "n"] : (!burin.tensor<f64[a 3, n 5]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
func.func private @gatherAgain.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @gatherAgain(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[1.390625, -1.71875, 0.203125, 1.1875], [-0.84375, 1.5625, -1.21875, -1.578125], [-1.296875, 0.484375, 0.15625, -0.71875]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.gatherAgain(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-0.15625, 1.125, -1.125, -1.140625], [1.8125, 1.296875, -1.546875, -0.375], [-1.40625, 0.859375, -0.953125, 1.9375]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-1.0, -0.890625, -0.75, 1.0], [-0.90625, -1.0625, -1.890625, 1.46875], [1.03125, 1.3125, -0.40625, 1.078125]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @gatherAgain.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @gatherAgain.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @gatherAgain.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A scatter gathers back.
func.func private @scatterAdd(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %k = burin.constant dense<[2, 0, 2, 1]> : !burin.tensor<i64[b 4]>
  %i = burin.cast %k : (!burin.tensor<i64[b 4]>) -> !burin.tensor<!burin.index<n 5>[b 4]>
  %y = burin.scatter_add %x[%i] at ["n"] : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<!burin.index<n 5>[b 4]>) -> !burin.tensor<f64[a 3, n 5]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3, n 5]>) -> !burin.tensor<f64[a 3, n 5]>
  %l = burin.reduce "sum" %z over ["a", "n"] : (!burin.tensor<f64[a 3, n 5]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
func.func private @scatterAdd.gradient(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @scatterAdd(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %w = burin.constant dense<[[-1.15625, -0.6875, 1.65625, -1.59375], [-0.640625, 1.359375, 0.46875, -0.796875], [-0.671875, -0.484375, -0.546875, 0.453125]]> : !burin.tensor<f64[a 3, b 4]>
  %p = burin.mul %g, %w : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %s = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %s : !burin.tensor<f64>
}
task.task @test.scatterAdd(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.734375, 1.609375, 1.015625, 0.546875], [-1.421875, -0.703125, -1.921875, 1.078125], [-0.171875, 1.859375, 1.53125, -0.4375]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[0.15625, -1.96875, 1.546875, 1.84375], [-1.484375, -1.5, -1.4375, -1.0625], [0.78125, 1.40625, -1.9375, 0.640625]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @scatterAdd.gradient(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @scatterAdd.gradient(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @scatterAdd.gradient(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}
