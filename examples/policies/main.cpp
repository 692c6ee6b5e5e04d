// Runs one of the examples of this folder: show_policy NAME.
#include "policies.hpp"

#include "show_example.hpp"

constexpr Example kExamples[] = {
    {"aging_evolution", show_aging_evolution},
    {"any_executor", show_any_executor},
    {"asha", show_asha},
    {"augmentations", show_augmentations},
    {"bayesian_optimisation", show_bayesian_optimisation},
    {"chain_space", show_chain_space},
    {"constrained", show_constrained},
    {"coordinate_sweep", show_coordinate_sweep},
    {"data_subset", show_data_subset},
    {"dynamic_epoch_ranker", show_dynamic_epoch_ranker},
    {"fixed_epoch_ranker", show_fixed_epoch_ranker},
    {"greedy_macro_micro", show_greedy_macro_micro},
    {"hill_climb", show_hill_climb},
    {"history", show_history},
    {"hyperband", show_hyperband},
    {"inline_executor", show_inline_executor},
    {"joint_space", show_joint_space},
    {"journal", show_journal},
    {"learning_curve", show_learning_curve},
    {"local_search", show_local_search},
#ifdef NASCENT_WITH_MPI
    {"mpi", show_mpi},
#endif
    {"nas_bench_201_space", show_nas_bench_201_space},
    {"nsga2", show_nsga2},
    {"operations", show_operations},
    {"processes", show_processes},
    {"rand_grow", show_rand_grow},
    {"random_strategy", show_random_strategy},
    {"recipe_variables", show_recipe_variables},
    {"reinforce", show_reinforce},
    {"repeat", show_repeat},
    {"replay_evaluator", show_replay_evaluator},
    {"residual_face_space", show_residual_face_space},
    {"schedules", show_schedules},
    {"sep_conv_space", show_sep_conv_space},
    {"session", show_session},
    {"simulated", show_simulated},
    {"stop_after", show_stop_after},
    {"successive_halving", show_successive_halving},
    {"table_evaluator", show_table_evaluator},
    {"table_space", show_table_space},
    {"threads", show_threads},
    {"tpe", show_tpe},
    {"trans_nas_macro_space", show_trans_nas_macro_space},
    {"variables", show_variables},
    {"zero_cost", show_zero_cost},
};

int main(int argc, char** argv) {
  return show_example("One tiny example for each public policy", kExamples, argc, argv);
}
