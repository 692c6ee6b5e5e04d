// What the examples of this folder share. Each is a source that reads on its own; together they are
// one program, since including Nascent costs the compiler more than compiling one of them: see the
// unity build in ../CMakeLists.txt.
#pragma once

#include <cstdio>
#include <nascent/run.hpp>
#include <nascent/testing/landscape.hpp>

#include "../toy_landscape.hpp"

template <class Space>
void print(const nascent::Found<Space>& found) {
  std::printf("%s\n%s\n", to_string(found.architecture).c_str(), found.summary().c_str());
}

void show_aging_evolution();
void show_any_executor();
void show_asha();
void show_augmentations();
void show_bayesian_optimisation();
void show_chain_space();
void show_constrained();
void show_coordinate_sweep();
void show_data_subset();
void show_dynamic_epoch_ranker();
void show_fixed_epoch_ranker();
void show_greedy_macro_micro();
void show_hill_climb();
void show_history();
void show_hyperband();
void show_inline_executor();
void show_joint_space();
void show_journal();
void show_learning_curve();
void show_local_search();
void show_mpi();
void show_nas_bench_201_space();
void show_nsga2();
void show_operations();
void show_processes();
void show_rand_grow();
void show_random_strategy();
void show_recipe_variables();
void show_reinforce();
void show_repeat();
void show_replay_evaluator();
void show_residual_face_space();
void show_schedules();
void show_sep_conv_space();
void show_session();
void show_simulated();
void show_stop_after();
void show_successive_halving();
void show_table_evaluator();
void show_table_space();
void show_threads();
void show_tpe();
void show_trans_nas_macro_space();
void show_variables();
void show_zero_cost();
