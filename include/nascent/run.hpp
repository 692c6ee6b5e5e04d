// What a long run needs: journal and resume, workers, progress, clean stops; and the strategies on
// encodings, which are worth more than core.hpp may cost. No torch.
#pragma once

#include "nascent/core.hpp"
#include "nascent/search/executor/any_executor.hpp"
#include "nascent/search/executor/processes.hpp"
#include "nascent/search/executor/simulated.hpp"
#include "nascent/search/executor/threads.hpp"
#include "nascent/search/forecast.hpp"
#include "nascent/search/history.hpp"
#include "nascent/search/journal.hpp"
#include "nascent/search/progress.hpp"
#include "nascent/search/random_baseline.hpp"
#include "nascent/search/session.hpp"
#include "nascent/search/stop_after.hpp"
#include "nascent/search/stop_on_interrupt.hpp"
#include "nascent/strategy/bayesian_optimisation.hpp"
#include "nascent/strategy/coordinate_sweep.hpp"
#include "nascent/strategy/reinforce.hpp"
#include "nascent/strategy/tpe.hpp"
