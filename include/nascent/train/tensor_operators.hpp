// The operators of tensors, a + b and their like. LibTorch's own header includes all of its
// functions, seconds of every compilation, unless it is told that its user includes those that he
// calls.
#pragma once

#ifdef AT_PER_OPERATOR_HEADERS
#include <ATen/TensorOperators.h>
#else
#define AT_PER_OPERATOR_HEADERS
#include <ATen/TensorOperators.h>
#undef AT_PER_OPERATOR_HEADERS
#endif
