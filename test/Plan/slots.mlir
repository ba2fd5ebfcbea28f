// A slot's old value that is wanted after the slot was written moves out of the way, once; nothing else is copied.
// RUN: %burin build %s --emit=loops | FileCheck %s
// RUN: rm -rf %t && mkdir %t && cd %t && %burin build %s -o slots && ./slots exchange && ./slots old && ./slots again && ./slots twice && ./slots was_twice

// CHECK-LABEL: func.func @task.exchange
// CHECK-COUNT-3: call @copy_
// CHECK-NOT: call @copy_
// CHECK-LABEL: func.func @task.old
// CHECK-COUNT-1: call @copy_
// CHECK-NOT: call @copy_
// CHECK: call @burin_save
// CHECK-LABEL: func.func @task.again

task.axis "i" 3
task.slot @a "state" : !burin.tensor<f32[i 3]>
task.slot @b "state" : !burin.tensor<f32[i 3]>
task.task @init(%seed: !burin.tensor<i64>) attributes {initialise} {
  %a = burin.constant dense<1.0> : !burin.tensor<f32[i 3]>
  %b = burin.constant dense<2.0> : !burin.tensor<f32[i 3]>
  task.set @a, %a : !burin.tensor<f32[i 3]>
  task.set @b, %b : !burin.tensor<f32[i 3]>
  task.return
}
task.task @exchange(%seed: !burin.tensor<i64>) {
  %a = task.get @a : !burin.tensor<f32[i 3]>
  %b = task.get @b : !burin.tensor<f32[i 3]>
  task.set @a, %b : !burin.tensor<f32[i 3]>
  task.set @b, %a : !burin.tensor<f32[i 3]>
  task.save "exchanged.safetensors" [@a, @b] names ["a", "b"]
  task.return
}
// The first value of @a is compared after the new one was saved.
task.task @old(%seed: !burin.tensor<i64>) {
  %a = task.get @a : !burin.tensor<f32[i 3]>
  %c = burin.add %a, %a : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
  task.set @a, %c : !burin.tensor<f32[i 3]>
  task.save "old.safetensors" [@a] names ["a"]
  %one = burin.constant dense<1.0> : !burin.tensor<f32[i 3]>
  task.expect %a, %one tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}
// What was saved is what is loaded, over a value that is still wanted.
task.task @again(%seed: !burin.tensor<i64>) {
  %before = task.get @a : !burin.tensor<f32[i 3]>
  task.load "exchanged.safetensors" [@a, @b] names ["a", "b"]
  %a = task.get @a : !burin.tensor<f32[i 3]>
  %b = task.get @b : !burin.tensor<f32[i 3]>
  %one = burin.constant dense<1.0> : !burin.tensor<f32[i 3]>
  %two = burin.constant dense<2.0> : !burin.tensor<f32[i 3]>
  task.expect %a, %two tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.expect %b, %one tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.expect %before, %one tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}
// A slot is saved with another's value, and again after they changed places.
task.task @twice(%seed: !burin.tensor<i64>) {
  %a = task.get @a : !burin.tensor<f32[i 3]>
  %b = task.get @b : !burin.tensor<f32[i 3]>
  task.set @b, %a : !burin.tensor<f32[i 3]>
  task.save "first.safetensors" [@a, @b] names ["a", "b"]
  task.set @a, %b : !burin.tensor<f32[i 3]>
  task.save "exchanged.safetensors" [@a, @b] names ["a", "b"]
  task.return
}
task.task @was_twice(%seed: !burin.tensor<i64>) {
  %one = burin.constant dense<1.0> : !burin.tensor<f32[i 3]>
  %two = burin.constant dense<2.0> : !burin.tensor<f32[i 3]>
  task.load "first.safetensors" [@a, @b] names ["a", "b"]
  %c = task.get @a : !burin.tensor<f32[i 3]>
  %d = task.get @b : !burin.tensor<f32[i 3]>
  task.expect %c, %one tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.expect %d, %one tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.load "exchanged.safetensors" [@a, @b] names ["a", "b"]
  %e = task.get @a : !burin.tensor<f32[i 3]>
  %f = task.get @b : !burin.tensor<f32[i 3]>
  task.expect %e, %two tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.expect %f, %one tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}
