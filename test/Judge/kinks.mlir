// Derivatives at kinks: Burin.md's table, in numbers. By the Differentiate stage, by the interpreter's tape and as machine code.
// RUN: %burin-opt %s --differentiate --interpret -o /dev/null
// RUN: %burin-opt %s --interpret -o /dev/null
// RUN: %python %root/test/Dialect/Burin/Inputs/compiled.py %s %t.program

task.task @abs(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[-2.0, 0.0, 3.0]> : !burin.tensor<f64[i 3]>
  %l, %d0 = burin.grad (%p0 = %x0) : !burin.tensor<f64[i 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3]>) {
    %y = burin.abs %p0 : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64[i 3]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[-1.0, 0.0, 1.0]> : !burin.tensor<f64[i 3]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 3]>
  task.return
}

// Also where they jump.
task.task @steps(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[0.0, 1.0, 1.5]> : !burin.tensor<f64[i 3]>
  %l, %d0 = burin.grad (%p0 = %x0) : !burin.tensor<f64[i 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3]>) {
    %f = burin.floor %p0 : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64[i 3]>
    %g = burin.sign %p0 : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64[i 3]>
    %y = burin.add %f, %g : (!burin.tensor<f64[i 3]>, !burin.tensor<f64[i 3]>) -> !burin.tensor<f64[i 3]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[0.0, 0.0, 0.0]> : !burin.tensor<f64[i 3]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 3]>
  task.return
}

// A tie is the second's.
task.task @max(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[1.0, 2.0, 3.0]> : !burin.tensor<f64[i 3]>
  %x1 = burin.constant dense<[1.0, 3.0, 2.0]> : !burin.tensor<f64[i 3]>
  %l, %d0, %d1 = burin.grad (%p0 = %x0, %p1 = %x1) : !burin.tensor<f64[i 3]>, !burin.tensor<f64[i 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3]>, !burin.tensor<f64[i 3]>) {
    %y = burin.max %p0, %p1 : (!burin.tensor<f64[i 3]>, !burin.tensor<f64[i 3]>) -> !burin.tensor<f64[i 3]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[0.0, 0.0, 1.0]> : !burin.tensor<f64[i 3]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 3]>
  %e1 = burin.constant dense<[1.0, 1.0, 0.0]> : !burin.tensor<f64[i 3]>
  task.expect %d1, %e1 tolerance 0.0 : !burin.tensor<f64[i 3]>
  task.return
}

task.task @min(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[1.0, 2.0, 3.0]> : !burin.tensor<f64[i 3]>
  %x1 = burin.constant dense<[1.0, 3.0, 2.0]> : !burin.tensor<f64[i 3]>
  %l, %d0, %d1 = burin.grad (%p0 = %x0, %p1 = %x1) : !burin.tensor<f64[i 3]>, !burin.tensor<f64[i 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3]>, !burin.tensor<f64[i 3]>) {
    %y = burin.min %p0, %p1 : (!burin.tensor<f64[i 3]>, !burin.tensor<f64[i 3]>) -> !burin.tensor<f64[i 3]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[0.0, 1.0, 0.0]> : !burin.tensor<f64[i 3]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 3]>
  %e1 = burin.constant dense<[1.0, 0.0, 1.0]> : !burin.tensor<f64[i 3]>
  task.expect %d1, %e1 tolerance 0.0 : !burin.tensor<f64[i 3]>
  task.return
}

// Twice the same operand: one of them has all.
task.task @same(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[1.0, 2.0]> : !burin.tensor<f64[i 2]>
  %l, %d0 = burin.grad (%p0 = %x0) : !burin.tensor<f64[i 2]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 2]>) {
    %y = burin.max %p0, %p0 : (!burin.tensor<f64[i 2]>, !burin.tensor<f64[i 2]>) -> !burin.tensor<f64[i 2]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 2]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[1.0, 1.0]> : !burin.tensor<f64[i 2]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 2]>
  task.return
}

// At a jump, that of the side where x / y is larger.
task.task @rem(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[4.0, -4.0, 5.0, 4.0, 0.0]> : !burin.tensor<f64[i 5]>
  %x1 = burin.constant dense<[2.0, 2.0, 2.0, -2.0, 2.0]> : !burin.tensor<f64[i 5]>
  %l, %d0, %d1 = burin.grad (%p0 = %x0, %p1 = %x1) : !burin.tensor<f64[i 5]>, !burin.tensor<f64[i 5]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 5]>, !burin.tensor<f64[i 5]>) {
    %y = burin.rem %p0, %p1 : (!burin.tensor<f64[i 5]>, !burin.tensor<f64[i 5]>) -> !burin.tensor<f64[i 5]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 5]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[1.0, 1.0, 1.0, 1.0, 1.0]> : !burin.tensor<f64[i 5]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 5]>
  %e1 = burin.constant dense<[-2.0, 2.0, -2.0, 2.0, 0.0]> : !burin.tensor<f64[i 5]>
  task.expect %d1, %e1 tolerance 0.0 : !burin.tensor<f64[i 5]>
  task.return
}

