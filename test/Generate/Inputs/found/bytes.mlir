// A byte is computed with in 32 bits, and is a byte after each operation: in a kernel, in a sum, where it is scattered.
task.slot @quotient "state" : !burin.tensor<ui8[i 40]>
task.slot @sum "state" : !burin.tensor<i32>
task.slot @scattered "state" : !burin.tensor<ui8[d 5]>
task.task @program.initialise(%seed: !burin.tensor<i64>) attributes {initialise} {
  %zero = burin.constant dense<0> : !burin.tensor<ui8[i 40]>
  task.set @quotient, %zero : !burin.tensor<ui8[i 40]>
  %none = burin.constant dense<0> : !burin.tensor<i32>
  task.set @sum, %none : !burin.tensor<i32>
  %empty = burin.constant dense<0> : !burin.tensor<ui8[d 5]>
  task.set @scattered, %empty : !burin.tensor<ui8[d 5]>
  task.return
}
task.task @p(%seed: !burin.tensor<i64>) {
  %i = burin.iota : !burin.tensor<!burin.index<i 40>[i 40]>
  %n = burin.cast %i : (!burin.tensor<!burin.index<i 40>[i 40]>) -> !burin.tensor<i64[i 40]>
  %seventeen = burin.constant dense<17> : !burin.tensor<i64>
  %m = burin.mul %n, %seventeen : (!burin.tensor<i64[i 40]>, !burin.tensor<i64>) -> !burin.tensor<i64[i 40]>
  %x = burin.cast %m : (!burin.tensor<i64[i 40]>) -> !burin.tensor<ui8[i 40]>
  %square = burin.mul %x, %x : (!burin.tensor<ui8[i 40]>, !burin.tensor<ui8[i 40]>) -> !burin.tensor<ui8[i 40]>
  %minus = burin.neg %x : (!burin.tensor<ui8[i 40]>) -> !burin.tensor<ui8[i 40]>
  %quotient = burin.div %square, %minus : (!burin.tensor<ui8[i 40]>, !burin.tensor<ui8[i 40]>) -> !burin.tensor<ui8[i 40]>
  task.set @quotient, %quotient : !burin.tensor<ui8[i 40]>
  %bytes = burin.reduce "sum" %square over ["i"] : (!burin.tensor<ui8[i 40]>) -> !burin.tensor<ui8>
  %sum = burin.cast %bytes : (!burin.tensor<ui8>) -> !burin.tensor<i32>
  task.set @sum, %sum : !burin.tensor<i32>
  %five = burin.constant dense<5> : !burin.tensor<i64>
  %rest = burin.rem %n, %five : (!burin.tensor<i64[i 40]>, !burin.tensor<i64>) -> !burin.tensor<i64[i 40]>
  %at = burin.cast %rest : (!burin.tensor<i64[i 40]>) -> !burin.tensor<!burin.index<d 5>[i 40]>
  %scattered = burin.scatter_add %x[%at] at ["d"] : (!burin.tensor<ui8[i 40]>, !burin.tensor<!burin.index<d 5>[i 40]>) -> !burin.tensor<ui8[d 5]>
  task.set @scattered, %scattered : !burin.tensor<ui8[d 5]>
  task.save "p.safetensors" [@quotient, @sum, @scattered] names ["quotient", "sum", "scattered"]
  task.return
}
