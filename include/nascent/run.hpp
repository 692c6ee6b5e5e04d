// What a long run needs: journal and resume, workers, progress, clean stops. No torch.
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