// The first that attains it, in the order of `over`.
task.task @reduce_max(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[[1.0, 3.0], [3.0, 3.0]]> : !burin.tensor<f64[i 2, j 2]>
  %l, %d0 = burin.grad (%p0 = %x0) : !burin.tensor<f64[i 2, j 2]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 2, j 2]>) {
    %y = burin.reduce "max" %p0 over ["i", "j"] : (!burin.tensor<f64[i 2, j 2]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[[0.0, 1.0], [0.0, 0.0]]> : !burin.tensor<f64[i 2, j 2]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 2, j 2]>
  task.return
}

task.task @reduce_max_other_order(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[[1.0, 3.0], [3.0, 3.0]]> : !burin.tensor<f64[i 2, j 2]>
  %l, %d0 = burin.grad (%p0 = %x0) : !burin.tensor<f64[i 2, j 2]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 2, j 2]>) {
    %y = burin.reduce "max" %p0 over ["j", "i"] : (!burin.tensor<f64[i 2, j 2]>) -> !burin.tensor<f64>
    burin.yield %y : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[[0.0, 0.0], [1.0, 0.0]]> : !burin.tensor<f64[i 2, j 2]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 2, j 2]>
  task.return
}

task.task @reduce_min(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[[1.0, 1.0], [3.0, 2.0]]> : !burin.tensor<f64[i 2, j 2]>
  %l, %d0 = burin.grad (%p0 = %x0) : !burin.tensor<f64[i 2, j 2]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 2, j 2]>) {
    %y = burin.reduce "min" %p0 over ["j"] : (!burin.tensor<f64[i 2, j 2]>) -> !burin.tensor<f64[i 2]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 2]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : !burin.tensor<f64[i 2, j 2]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 2, j 2]>
  task.return
}

// The product of the others, zeros or not.
task.task @reduce_prod(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[[0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [1.0, 2.0, 3.0]]> : !burin.tensor<f64[i 3, j 3]>
  %l, %d0 = burin.grad (%p0 = %x0) : !burin.tensor<f64[i 3, j 3]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 3, j 3]>) {
    %y = burin.reduce "prod" %p0 over ["j"] : (!burin.tensor<f64[i 3, j 3]>) -> !burin.tensor<f64[i 3]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[[6.0, 0.0, 0.0], [0.0, 0.0, 0.0], [6.0, 3.0, 2.0]]> : !burin.tensor<f64[i 3, j 3]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 3, j 3]>
  task.return
}

// By the base n 0^(n-1), and 0 at 0^0; by the exponent 0 at base 0, and nothing at a negative base.
task.task @pow(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[0.0, 0.0, 0.0, 0.0, -2.0, 1.0]> : !burin.tensor<f64[i 6]>
  %x1 = burin.constant dense<[0.0, 1.0, 2.0, 3.0, 3.0, 0.0]> : !burin.tensor<f64[i 6]>
  %l, %d0, %d1 = burin.grad (%p0 = %x0, %p1 = %x1) : !burin.tensor<f64[i 6]>, !burin.tensor<f64[i 6]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 6]>, !burin.tensor<f64[i 6]>) {
    %y = burin.pow %p0, %p1 : (!burin.tensor<f64[i 6]>, !burin.tensor<f64[i 6]>) -> !burin.tensor<f64[i 6]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 6]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[0.0, 1.0, 0.0, 0.0, 12.0, 0.0]> : !burin.tensor<f64[i 6]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 6]>
  %e1 = burin.constant dense<[0.0, 0.0, 0.0, 0.0, 0x7FF8000000000000, 0.0]> : !burin.tensor<f64[i 6]>
  task.expect %d1, %e1 tolerance 0.0 : !burin.tensor<f64[i 6]>
  task.return
}

// What is not taken gets nothing, not 0 times a NaN.
task.task @select(%seed: !burin.tensor<i64>) {
  %x0 = burin.constant dense<[1.0, 2.0]> : !burin.tensor<f64[i 2]>
  %x1 = burin.constant dense<[3.0, 4.0]> : !burin.tensor<f64[i 2]>
  %l, %d0, %d1 = burin.grad (%p0 = %x0, %p1 = %x1) : !burin.tensor<f64[i 2]>, !burin.tensor<f64[i 2]> -> (!burin.tensor<f64>, !burin.tensor<f64[i 2]>, !burin.tensor<f64[i 2]>) {
    %c = burin.constant dense<[true, false]> : !burin.tensor<i1[i 2]>
    %n = burin.constant dense<[1.0, 0x7FF8000000000000]> : !burin.tensor<f64[i 2]>
    %z = burin.select %c, %p0, %p1 : (!burin.tensor<i1[i 2]>, !burin.tensor<f64[i 2]>, !burin.tensor<f64[i 2]>) -> !burin.tensor<f64[i 2]>
    %y = burin.mul %z, %n : (!burin.tensor<f64[i 2]>, !burin.tensor<f64[i 2]>) -> !burin.tensor<f64[i 2]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f64[i 2]>) -> !burin.tensor<f64>
    burin.yield %s : !burin.tensor<f64>
  }
  %e0 = burin.constant dense<[1.0, 0.0]> : !burin.tensor<f64[i 2]>
  task.expect %d0, %e0 tolerance 0.0 : !burin.tensor<f64[i 2]>
  %e1 = burin.constant dense<[0.0, 0x7FF8000000000000]> : !burin.tensor<f64[i 2]>
  task.expect %d1, %e1 tolerance 0.0 : !burin.tensor<f64[i 2]>
  task.return
}
