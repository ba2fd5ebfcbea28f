#include "compiler/Syntax/OtherWords.h"

namespace burin::syntax {

std::string_view insteadOf(std::string_view word) {
  struct Row {
    std::string_view words, help; ///< words between blanks
  };
  static constexpr Row table[] = {
      // Statements.
      {" def function func lambda ", "a function is `fn f(x: f32) -> f32 = …`, declared outside of tasks"},
      {" return ", "the last expression of a block is its value: there is no `return`"},
      {" var val const auto mut ", "a value is named by `let x = …`, and what changes is a `state x = …`"},
      {" elif elseif elsif ", "write `else if c { … }`"},
      {" import from include ", "write `use \"file.burin\"`; the library is there already"},
      {" class ", "write `model` for what is trained, `struct` for a value with fields"},
      {" self this ", "members of a model stand by their names"},
      {" break continue ", "a `while` has its condition at its head; in a `for`, write `if c { … }`"},
      {" print printf println ", "`record loss = x` shows a value and logs it; a task's last expression is printed"},
      {" True ", "write `true`"},
      {" False ", "write `false`"},
      {" None null nil ", "every value is there: say by a bool, or by a label of an axis, that there is none"},
      // Shapes.
      {" range ", "write `for i in 0..10`, or `for t in time` along an axis"},
      {" len size shape ndim numel ", "an axis is the number of its elements: with `dim n = 3`, `f32(n)` is 3"},
      {" zeros ones full empty fill ", "say the type: `let y: f32[n] = 0`"},
      {" arange linspace iota ", "an index is a number: `let y[i: n] = f32(i)`"},
      {" T transpose permute swapaxes moveaxis ",
       "axes have names, and no order that counts: nothing is to be transposed"},
      {" reshape view flatten ravel ", "several axes stand for one in parentheses: `Dense[(row, col), hidden]`"},
      {" squeeze unsqueeze expand repeat_interleave tile broadcast_to ",
       "what lacks an axis is the same along it wherever it meets one that has it"},
      {" concat concatenate cat stack hstack vstack append ",
       "declare the axis that is made, `dim both = first + second`: then `let y: f32[both] = [a, b]`"},
      {" slice split chunk ", "name the part: `let y[i: n:2] = x[i + 1]`"},
      {" axis dim keepdims keepdim ", "write `over: n`; an axis that is reduced is gone, and nothing needs it again"},
      // Functions.
      {" np numpy torch tf jnp jax math nn F keras ",
       "functions stand by themselves: `exp(x)`, `relu(x)`, `Dense[a, b]()`"},
      {" matmul mm bmm dot inner tensordot ", "write `a @ b`: it sums over the axis that both have"},
      {" einsum ", "write the sum: `let y[i, j] = sum[k] a[i, k] * b[k, j]`"},
      {" where ", "write `if c then a else b`; a reduction takes `where: c`"},
      {" pow power ", "write `x ^ y`"},
      {" topk sort argsort ", "write `top[few](x, over: axis)`: the largest in order, with their indices"},
      {" cumsum cumprod scan ", "write a loop: `for t in time { s <- s + x[t]; emit s }`"},
      {" one_hot onehot ", "write `let y[i: digit] = if i == label then 1.0 else 0.0`"},
      {" var std ", "write `variance(x, over: axis)`, and `sqrt` of that"},
      {" round ", "write `floor(x + 0.5)`"},
      {" isnan ", "write `x != x`"},
      {" rand random_uniform ", "write `uniform(0, 1)`"},
      {" randn random_normal ", "write `normal(0, 1)`"},
      {" randint ", "write `choice[axis]()` for an index, `integer(low, high)` for a number"},
      {" Sequential ModuleList ",
       "a model calls its layers: `fn (x: f32[a]) -> f32[b] = two(one(x))`; `repeat` stacks equal ones"},
      {" Linear ", "write `Dense[a, b]()`"},
      {" accuracy ", "write `mean(if argmax(x, over: digit) == y then 1.0 else 0.0)`"},
      {" csv npy idx ", "a data set is declared outside of tasks: `data d = csv(\"d.csv\") { … }`"},
      {" backward ", "write `minimize { loss } over net with opt`, or `grad(loss, over: net)`"},
      {" detach no_grad stop_gradient ", "write `stop(x)`"},
      {" item numpy tolist cpu cuda to ", "a value is used as it is, wherever it lies"},
      // Types.
      {" float32 single Tensor tensor ", "write `f32`"},
      {" float64 double ", "write `f64`"},
      {" float16 half ", "write `f16`"},
      {" bfloat16 ", "write `bf16`"},
      {" int32 integer ", "write `i32`, or `int` for 64 bits"},
      {" int64 long ", "write `int`"},
      {" uint8 byte char ", "write `u8`, or an axis for its labels"},
      {" boolean ", "write `bool`"},
      {" str string String ", "text is `char[time]`, with `dim char = …` its characters and `dim time <= 40`"},
  };
  if (word.empty() || word.find(' ') != word.npos)
    return {};
  for (const Row &row : table)
    for (size_t at = row.words.find(word); at != row.words.npos; at = row.words.find(word, at + 1))
      if (row.words[at - 1] == ' ' && row.words[at + word.size()] == ' ')
        return row.help;
  return {};
}

} // namespace burin::syntax
