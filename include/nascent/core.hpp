// Policies, concepts and Search, with the inline executor: no torch, JSON, threads or file system.
#pragma once

#include "nascent/ranker/dynamic_epoch_ranker.hpp"
#include "nascent/ranker/fixed_epoch_ranker.hpp"
#include "nascent/search/search.hpp"
#include "nascent/space/joint_space.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/strategy/aging_evolution.hpp"
#include "nascent/strategy/greedy_macro_micro.hpp"
#include "nascent/strategy/local_search.hpp"
#include "nascent/strategy/random_strategy.hpp"
#include "nascent/version.hpp"
