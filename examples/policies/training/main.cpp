// Runs one of the examples of this folder: show_training_policy NAME.
#include "../show_example.hpp"
#include "training.hpp"

constexpr Example kExamples[] = {
    {"face_evaluator", show_face_evaluator},
    {"heads", show_heads},
    {"losses", show_losses},
    {"optimisers", show_optimisers},
    {"supernet_evaluator", show_supernet_evaluator},
    {"torch_evaluator", show_torch_evaluator},
};

int main(int argc, char** argv) {
  return show_example("One tiny example for each public policy of training", kExamples, argc, argv);
}
