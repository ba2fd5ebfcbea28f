// RUN: %burin-opt %s --promote-state --split-input-file --verify-diagnostics

task.slot @w "parameter" : !burin.tensor<f32>
task.slot @v "parameter" : !burin.tensor<f32>
task.task @program.initialise(%seed: !burin.tensor<i64>) attributes {initialise} {
  // expected-error @+2 {{E0601: `w` is used before it has its first value}}
  // expected-note @+1 {{declare it before what uses it}}
  %w = task.get @w : <f32>
  task.set @v, %w : <f32>
  task.return
}

// -----

task.task @unknown(%seed: !burin.tensor<i64>) {
  // expected-error @+1 {{names @w, which is no slot}}
  %w = task.get @w : <f32>
  task.return
}

// -----

task.slot @w "parameter" : !burin.tensor<f32>
func.func private @f() -> !burin.tensor<f32>
task.task @calls(%seed: !burin.tensor<i64>) {
  // expected-error @+1 {{is left: calls are inlined before slots become values}}
  %w = func.call @f() : () -> !burin.tensor<f32>
  task.set @w, %w : <f32>
  task.return
}

// -----

task.slot @w "parameter" : !burin.tensor<f32[h 4]>
task.task @types(%seed: !burin.tensor<i64>) {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  // expected-error @+1 {{writes '!burin.tensor<f32>' into a slot of '!burin.tensor<f32[h 4]>'}}
  task.set @w, %one : <f32>
  task.return
}
