// Derivatives of the second order at kinks: of the sum of the gradient, by what it is of.
// RUN: %burin-opt %s --differentiate --interpret -o /dev/null
// RUN: %burin-opt %s --graph-to-grad --interpret -o /dev/null
// RUN: %python %root/test/Dialect/Burin/Inputs/compiled.py %s %t.program

task.task @abs(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-2.0, 0.0, 3.0]> : !burin.tensor<f64[i 3]>
  %g, %h = burin.grad (%q = %x) : !burin.tensor<f64[i 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3]>) {
    %l, %d = burin.grad (%p0 = %q) : !burin.tensor<f64[i 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3]>) {
      %y = burin.abs %p0 : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64[i 3]>
      %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
      burin.yield %s : !burin.tensor<f64>
    }
    %r = burin.reduce "sum" %d over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
    burin.yield %r : !burin.tensor<f64>
  }
  %e = burin.constant dense<[0.0, 0.0, 0.0]> : !burin.tensor<f64[i 3]>
  task.expect %h, %e tolerance 0.0 : !burin.tensor<f64[i 3]>
  task.return
}

// (max(x, 0))^2: the branch's 2, and 0 at the kink.
task.task @relu(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-2.0, 0.0, 3.0]> : !burin.tensor<f64[i 3]>
  %g, %h = burin.grad (%q = %x) : !burin.tensor<f64[i 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3]>) {
    %l, %d = burin.grad (%p0 = %q) : !burin.tensor<f64[i 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3]>) {
      %o = burin.constant dense<0.0> : !burin.tensor<f64>
      %m = burin.max %p0, %o : (!burin.tensor<f64[i 3]>, !burin.tensor<f64>) -> !burin.tensor<f64[i 3]>
      %y = burin.mul %m, %m : (!burin.tensor<f64[i 3]>, !burin.tensor<f64[i 3]>) -> !burin.tensor<f64[i 3]>
      %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
      burin.yield %s : !burin.tensor<f64>
    }
    %r = burin.reduce "sum" %d over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
    burin.yield %r : !burin.tensor<f64>
  }
  %e = burin.constant dense<[0.0, 0.0, 2.0]> : !burin.tensor<f64[i 3]>
  task.expect %h, %e tolerance 0.0 : !burin.tensor<f64[i 3]>
  task.return
}

// With zeros the derivatives of the products of the others, which are not zero near the point.
task.task @reduce_prod(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [1.0, 2.0, 3.0]]> : !burin.tensor<f64[i 3, j 3]>
  %g, %h = burin.grad (%q = %x) : !burin.tensor<f64[i 3, j 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3, j 3]>) {
    %l, %d = burin.grad (%p0 = %q) : !burin.tensor<f64[i 3, j 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3, j 3]>) {
      %y = burin.reduce "prod" %p0 over ["j"] : (!burin.tensor<f64[i 3, j 3]>) -> !burin.tensor<f64[i 3]>
      %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
      burin.yield %s : !burin.tensor<f64>
    }
    %r = burin.reduce "sum" %d over ["i", "j"] : (!burin.tensor<f64[i 3, j 3]>) -> !burin.tensor<f64>
    burin.yield %r : !burin.tensor<f64>
  }
  %e = burin.constant dense<[[5.0, 3.0, 2.0], [3.0, 3.0, 0.0], [5.0, 4.0, 3.0]]> : !burin.tensor<f64[i 3, j 3]>
  task.expect %h, %e tolerance 0.0 : !burin.tensor<f64[i 3, j 3]>
  task.return
}

// n (n - 1) x^(n-2)
task.task @pow(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.0, 0.0, 0.0, 0.0, -2.0]> : !burin.tensor<f64[i 5]>
  %g, %h = burin.grad (%q = %x) : !burin.tensor<f64[i 5]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 5]>) {
    %l, %d = burin.grad (%p0 = %q) : !burin.tensor<f64[i 5]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 5]>) {
      %n = burin.constant dense<[0.0, 1.0, 2.0, 3.0, 3.0]> : !burin.tensor<f64[i 5]>
      %y = burin.pow %p0, %n : (!burin.tensor<f64[i 5]>, !burin.tensor<f64[i 5]>) -> !burin.tensor<f64[i 5]>
      %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 5]>) -> !burin.tensor<f64>
      burin.yield %s : !burin.tensor<f64>
    }
    %r = burin.reduce "sum" %d over ["i"] : (!burin.tensor<f64[i 5]>) -> !burin.tensor<f64>
    burin.yield %r : !burin.tensor<f64>
  }
  %e = burin.constant dense<[0.0, 0.0, 2.0, 0.0, -12.0]> : !burin.tensor<f64[i 5]>
  task.expect %h, %e tolerance 0.0 : !burin.tensor<f64[i 5]>
  task.return
}
