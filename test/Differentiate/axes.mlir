// Axes and indices: the gradient along a direction beside central differences, in f64.
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
task.task @test.broadcast(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.265625, 0.6875, -1.53125]> : !burin.tensor<f64[a 3]>
  %direction = burin.constant dense<[-1.5, 0.734375, 1.078125]> : !burin.tensor<f64[a 3]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3]>) {
    %y = func.call @broadcast(%v) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %found = burin.reduce "sum" %p over ["a"] : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3]>, !burin.tensor<f64[a 3]>) -> !burin.tensor<f64[a 3]>
  %above = func.call @broadcast(%forward) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  %below = func.call @broadcast(%backward) : (!burin.tensor<f64[a 3]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A rename renames back.
func.func private @rename(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %y = burin.rename %x : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[c 3, d 4]>
  %z = burin.sin %y : (!burin.tensor<f64[c 3, d 4]>) -> !burin.tensor<f64[c 3, d 4]>
  %l = burin.reduce "sum" %z over ["c", "d"] : (!burin.tensor<f64[c 3, d 4]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.rename(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.078125, -1.9375, -0.765625, -1.09375], [-0.734375, 0.296875, 0.6875, 0.5625], [-0.296875, -0.4375, 0.875, -1.359375]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[1.921875, -1.5625, 0.609375, 1.9375], [0.9375, -0.46875, -1.125, 0.953125], [1.609375, -0.984375, 0.90625, 0.390625]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @rename(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @rename(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @rename(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
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
task.task @test.gather(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.15625, 1.65625, 1.828125, 0.390625], [-1.578125, -1.953125, 0.65625, 0.28125], [0.921875, -0.875, 1.859375, -0.703125]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-0.25, 1.421875, -0.640625, 1.015625], [0.53125, 1.71875, 1.921875, -1.765625], [1.96875, -1.59375, 1.046875, -1.4375]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @gather(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @gather(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @gather(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
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
task.task @test.gatherAgain(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.125, -1.96875, -0.484375, 0.984375], [0.71875, 0.65625, 0.953125, -0.75], [1.265625, 0.390625, -1.4375, -0.296875]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[-1.15625, 1.25, -1.046875, 1.671875], [1.0, -1.25, -0.640625, -0.5], [-0.78125, -0.890625, 1.765625, -1.921875]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @gatherAgain(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @gatherAgain(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @gatherAgain(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// Two axes taken at once.
func.func private @gatherTwo(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %k = burin.constant dense<[2, 0, 2, 1, 2]> : !burin.tensor<i64[n 5]>
  %i = burin.cast %k : (!burin.tensor<i64[n 5]>) -> !burin.tensor<!burin.index<b 4>[n 5]>
  %j = burin.cast %k : (!burin.tensor<i64[n 5]>) -> !burin.tensor<!burin.index<a 3>[n 5]>
  %y = burin.gather %x[%j, %i] at ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<!burin.index<a 3>[n 5]>, !burin.tensor<!burin.index<b 4>[n 5]>) -> !burin.tensor<f64[n 5]>
  %z = burin.sin %y : (!burin.tensor<f64[n 5]>) -> !burin.tensor<f64[n 5]>
  %l = burin.reduce "sum" %z over ["n"] : (!burin.tensor<f64[n 5]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.gatherTwo(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.640625, 0.921875, 1.640625, -0.90625], [0.828125, -1.140625, 1.296875, 0.40625], [-0.328125, 1.9375, -0.921875, 1.4375]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[1.015625, 1.84375, -0.40625, -1.0], [1.328125, 0.15625, -0.9375, 1.046875], [-1.71875, -0.59375, -0.453125, -1.796875]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @gatherTwo(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @gatherTwo(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @gatherTwo(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
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
task.task @test.scatterAdd(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.3125, -0.15625, -0.609375, -1.4375], [0.40625, 1.203125, 1.546875, -0.34375], [-0.75, -0.921875, 0.59375, -0.171875]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[1.0625, 0.78125, -1.09375, -1.25], [-0.203125, 1.5625, 0.265625, -0.53125], [1.921875, 0.609375, 0.890625, -1.140625]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @scatterAdd(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @scatterAdd(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @scatterAdd(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}

// A choice, and a comparison that passes nothing.
func.func private @select(%x: !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64> {
  %zero = burin.constant dense<0.0> : !burin.tensor<f64>
  %c = burin.gt %x, %zero : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<i1[a 3, b 4]>
  %e = burin.exp %x : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %y = burin.select %c, %e, %x : (!burin.tensor<i1[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %z = burin.sin %y : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %l = burin.reduce "sum" %z over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  return %l : !burin.tensor<f64>
}
task.task @test.select(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.546875, 1.578125, 0.875, 0.546875], [-1.75, 1.625, -0.5625, 1.6875], [-0.609375, 0.59375, 1.671875, 0.359375]]> : !burin.tensor<f64[a 3, b 4]>
  %direction = burin.constant dense<[[1.375, -1.9375, -1.125, 1.96875], [-1.34375, -0.9375, -0.578125, -0.984375], [-1.5625, -0.515625, 1.046875, 1.609375]]> : !burin.tensor<f64[a 3, b 4]>
  %l, %g = burin.grad (%v = %x) : !burin.tensor<f64[a 3, b 4]> -> (!burin.tensor<f64>, !burin.tensor<f64[a 3, b 4]>) {
    %y = func.call @select(%v) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %p = burin.mul %g, %direction : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %found = burin.reduce "sum" %p over ["a", "b"] : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %h = burin.constant dense<1.0e-5> : !burin.tensor<f64>
  %step = burin.mul %direction, %h : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64>) -> !burin.tensor<f64[a 3, b 4]>
  %forward = burin.add %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %backward = burin.sub %x, %step : (!burin.tensor<f64[a 3, b 4]>, !burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64[a 3, b 4]>
  %above = func.call @select(%forward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %below = func.call @select(%backward) : (!burin.tensor<f64[a 3, b 4]>) -> !burin.tensor<f64>
  %difference = burin.sub %above, %below : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  %two = burin.constant dense<2.0e-5> : !burin.tensor<f64>
  %expected = burin.div %difference, %two : (!burin.tensor<f64>, !burin.tensor<f64>) -> !burin.tensor<f64>
  task.expect %found, %expected tolerance 1.0e-06 : !burin.tensor<f64>
  task.return
}
