// A stand-in for training in the examples that show something else: a smooth formula, no data.
#pragma once

#include <cmath>
#include <nascent/core.hpp>

/// Best at 12 layers and 40 channels; a plain convolution helps in the first layer, 5x5 in the
/// last.
struct ToyLandscape {
  nascent::Outcome evaluate(const nascent::Trial<nascent::Architecture>& trial) const {
    const nascent::Architecture& net = trial.architecture();
    const int epochs = trial.fidelity.epochs;
    double accuracy = 90 - 0.5 * std::abs(net.depth() - 12) - 0.1 * std::abs(net.width - 40);
    accuracy += net.layers.front().operation == 's' ? 0 : 0.5;
    accuracy += net.layers.back().kernel == 5 ? 0.5 : 0;
    return nascent::Outcome(nascent::Accuracy::of_percent(accuracy - 10.0 / epochs), {},
                            trial.fidelity.epochs_to_train());
  }
};
