// The side of Nascent that trains networks with LibTorch.
#pragma once

#include "nascent/data/dataset.hpp"
#include "nascent/evaluator/torch_evaluator.hpp"
