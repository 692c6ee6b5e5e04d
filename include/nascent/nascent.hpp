// All of Nascent: core, runs and their pages, training on LibTorch. For searches without LibTorch include
// core.hpp or run.hpp instead: they compile in a second.
#pragma once

#include "nascent/report/run_page.hpp"
#include "nascent/run.hpp"
#include "nascent/torch.hpp"
